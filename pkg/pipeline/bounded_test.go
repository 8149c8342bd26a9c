package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/record"
)

// arriving sets p's arrival times: one record each step, from the bubble's now.
func (p *memPartition) arriving(step time.Duration) {
	now := record.MillisOf(time.Now())
	for i := range p.payloads {
		p.arrival = append(p.arrival, now.Add(time.Duration(i)*step))
	}
}

// UNTIL ends a run whose input goes on: at the first record that arrived after it, whatever was read, and its children
// stay closed. The next run with the same STATE_DIR goes on where this one stopped.
func TestUntil(t *testing.T) {
	for _, page := range []int{1, 7, 1000} {
		synctest.Test(t, func(t *testing.T) {
			j := newJob(t, func() int { return page })
			j.plan.keepAll = true
			j.config.Interval = time.Second
			j.source.add("a", 100).arriving(time.Second)
			j.source.add("b", 3).arriving(time.Second)
			j.source.add("c", 5, "a")
			j.config.Until = &End{Setting: "in a minute", Time: record.MillisOf(time.Now().Add(59*time.Second + 500*time.Millisecond))}
			began := time.Now()
			j.toEnd(t)
			if n := len(j.read(t, "out")); n != 60+3 {
				t.Errorf("pages of %d: %d records came out, want the 60 of a and the 3 of b", page, n)
			}
			if took := time.Since(began); took > 62*time.Second {
				t.Errorf("it took %s to end a run of a minute", took)
			}
			if j.source.order("c") >= 0 {
				t.Error("the child of a was opened")
			}
			if until := load(t, j).Until; until != nil {
				t.Errorf("the end of a run that is done is kept: %v", until)
			}
			j.source.bounded, j.config.Until = true, nil
			j.toEnd(t)
			if n := len(j.read(t, "out")); n != 108 {
				t.Errorf("%d records after the second run, want all 108 once", n)
			}
		})
	}
}

// A crash does not move "now": the run that goes on ends where the first one would have.
func TestUntilIsKeptOverACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 5 })
		j.plan.keepAll = true
		j.source.add("a", 50).arriving(-time.Second)
		j.source.add("z", 0)
		j.config.Until = &End{Setting: "now"}
		end := record.MillisOf(time.Now())
		if _, err := j.run(t, t.Context(), 12); !errors.Is(err, errCrash) {
			t.Fatalf("got %v, want the crash", err)
		}
		if until := load(t, j).Until; until == nil || until.Time != end {
			t.Fatalf("the end that was saved is %v, want %d", until, end)
		}
		time.Sleep(time.Hour)
		late := j.source.parts["mem/a"]
		for i := range 10 { // arrived in between
			late.payloads = append(late.payloads, fmt.Sprintf("late-%06d", i))
			late.arrival = append(late.arrival, record.MillisOf(time.Now()))
		}
		j.toEnd(t)
		if n := len(j.read(t, "out")); n != 50 {
			t.Errorf("%d records came out, want the 50 that were there at the first start", n)
		}
	})
}

// A limit counts over all lanes and restarts, and ends the run.
func TestLimit(t *testing.T) {
	for k := range 40 {
		synctest.Test(t, func(t *testing.T) {
			j := newJob(t, func() int { return 3 })
			j.plan.limit, j.plan.keepAll = 25, true
			j.source.add("a", 100)
			j.source.add("b", 100)
			j.toEnd(t, k+5, k/3+4)
			if n := len(j.read(t, "out")); n != 25 {
				t.Errorf("crash at %d: %d records came out, want 25", k+5, n)
			}
			j.toEnd(t) // and nothing more at another start
			if n := len(j.read(t, "out")); n != 25 {
				t.Errorf("crash at %d: %d records after another start, want 25", k+5, n)
			}
		})
	}
}

// Latest is the moment of the first start, also for a run that crashes before its first record.
func TestLatestIsATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 5 })
		j.plan.keepAll = true
		j.config.Interval = time.Second
		j.source.add("a", 100).arriving(time.Second) // one a second from now
		time.Sleep(9500 * time.Millisecond)
		j.config.From = Start{Position: record.Position{Where: record.Latest}}
		stop, cancel := context.WithCancel(t.Context())
		cancel = stopAfter(cancel, 100*time.Millisecond)
		if _, err := j.run(t, stop, 0); err != nil {
			t.Fatal(err)
		}
		cancel()
		time.Sleep(20 * time.Second) // down
		j.source.bounded = true
		j.toEnd(t)
		if got := j.read(t, "out"); len(got) != 90 || got[0] != "a-000010" {
			t.Errorf("%d records from %s on, want 90 from a-000010 on", len(got), got[0])
		}
	})
}

