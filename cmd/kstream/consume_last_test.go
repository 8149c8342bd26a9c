package main

import (
	"bufio"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// --last goes on with what follows, from just behind what it has shown: nothing is missing, and nothing comes twice.
func TestLastFollows(t *testing.T) {
	server := embedded(t)
	fill(t, server, 10)
	c := process(t, nil, "consume", "in", "--last", "2", "--poll-interval", "5ms")
	out, err := c.StdoutPipe()
	must(t, err)
	d := &daemon{t: t, c: c}
	d.start()
	lines := bufio.NewScanner(out)
	for i := 8; i < 12; i++ {
		if !lines.Scan() {
			t.Fatalf("it ended: %v", lines.Err())
		}
		if got, want := lines.Text(), fmt.Sprintf(`{"n":%d}`, i); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if i == 9 { // what was there has been shown
			for n := 10; n < 12; n++ {
				_, _, err := server.Put("in", "k", fmt.Appendf(nil, `{"n":%d}`, n))
				must(t, err)
			}
		}
	}
	must(t, c.Process.Signal(syscall.SIGTERM))
	d.ends(exitDone)
}

// Each span begins before the one before it, whatever end it is counted from, and the last takes all.
func TestSpansWiden(t *testing.T) {
	for _, end := range []*pipeline.End{{}, {Ago: time.Hour}, {Time: 1_700_000_000_000}} {
		for at, span := range spans {
			want := pipeline.Start{Position: latest, Ago: end.Ago + span}
			if end.Time != 0 {
				want = pipeline.Start{Position: record.Position{Where: record.AtTime, Time: end.Time.Add(-span)}}
			}
			if got := before(end, span); got != want {
				t.Errorf("span %d before %+v begins at %+v, want %+v", at, end, got, want)
			}
			if at > 0 && span <= spans[at-1] {
				t.Errorf("span %d is no wider than the one before it", at)
			}
		}
		if got := before(end, everything); got.Position.Where != record.Oldest {
			t.Errorf("behind all spans comes %+v, want the oldest", got)
		}
	}
}

// A span that is longer than what a stream holds is the same as everything, and not looked into besides.
func TestSpansWithin(t *testing.T) {
	for reach, want := range map[time.Duration][]time.Duration{
		0:                  {everything},
		10 * time.Second:   {2 * time.Second, everything},
		15 * time.Second:   {2 * time.Second, everything},
		longestRetention:   append(slices.Clone(spans), everything),
		5 * 24 * time.Hour: append(slices.Clone(spans[:6]), everything),
	} {
		if got := spansWithin(reach); !slices.Equal(got, want) {
			t.Errorf("within %s: %v, want %v", reach, got, want)
		}
	}
}
