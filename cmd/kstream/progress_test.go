package main

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// The share goes by time, over all shards; it does not go back when one joins.
func TestProgressLine(t *testing.T) {
	type reached = map[record.PartitionID]record.Millis
	p := &progress{end: 20_000, starts: reached{}}
	for i, c := range []struct {
		g    glance
		now  record.Millis
		want string
	}{
		{glance{0, 0, reached{}}, 1000, "kstream: 0 %, 0 records, 0.0 MB/s"},
		{glance{5, 4e6, reached{"a": 10_000, "b": 10_000}}, 2000, "kstream: 0 %, 5 records, 2.0 MB/s"},
		{glance{10, 30e6, reached{"a": 15_000, "b": 10_000}}, 10_000, "kstream: 25 %, 10 records, 3.0 MB/s, 30s left"},
		{glance{10, 30e6, reached{"a": 15_000, "b": 10_000, "c": 10_000}}, 10_000, "kstream: 25 %, 10 records, 3.0 MB/s, 30s left"},
		{glance{20, 40e6, reached{"b": 15_000}}, 20_000, "kstream: 83 %, 20 records, 2.0 MB/s, 4s left"}, // a and c are done
		{glance{30, 60e6, reached{"b": 21_000}}, 20_000, "kstream: 100 %, 30 records, 3.0 MB/s"},
	} {
		if got := p.line(c.g, c.now); got != c.want {
			t.Errorf("line %d: got %q, want %q", i, got, c.want)
		}
	}
}

// A short read shows nothing; what a longer one showed is taken away at its end.
func TestProgressShown(t *testing.T) {
	line := eraseLine + "kstream: 0 %, 7 records, 0.0 MB/s\r"
	for after, want := range map[time.Duration]string{
		900 * time.Millisecond:  "",
		1200 * time.Millisecond: "",
		1700 * time.Millisecond: line + eraseLine,
		2200 * time.Millisecond: line + line + eraseLine,
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			var out bytes.Buffer
			p := &progress{out: &out, look: func() glance { return glance{records: 7} }}
			p.run(ctx)
			if out.String() != want {
				t.Errorf("after %s: got %q, want %q", after, out.String(), want)
			}
		})
	}
}

func TestGlanceAtNothing(t *testing.T) {
	if g := glanceAt(nil); g.records != 0 || len(g.reached) != 0 {
		t.Errorf("before the run: %+v", g)
	}
}
