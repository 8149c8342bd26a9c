package operator

import (
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// TestStateGoes holds when what a stage keeps is given up: as soon as no record that is not late could need it.
func TestStateGoes(t *testing.T) {
	type step struct {
		ts   record.Millis
		keys int64 // that are kept behind it, over all tables
	}
	for _, tc := range []struct {
		chain string
		steps []step
	}{
		{"window tumbling 10s | aggregate n = count()", []step{{1, 1}, {9_999, 1}, {10_000, 1}, {25_000, 1}}},
		{"window sliding 10s, every 5s | aggregate n = count()", []step{{1, 2}, {5_000, 2}, {10_000, 2}}},
		// A group, and its window's place among those that have not fired.
		{"window tumbling 10s, lateness 5s | aggregate n = count()", []step{{1, 2}, {10_000, 3}, {14_999, 3}, {15_000, 2}, {20_000, 3}, {25_000, 2}}},
		// The key's sessions, and when they are due.
		{"window session 10s | aggregate n = count()", []step{{1, 2}, {5_000, 2}, {40_000, 2}, {100_000, 2}}},
		{"dedupe ts, within 10s", []step{{1, 1}, {9_000, 2}, {29_999, 3}, {30_000, 2}, {60_000, 1}}},
	} {
		p := compile(t, "timestamp ts, unit ms, disorder 0s | "+tc.chain)
		r := newRig(t, p, newDisk(), 1, []string{"a"}, nil)
		r.say = func(string) {}
		for i, s := range tc.steps {
			at := record.IntValue(int64(s.ts))
			payload := (&canon{}).json([]byte(`{"ts":`), &at)
			r.slice(r.lanes["a"], []record.Record{{Data: append(payload, '}'), Sequence: sequenceOf(i), Arrival: s.ts}})
			r.drain()
			if got := r.parts[0][0].store.Keys(); got != s.keys {
				t.Errorf("%s: %d keys at %d, want %d", tc.chain, got, s.ts, s.keys)
			}
		}
		r.end()
		r.save()
		if n := len(r.disk.data); n > 0 && tc.chain[:6] == "window" {
			t.Errorf("%s: %d keys on disk behind the end of time", tc.chain, n)
		}
	}
}
