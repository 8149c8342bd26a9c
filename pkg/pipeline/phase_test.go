package pipeline

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// phases are the moments of a barrier at which something may come in between: while lanes hold, and before and after each
// call of an output or the store.
var phases = []string{"hold", "Prepare", "Prepare done", "Save", "Save done", "Commit", "Commit done"}

// during has do happen in that phase of a barrier in the middle of a run.
func during(j *job, phase string, do func()) {
	var done atomic.Bool
	began := time.Now()
	now := func(at string) bool {
		return at == phase && time.Since(began) > 10*time.Second && done.CompareAndSwap(false, true)
	}
	j.config.Interval = 3 * time.Second
	j.plan.work = func() {
		if now("hold") {
			time.Sleep(2 * j.config.Interval) // the barrier that comes waits for this slice
			do()
		}
	}
	j.at = func(call string) error {
		if now(call) {
			do()
		}
		return nil
	}
}

// steady is a job whose input keeps coming: 60 records of two partitions, one a second.
func steady(t *testing.T) *job {
	j := newJob(t, func() int { return 4 })
	j.roll = 1 << 20 // so that the file has a name of its own while it is written
	j.source.add("a", 60).arriving(time.Second)
	j.source.add("b", 60).arriving(time.Second)
	return j
}

// finals counts the barriers that outputs are told to be the last.
type finals struct {
	record.Sink
	n *int
}

func (f finals) Prepare(ctx context.Context, b record.Barrier) (record.Token, error) {
	if b.Final {
		*f.n++
	}
	return f.Sink.Prepare(ctx, b)
}

// A stop is clean in whatever phase of a barrier it comes: the run ends without an error, the file is finished, and the
// next start goes on behind it.
func TestStopInEachPhase(t *testing.T) {
	for _, phase := range phases {
		synctest.Test(t, func(t *testing.T) {
			j := steady(t)
			stop, cancel := context.WithCancel(t.Context())
			during(j, phase, cancel)
			told := 0
			j.config.DeadLetters = DeadLetters{Name: "dead_letters", Sink: finals{discard{}, &told}, Encode: letterLine}
			began := time.Now()
			if _, err := j.run(t, stop, 0); err != nil {
				t.Errorf("%s: the run ended with %v", phase, err)
			}
			if took := time.Since(began); took < 10*time.Second || took > 25*time.Second {
				t.Errorf("%s: the run ended after %s", phase, took)
			}
			if told != 1 {
				t.Errorf("%s: the outputs were told of %d last barriers, want 1", phase, told)
			}
			if n := len(j.read(t, "out")); n == 0 { // read holds that no file is left open
				t.Errorf("%s: nothing was written", phase)
			}
			j.goesOn(t)
		})
	}
}

// A run that is abandoned, in whatever phase of a barrier, loses nothing and repeats nothing.
func TestAbandonInEachPhase(t *testing.T) {
	for _, phase := range phases {
		synctest.Test(t, func(t *testing.T) {
			j := steady(t)
			ctx, abandon := context.WithCancel(t.Context())
			j.ctx = ctx
			during(j, phase, abandon)
			if _, err := j.run(t, t.Context(), 0); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: the run ended with %v", phase, err)
			}
			j.goesOn(t)
		})
	}
}

// goesOn runs j to the end of its input without what came in between, and checks all that was written.
func (j *job) goesOn(t *testing.T) {
	t.Helper()
	letters := j.config.DeadLetters.Name == ""
	j.at, j.plan.work, j.ctx = nil, nil, nil
	time.Sleep(time.Minute)
	j.source.bounded = true
	j.toEnd(t)
	if letters {
		j.check(t)
		return
	}
	var want []string
	for _, p := range j.source.parts {
		for _, payload := range p.payloads {
			if keep, fails := keeps(payload); keep && !fails {
				want = append(want, payload)
			}
		}
	}
	j.same(t, "out", want)
}

// An error of any part ends the run with it, in words that say what was being done; nothing is left running, as the end
// of the bubble shows.
func TestErrorEndsTheRun(t *testing.T) {
	broken := errors.New("broken")
	for call, want := range map[string]string{
		"Restore": "restoring the source", "Open": "reading mem/", "Read": "reading mem/",
		"Write": "writing to ", "Prepare": "preparing ", "Commit": "committing epoch ", "Save": "",
	} {
		for _, after := range []int{0, 3} {
			synctest.Test(t, func(t *testing.T) {
				j := steady(t)
				n := 0
				var mu sync.Mutex
				j.at = func(c string) error {
					mu.Lock()
					defer mu.Unlock()
					if c == call {
						if n++; n > after {
							return broken
						}
					}
					return nil
				}
				if after > 0 && (call == "Restore" || call == "Open") {
					return // called once or twice
				}
				if _, err := j.run(t, t.Context(), 0); !errors.Is(err, broken) || !strings.Contains(err.Error(), want) {
					t.Errorf("%s number %d: the run ended with %v, want %q in it", call, after+1, err, want)
				}
				j.goesOn(t)
			})
		}
	}
}

// discard is a sink that drops what it is given.
type discard struct{}

func (discard) Write(context.Context, *record.Chunk) error { return nil }
func (discard) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return nil, nil
}
func (discard) Close() error { return nil }
