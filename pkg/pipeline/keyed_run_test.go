package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A task that has changed more than half of its memory asks for a barrier, however long CHECKPOINT_INTERVAL is.
func TestMuchStateAsksForABarrier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, "key_by i | window tumbling 1h | aggregate n = count()")
		j.config.Interval, j.config.StateMemory = 24*time.Hour, 40_000
		j.source.arrives("a", every(1, 0, 3000))
		j.runFor(t, 3000*time.Second, func() {
			time.Sleep(2900 * time.Second)
			s := j.last.Load().Stats()
			if epoch := j.last.Load().durable.Load(); epoch < 5 || epoch > 100 {
				t.Errorf("%d barriers, want some", epoch)
			}
			if s.StateKeys < 2800 {
				t.Errorf("%d keys, want one of each record", s.StateKeys)
			}
			if s.StateBytes > 40_000 {
				t.Errorf("the state takes %d bytes of memory, and may have 40000", s.StateBytes)
			}
		})
	})
}

// The state of one chain is not read by another, unless it was dropped by hand.
func TestStateOfAnotherChain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, "key_by i | "+countTens)
		j.source.arrives("a", every(1, 0, 30))
		j.runFor(t, 10*time.Second, func() {})
		j.chain = "filter i >= 0 | key_by i | " + countTens + " | filter n > 0" // others may change
		j.runFor(t, 5*time.Second, func() {})
		j.chain = "key_by odd = i % 2 | " + countTens
		var other *OtherChainError
		if _, err := j.run(t, t.Context(), 0); !errors.As(err, &other) || !strings.Contains(err.Error(), "kstream state drop") {
			t.Fatalf("got %v, want the ways out", err)
		}
		dropped := load(t, j)
		dropped.Chain, dropped.Watermarks, dropped.Dropped = nil, nil, true
		if err := j.store.Save(t.Context(), dropped); err != nil {
			t.Fatal(err)
		}
		j.runFor(t, 5*time.Second, func() {})
		if c := load(t, j); c.Dropped || len(c.Chain) == 0 {
			t.Errorf("the checkpoint has the chain %v, dropped: %t", c.Chain, c.Dropped)
		}
	})
}

// A limit ends the run without firing windows, at the event time of the last record that it let pass.
func TestLimitFiresNoWindow(t *testing.T) {
	for _, page := range []int{1, 7, 1000} {
		synctest.Test(t, func(t *testing.T) {
			j := clocked(t, "limit 27 | "+countTens)
			j.source.page = func() int { return page }
			j.source.arrives("a", every(1, 0, 100))
			time.Sleep(200 * time.Second)
			j.toEnd(t)
			j.wants(t, fmt.Sprint("pages of ", page), "00:00:00=10 00:00:10=10")
			j.toEnd(t)
			j.wants(t, "after another start", "00:00:00=10 00:00:10=10")
		})
	}
}

// A partition that is ahead of the slowest by more than MAX_DRIFT is not fetched, until that one has caught up.
func TestDriftHoldsFetching(t *testing.T) {
	for chain, most := range map[string]uint64{countTens: 200, "filter i >= 0": 3000} { // without windows nothing piles up
		synctest.Test(t, func(t *testing.T) {
			j := clocked(t, chain)
			j.config.MaxDrift, j.config.Buffer = time.Minute, 1<<20
			j.source.page = func() int { return 10 }
			j.source.bounded = true
			j.source.arrives("slow", every(10, 0, 3000))
			j.source.arrives("fast", every(1, 0, 3000))
			time.Sleep(time.Hour)
			calls, began := 0, time.Now()
			j.source.setback = func(name string, now time.Time) bool {
				if name == "fast" { // until the slow one's first page has gone through the chain: before that, nobody knows of it
					return now.Sub(began) < time.Second
				}
				calls++
				return calls > 1 && now.Sub(began) < 30*time.Second // it has got as far as 90 s
			}
			j.runFor(t, time.Minute, func() {
				time.Sleep(20 * time.Second)
				for _, p := range j.last.Load().Stats().Partitions {
					if n := p.Records.Load(); p.Partition.Shard == "fast" && (n > most || n < most/2) {
						t.Errorf("%s: %d records of the fast one were read, want about %d", chain, n, most)
					}
				}
			})
			if over := j.last.Load().Stats().Over; len(over) == 0 || over[0].Records.Load() != 3300 {
				t.Errorf("%s: not all was read in the end", chain)
			}
		})
	}
}
