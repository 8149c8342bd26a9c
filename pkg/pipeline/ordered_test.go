package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/ordered"
)

// gathered is a sink that keeps what it is given, line by line.
type gathered struct {
	discard
	lines *[]string
}

func (g gathered) Write(_ context.Context, c *record.Chunk) error {
	*g.lines = append(*g.lines, strings.Fields(string(c.Body))...)
	return nil
}

// history is a stream that was resharded at random, and its records in the order in which they arrived.
type history struct {
	*memory
	lines  []string
	arrive map[string]record.Millis
}

// newHistory makes one of n records. Partitions have names in the order in which they were made; some get no records, and
// of some a chain keeps none.
func newHistory(r *rand.Rand, n int, page func() int) *history {
	h := &history{memory: newMemory(page), arrive: map[string]record.Millis{}}
	made := 0
	add := func(parents ...string) string {
		made++
		name := fmt.Sprintf("%03d", made)
		h.add(name, 0, parents...)
		return name
	}
	var open []string
	for range 1 + r.IntN(4) {
		open = append(open, add())
	}
	take := func() string {
		i := r.IntN(len(open))
		name := open[i]
		open = slices.Delete(open, i, i+1)
		return name
	}
	at := record.MillisOf(time.Now()) - 1_000_000
	for i := range n {
		switch r.IntN(n/10 + 5) {
		case 0:
			parent := take()
			at++
			open = append(open, add(parent), add(parent))
		case 1:
			if len(open) > 1 {
				at++
				open = append(open, add(take(), take()))
			}
		}
		at += record.Millis(r.IntN(3))
		name := open[r.IntN(min(len(open), 3))] // others stay empty
		p := h.parts[record.PartitionID("mem/"+name)]
		kept := i % 10
		if strings.HasSuffix(name, "2") {
			kept = 3 // which the plan drops
		}
		line := fmt.Sprintf("%s-%06d-%d", name, i, kept)
		p.payloads, p.arrival = append(p.payloads, line), append(p.arrival, at)
		h.lines, h.arrive[line] = append(h.lines, line), at
	}
	slices.SortStableFunc(h.lines, func(a, b string) int {
		return cmp.Or(cmp.Compare(h.arrive[a], h.arrive[b]), cmp.Compare(a[:3], b[:3]))
	})
	return h
}

// wanted returns the lines that come out of p's chain up to until.
func (h *history) wanted(p *plan, until record.Millis) (want []string) {
	for _, line := range h.lines {
		keep, fails := keeps(line)
		if h.arrive[line] <= until && (p.keepAll || keep && !fails) {
			want = append(want, line)
		}
	}
	return want
}

// A bounded read that is merged comes out in the order of arrival, complete, over all reshards, whatever pages, chains, ends
// and bounds of memory; where the memory is too small for the order it is complete all the same, and it always ends.
func TestMergedByArrival(t *testing.T) {
	exceeded := 0
	for range 150 {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}()
			r := rand.New(&lockedSource{PCG: rand.NewPCG(seed, 0)})
			largest := 1 + r.IntN(40)
			h := newHistory(r, 1+r.IntN(400), func() int {
				time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond)
				return 1 + r.IntN(largest)
			})
			if mergeOnce(t, r, h) {
				exceeded++
			}
		})
	}
	if exceeded == 0 {
		t.Error("the memory was never too small: that it may be is not tested")
	}
}

// mergeOnce runs h with bounds at random and checks what comes out.
func mergeOnce(t *testing.T, r *rand.Rand, h *history) (exceeded bool) {
	p := &plan{keepAll: r.IntN(2) == 0}
	stop, enough := context.WithCancel(t.Context())
	defer enough()
	c := ordered.Config{
		Memory: []int{1 << 20, 20_000, 3000, 300}[r.IntN(4)], Most: int64(r.IntN(3) * r.IntN(200)), Enough: enough,
		Exceeded: func() { exceeded = true },
	}
	var got []string
	sink := ordered.New(c, gathered{lines: &got})
	config := Config{
		Source: sink.Source(h), Plan: p, Store: new(checkpoint.Memory), Log: zap.NewNop(), Interval: time.Hour, Parallelism: 1,
		Buffer: 1000 + r.IntN(10_000), Sink: Output{Name: "stdout", Sink: sink, Encode: func(payload record.Encoder) record.Encoder {
			return ordered.Stamp(lineEncoder(payload))
		}},
	}
	until := record.MillisOf(time.Now())
	if h.bounded = r.IntN(2) == 0; !h.bounded {
		until = h.arrive[h.lines[r.IntN(len(h.lines))]]
		config.Until = &End{Setting: "then", Time: until}
	}
	run, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Run(t.Context(), stop); err != nil {
		t.Fatal(err)
	}
	want := h.wanted(p, until)
	if c.Most > 0 && len(want) > int(c.Most) {
		if want = want[:c.Most]; exceeded {
			want = got[:c.Most] // any will do
		}
	}
	if exceeded {
		slices.Sort(want)
		slices.Sort(got)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d lines, want %d (memory %d, most %d, exceeded %t):\n%q\nwant\n%q", len(got), len(want), c.Memory, c.Most, exceeded, got, want)
	}
	return exceeded
}
