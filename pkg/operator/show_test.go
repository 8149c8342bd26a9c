package operator

import (
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// What a table holds is shown by the chain's stages with state alone, as a checkpoint has them.
func TestKeptIsShown(t *testing.T) {
	minute := record.MillisOf(time.Date(2024, 5, 1, 10, 1, 0, 0, time.UTC))
	count := func(n int) window.Accumulator {
		a, err := window.Lookup("rate").New(window.Args{})
		if err != nil {
			t.Fatal(err)
		}
		of := a.New()
		for range n {
			of.Add(&window.Input{Event: minute})
		}
		return of
	}
	sessions := &keySessions{
		spans:  []window.Span{{Start: minute, End: minute + 1000}, {Start: minute + 5000, End: minute + 7000}},
		values: [][]window.Accumulator{{count(3)}, {count(4)}},
	}
	for _, c := range []struct {
		name  string
		chain []string
		data  []byte
		want  string
	}{
		{"a window", []string{"key_by k", "window tumbling 1m", "aggregate a.b = rate()"}, (&group{values: []window.Accumulator{count(120)}}).Append(nil), `{"a.b":2}`},
		{
			"sessions", []string{"window session 1s", "aggregate r = rate()"}, sessions.Append(nil),
			`[{"window_start":"2024-05-01T10:01:00Z","window_end":"2024-05-01T10:01:01Z","r":3},{"window_start":"2024-05-01T10:01:05Z","window_end":"2024-05-01T10:01:07Z","r":2}]`,
		},
		{"a first", []string{"dedupe id, within 1m"}, first(minute).Append(nil), `{"first":"2024-05-01T10:01:00Z"}`},
	} {
		k, err := OpenKept(c.chain)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got, ok, err := k.Append(nil, 0, minute, c.data)
		if string(got) != c.want || !ok || err != nil {
			t.Errorf("%s: got %s, %t, %v, want %s", c.name, got, ok, err, c.want)
		}
		if _, ok, err := k.Append(nil, 0, minute, c.data[:len(c.data)-1]); ok || err == nil {
			t.Errorf("%s: what was cut short is shown", c.name)
		}
		if _, ok, err := k.Append(nil, 1, minute, c.data); ok || err != nil {
			t.Errorf("%s: a table of no keys is shown: %v", c.name, err)
		}
	}
	if _, err := OpenKept([]string{"window tumbling 1m", "aggregate n = count()", "key_by renamed", "dedupe n, within 1m"}); err == nil {
		t.Error("a chain that lacks a stage between is shown")
	}
}
