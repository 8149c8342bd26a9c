package pipeline

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// A slice whose payloads unpack to more than there is room for goes through the chain in rounds: what comes out is all of it,
// once and in order, over crashes too, and each record is counted once.
func TestSliceInRounds(t *testing.T) {
	const payloads = 20
	long := strings.Repeat("x", 1<<20)
	build := func(t *testing.T) *job {
		j := newJob(t, func() int { return 8 })
		j.source.bounded = true
		j.chain = `filter meta.key == "k" | decode json | filter n % 2 == 0 | map id`
		p := j.source.add("a", payloads)
		for i := range p.payloads {
			p.payloads[i] = packed(t, fmt.Sprintf(`{"id":"a-%03d","n":%d,"long":%q}`, i, i, long))
		}
		p.payloads[7] = "a-007 is no JSON"
		return j
	}
	var want []string
	for i := 0; i < payloads; i += 2 {
		want = append(want, fmt.Sprintf(`{"id":"a-%03d"}`, i))
	}
	synctest.Test(t, func(t *testing.T) {
		j := build(t)
		calls := j.toEnd(t)
		j.same(t, "out", want)
		for _, s := range j.last.Load().Stats().Stages {
			got := fmt.Sprintf("%s in %d out %d filtered %d dead %d", s.Label, s.In.Load(), s.Out.Load(), s.Filtered.Load(), s.DeadLetters.Load())
			switch s.Label {
			case "1:filter":
				equal(t, got, "1:filter in 20 out 20 filtered 0 dead 0")
			case "2:decode":
				equal(t, got, "2:decode in 20 out 19 filtered 0 dead 1")
			case "3:filter":
				equal(t, got, "3:filter in 19 out 10 filtered 9 dead 0")
			}
		}
		crashed := build(t)
		crashed.toEnd(t, calls/3, calls/3)
		crashed.same(t, "out", want)
	})
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
