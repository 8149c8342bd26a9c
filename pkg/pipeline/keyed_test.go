package pipeline

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// keyedChains are chains whose results depend on every part of the engine that knows of time and state.
var keyedChains = map[string]string{
	"tumbling": `timestamp ts, disorder 2s | key_by k | window tumbling 10s, late dead_letter
		aggregate n = count(), sum = sum(v), mean = avg(x), low = min(v), first = first(id), ids = collect(id), p = quantile(v, 0.5)`,
	"sliding behind dedupe": `timestamp ts, disorder 2s | dedupe id, within 5s | key_by k | window sliding 20s, every 10s
		aggregate n = count(), ids = collect(id) | filter n > 1`,
	"session": `timestamp ts, disorder 2s | key_by k | window session 3s | aggregate n = count(), last = last(id)`,
	"windows over windows": `timestamp ts, disorder 2s | filter v % 7 != 0 | key_by k | window tumbling 5s | aggregate n = count()
		key_by n | window tumbling 30s | aggregate keys = count(), all = collect(k)`,
	"the whole stream": `timestamp ts, disorder 2s | window tumbling 15s | aggregate n = count(), users = distinct(id), top = max(v)`,
}

// measured is a stream that is split and merged, whose records are measurements: some come out of order, some too late.
func measured(j *job, seed uint64, n int) {
	reshard(j, n)
	r := rand.New(rand.NewPCG(seed, 7))
	begin := map[string]int{"a": 0, "b": 0, "c": 40_000, "d": 40_000, "e": 90_000, "f": 130_000}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		p := j.source.parts[record.PartitionID("mem/"+name)]
		at := 1_700_000_000_000 + begin[name]
		p.arrival = make([]record.Millis, len(p.payloads))
		for i := range p.payloads {
			at += r.IntN(1500)
			ts := at - r.IntN(1800)
			if r.IntN(15) == 0 {
				ts -= r.IntN(20_000)
			}
			p.arrival[i] = record.Millis(at)
			p.payloads[i] = fmt.Sprintf(`{"id":"%s%d","k":"k%d","ts":%d,"v":%d,"x":%g}`, name, i/2, r.IntN(5), ts, r.IntN(1000), r.Float64())
		}
	}
}

// outcome is all that a job has written, as a set.
func (j *job) outcome(t *testing.T) []string {
	t.Helper()
	lines := append(j.read(t, "out"), j.read(t, "dead")...)
	slices.Sort(lines)
	return lines
}

// reference runs the chain over the stream of j in one go: one task, one page, no crash.
func (j *job) reference(t *testing.T) []string {
	t.Helper()
	whole := newJob(t, func() int { return 10_000 })
	whole.source.parts, whole.source.bounded, whole.chain = j.source.parts, true, j.chain
	whole.config.Interval = time.Hour
	whole.toEnd(t)
	lines := whole.outcome(t)
	if len(lines) < 5 {
		t.Fatalf("only %d lines come out: the test tests little", len(lines))
	}
	return lines
}

func (j *job) sameAs(t *testing.T, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, j.outcome(t)); diff != "" {
		t.Fatalf("wanted (-) and got (+) differ:\n%s", diff)
	}
}

// Windows, dedupe and sessions over a stream that is resharded: whichever call fails, and a later one after the restart with
// another PARALLELISM, the results are those of the run that did not crash.
func TestKeyedCrashAtEveryCall(t *testing.T) {
	for name, chain := range keyedChains {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []string
			calls := 1
			for k := 0; k <= calls; k++ {
				synctest.Test(t, func(t *testing.T) {
					j := newJob(t, func() int { return 7 })
					measured(j, 1, 20)
					time.Sleep(time.Until(time.UnixMilli(1_700_000_200_000))) // all has arrived
					j.chain, j.config.Parallelism = chain, 1+k%3
					if k == 0 {
						want = j.reference(t)
						calls = j.toEnd(t)
					} else {
						if _, err := j.run(t, t.Context(), k); err != nil && !errors.Is(err, errCrash) {
							t.Fatal(err)
						}
						j.config.Parallelism = 8
						j.toEnd(t, k/2+2)
					}
					j.sameAs(t, want)
				})
			}
		})
	}
}

// The same answer comes of any pages, slices, barriers, PARALLELISM, crashes, and with as little memory as there can be.
func TestSameAnswer(t *testing.T) {
	for name, chain := range keyedChains {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 8 {
				seed := rand.Uint64()
				synctest.Test(t, func(t *testing.T) {
					r := rand.New(rand.NewPCG(seed, 3))
					j := newJob(t, func() int { return 1 + rand.IntN(60) }) // readers share it
					measured(j, seed, 150)
					time.Sleep(time.Until(time.UnixMilli(1_700_000_900_000)))
					j.chain = chain
					want := j.reference(t)
					j.config.Interval = time.Duration(1+r.IntN(20)) * time.Millisecond
					j.config.StateMemory = 1 + r.IntN(20_000)
					j.config.MaxDrift = time.Duration(r.IntN(60)) * time.Second
					j.at = func(call string) error {
						if call == "Save" {
							time.Sleep(time.Millisecond) // while tasks go on, and find little room for what is not durable
						}
						return nil
					}
					for range 4 {
						j.config.Parallelism = 1 + r.IntN(8)
						if _, err := j.run(t, t.Context(), 5+r.IntN(200)); err == nil {
							break
						}
					}
					j.config.Parallelism = 1 + r.IntN(8)
					j.toEnd(t)
					j.sameAs(t, want)
					if t.Failed() {
						t.Logf("seed %d", seed)
					}
				})
			}
		})
	}
}

// A limit ahead of windows, over a shard and the one that continues it: whichever call fails, and with any number of tasks, the
// results are those of the run that did not crash: of the windows that the records which passed have closed.
func TestLimitBeforeWindowsCrashAtEveryCall(t *testing.T) {
	const chain = `timestamp ts, disorder 2s | filter v % 7 != 0 | limit 16 | dedupe id, within 1s | key_by k
		window tumbling 5s | aggregate n = count(), ids = collect(id)`
	begin := func(t *testing.T) *job {
		t.Helper()
		whole := newJob(t, func() int { return 7 })
		measured(whole, 5, 12)
		j := newJob(t, func() int { return 1 + rand.IntN(9) }) // a limit stops within any page
		j.chain = chain
		for name, parents := range map[string][]string{"a": nil, "c": {"a"}} {
			p := *whole.source.parts[record.PartitionID("mem/"+name)]
			p.children, p.part.Parents = nil, nil
			for _, parent := range parents {
				p.part.Parents = append(p.part.Parents, record.PartitionID("mem/"+parent))
			}
			j.source.parts[p.part.ID] = &p
		}
		j.source.parts["mem/a"].children = []record.PartitionID{"mem/c"}
		j.source.bounded = true
		time.Sleep(time.Until(time.UnixMilli(1_700_000_200_000)))
		return j
	}
	var want []string
	calls := 1
	for k := 0; k <= calls; k++ {
		synctest.Test(t, func(t *testing.T) {
			j := begin(t)
			j.config.Parallelism = 1 + k%3
			if k == 0 {
				calls = j.toEnd(t)
				if want = j.outcome(t); len(want) < 4 {
					t.Fatalf("only %d lines come out: the test tests little", len(want))
				}
				return
			}
			j.toEnd(t, k)
			j.config.Parallelism = 8
			j.toEnd(t, k/2+2) // the limit was reached: nothing more
			j.sameAs(t, want)
		})
	}
}