// A throttle lets the given rate through, and a barrier does not wait for it.
func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 100 })
		j.config.Interval = time.Second
		j.plan.throttle, j.plan.keepAll = 2, true
		j.source.bounded = true
		j.source.add("a", 21)
		began := time.Now()
		j.toEnd(t)
		if took := time.Since(began); took < 10*time.Second || took > 10500*time.Millisecond {
			t.Errorf("21 records at 2/s took %s, want 10s", took)
		}
	})
}

// What has passed a throttle is written before the next wait, and not at the page's end.
func TestThrottleShowsWhatPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 100 })
		j.plan.throttle, j.plan.keepAll = 1, true
		j.config.Interval = time.Hour
		j.source.add("a", 100)
		var writes atomic.Int64
		j.at = func(call string) error {
			if call == "Write" {
				writes.Add(1)
			}
			return nil
		}
		stop, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := j.run(t, stop, 0)
			done <- err
		}()
		time.Sleep(9500 * time.Millisecond)
		synctest.Wait()
		written := writes.Load() // of one record each
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if written != 10 {
			t.Errorf("%d records were written in 9.5 seconds at 1/s, want 10", written)
		}
	})
}

// A chain that refuses everything stops the run, and says where and why.
func TestAllFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 100 })
		a := j.source.add("a", allFail)
		for i := range a.payloads {
			a.payloads[i] = strings.Repeat("7", i+1)
		}
		j.config.Interval = time.Hour
		_, err := j.run(t, t.Context(), 0)
		if err == nil || !strings.Contains(err.Error(), "1:filter: all of the first 1000 records failed") || !errors.Is(err, errSeven) {
			t.Errorf("got %v", err)
		}
		if c := load(t, j); c.Epoch != 0 {
			t.Errorf("epoch %d was saved", c.Epoch)
		}
		j.config.MayAllFail, j.source.bounded = true, true
		j.toEnd(t)
		if n := len(j.read(t, "dead")); n != allFail {
			t.Errorf("%d dead letters where all may fail, want %d", n, allFail)
		}
	})
}

// Binary payloads that can't be framed are a fault of the configuration at a job's first record, and dead letters later.
func TestBinaryPayload(t *testing.T) {
	lines := func(payload record.Encoder) record.Encoder {
		return framing.Lines.Frame(payload, false, func(string) {})
	}
	for _, c := range []struct {
		name     string
		payloads []string
		fails    bool
	}{
		{"first", []string{"\xff1", "text1"}, true},
		{"later", []string{"text1", "\xff2"}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			j := newJob(t, func() int { return 10 })
			j.source.bounded = true
			j.source.add("a", 0).payloads = c.payloads
			j.frame = lines
			_, err := j.run(t, t.Context(), 0)
			if c.fails != errors.Is(err, framing.ErrBinary) {
				t.Errorf("%s: got %v", c.name, err)
			}
			if !c.fails {
				if out, dead := j.read(t, "out"), j.read(t, "dead"); len(out) != 1 || len(dead) != 1 {
					t.Errorf("%s: %q came out and %q are dead letters, want one each", c.name, out, dead)
				}
			}
		})
	}
}

// Another chain's state is not taken over.
func TestOtherChain(t *testing.T) {
	j := newJob(t, func() int { return 1 })
	j.source.bounded = true
	j.source.add("a", 1)
	j.toEnd(t)
	c := load(t, j)
	c.Chain = []string{"dedupe id, within 1h"}
	if err := j.store.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	_, err := j.run(t, t.Context(), 0)
	var other *OtherChainError
	if !errors.As(err, &other) || !strings.Contains(err.Error(), "dedupe id, within 1h") || !strings.Contains(err.Error(), "kstream state drop") {
		t.Errorf("got %v", err)
	}
}

// Positions in a stream that is not read this time outlive the run, and hold for the next one that reads it.
func TestOtherStreamsAreKept(t *testing.T) {
	j := newJob(t, func() int { return 10 })
	j.source.bounded = true
	j.source.add("a", 5)
	other := record.State{
		Partition: record.Partition{ID: "other/x", Stream: "other", Shard: "x"}, Begun: true,
		Position: record.Position{Where: record.After, Sequence: "7"},
	}
	if err := j.store.Save(t.Context(), &checkpoint.Checkpoint{Epoch: 3, Partitions: map[record.PartitionID]record.State{"other/x": other}}); err != nil {
		t.Fatal(err)
	}
	j.toEnd(t)
	c := load(t, j)
	if got := c.Partitions["other/x"]; got.Position != other.Position || !got.Begun {
		t.Errorf("the other stream is at %s, want %s", got.Position, other.Position)
	}
	if got := c.Partitions["mem/a"]; got.Position.Where != record.Ended {
		t.Errorf("the stream that was read is at %s, want ended", got.Position)
	}
}
