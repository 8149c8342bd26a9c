package window

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

func TestAssign(t *testing.T) {
	start, end := record.StartOfTime, record.EndOfTime
	tests := []struct {
		name string
		w    Assigner
		t    record.Millis
		want []Span
	}{
		{"a start is inside", Tumbling{time.Minute}, 60_000, []Span{{60_000, 120_000}}},
		{"an end is not", Tumbling{time.Minute}, 59_999, []Span{{0, 60_000}}},
		{"before 1970", Tumbling{time.Minute}, -1, []Span{{-60_000, 0}}},
		{"before 1970, at a start", Tumbling{time.Minute}, -60_000, []Span{{-60_000, 0}}},
		{"the first instant", Tumbling{time.Minute}, start, []Span{{start, start + 60_000}}},
		{"the last instant", Tumbling{time.Minute}, end, []Span{{end - end%60_000, end}}},
		{"overlapping", Sliding{time.Minute, 20 * time.Second}, 60_000, []Span{{20_000, 80_000}, {40_000, 100_000}, {60_000, 120_000}}},
		{"just before", Sliding{time.Minute, 20 * time.Second}, 59_999, []Span{{0, 60_000}, {20_000, 80_000}, {40_000, 100_000}}},
		{"overlapping before 1970", Sliding{2 * time.Second, time.Second}, -500, []Span{{-2000, 0}, {-1000, 1000}}},
		{"size is no multiple of every", Sliding{50 * time.Millisecond, 20 * time.Millisecond}, 45, []Span{{0, 50}, {20, 70}, {40, 90}}},
		{"gaps: inside", Sliding{time.Second, time.Minute}, 60_999, []Span{{60_000, 61_000}}},
		{"gaps: outside", Sliding{time.Second, time.Minute}, 61_000, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.w.Assign(nil, tt.t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAssignFindsEveryWindow compares with the definition: every window that begins at a multiple and holds the time.
func TestAssignFindsEveryWindow(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for range 3000 {
		size, every := record.Millis(1+r.IntN(50)), record.Millis(1+r.IntN(50))
		at := record.Millis(r.IntN(400) - 200)
		var want []Span
		for start := -20 * every * 15; start <= at; start += every {
			if at < start+size {
				want = append(want, Span{start, start + size})
			}
		}
		w := Sliding{time.Duration(size) * time.Millisecond, time.Duration(every) * time.Millisecond}
		if got := w.Assign(nil, at); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v of %d gives %v, want %v", seed, w, at, got, want)
		}
	}
}

// TestAssignAtTheEnds holds that no time, however far off, gives a window that is not around it.
func TestAssignAtTheEnds(t *testing.T) {
	for _, at := range []record.Millis{math.MinInt64, math.MinInt64 + 1, math.MinInt64 + 59_999, math.MaxInt64 - 1, math.MaxInt64 - 60_000} {
		for _, w := range []Assigner{Tumbling{time.Minute}, Sliding{time.Minute, 7 * time.Second}, Sliding{math.MaxInt64, math.MaxInt64}} {
			spans := w.Assign(nil, at)
			if len(spans) == 0 {
				t.Errorf("%v gives %d no window", w, at)
			}
			for _, s := range spans {
				if s.Start > at || at >= s.End {
					t.Errorf("%v gives %d the window %v", w, at, s)
				}
			}
		}
	}
}

// TestJoin compares with the definition: records, sorted, of which each follows the one before by less than the gap.
func TestJoin(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	w := Session{Gap: 10 * time.Millisecond}
	for range 500 {
		var open []Span
		var times []record.Millis
		for range 1 + r.IntN(30) {
			at := record.Millis(r.IntN(200) - 100)
			s, from, to := w.Join(open, at)
			open = slices.Replace(open, from, to, s)
			times = append(times, at)
		}
		slices.Sort(times)
		var want []Span
		for _, at := range times {
			if n := len(want); n > 0 && at < want[n-1].End {
				want[n-1].End = at + 10
			} else {
				want = append(want, Span{at, at + 10})
			}
		}
		if !slices.Equal(open, want) {
			t.Fatalf("seed %d: %v makes %v, want %v", seed, times, open, want)
		}
	}
}
