package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// told keeps what a run tells its tracer.
type told struct {
	mu       sync.Mutex
	pages    []*PageTrace
	barriers []*BarrierTrace
}

func (o *told) Page(t *PageTrace) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages = append(o.pages, t)
}

func (o *told) Barrier(t *BarrierTrace) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.barriers = append(o.barriers, t)
}

// line is a page as tests compare it.
func (t *PageTrace) line() string {
	line := fmt.Sprintf("%s %s-%s: %d records, %d bytes, %d rejected", t.Partition.Shard, t.First, t.Last, t.Records, t.Bytes, t.Rejected)
	writes := slices.Clone(t.Writes)
	slices.SortFunc(writes, func(a, b WriteTrace) int { return strings.Compare(b.Output, a.Output) })
	for _, w := range writes {
		line += fmt.Sprintf("; %s %d", w.Output, w.Records)
	}
	return line
}

// Each page is told once, with all that was written of it; pages without records, which a quiet stream gives all day, are not.
func TestPagesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := new(told)
		j := newJob(t, func() int { return 4 })
		j.source.bounded = true
		j.source.add("a", 10)
		j.config.Tracer = o
		j.config.Interval = time.Hour
		j.toEnd(t)
		var got []string
		for _, p := range o.pages {
			got = append(got, p.line())
			if p.Chain.Begin.IsZero() || p.Chain.End.Before(p.Chain.Begin) || p.Err != nil || p.Slices == 0 {
				t.Errorf("the page %s lacks something: %+v", p.line(), p)
			}
		}
		want := []string{
			"a 0-3: 4 records, 32 bytes, 0 rejected; file 3",
			"a 4-7: 4 records, 32 bytes, 1 rejected; file 3; dead_letters 1",
			"a 8-9: 2 records, 16 bytes, 0 rejected; file 2",
		}
		slices.Sort(got) // one with dead letters is written last where the next one has none
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("wanted (-) and told (+) differ:\n%s", diff)
		}
		if len(o.barriers) != 1 {
			t.Fatalf("told of %d barriers, want the last one only", len(o.barriers))
		}
		var steps []string
		for _, s := range o.barriers[0].Steps {
			steps = append(steps, s.Name)
		}
		wantSteps := []string{"hold", "freeze", "prepare file", "prepare dead_letters", "save", "commit"}
		if diff := cmp.Diff(wantSteps, steps); diff != "" || o.barriers[0].Epoch != 1 {
			t.Errorf("of epoch %d the steps (-) and those that were told (+) differ:\n%s", o.barriers[0].Epoch, diff)
		}
	})
}

// A page that ends the run is told with the error, once, whoever met it.
func TestErrorsAreTold(t *testing.T) {
	for _, call := range []string{"Write", "Save"} {
		synctest.Test(t, func(t *testing.T) {
			broken := errors.New("broken")
			o := new(told)
			j := steady(t)
			j.config.Tracer = o
			j.at = func(c string) error {
				if c == call {
					return broken
				}
				return nil
			}
			if _, err := j.run(t, t.Context(), 0); !errors.Is(err, broken) {
				t.Fatalf("the run ended with %v", err)
			}
			failed, seen := 0, map[*PageTrace]bool{}
			for _, p := range o.pages {
				if errors.Is(p.Err, broken) {
					failed++
				}
				if seen[p] {
					t.Errorf("the page %s was told twice", p.line())
				}
				seen[p] = true
			}
			if want := map[string]int{"Write": 1}[call]; failed != want {
				t.Errorf("%s: %d pages were told to have failed, want %d", call, failed, want)
			}
		})
	}
}

// A job that nobody traces pays nothing for it.
func TestUntracedCostsNothing(t *testing.T) {
	r, p := new(Run), &record.Page{Records: make([]record.Record, 3)}
	of := &record.Partition{}
	if n := testing.AllocsPerRun(100, func() {
		trace := r.tracePage(of, p)
		trace.slice(p.Records, 0)
		trace.queued()
		trace.handled(nil)
		r.tellBarrier(r.traceBarrier(), nil)
	}); n != 0 {
		t.Errorf("a page that is not traced allocates %v times", n)
	}
}
