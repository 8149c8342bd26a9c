package pipeline

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// A record that is to be passed by goes to the dead letters once and never into the chain, whatever crashes there are, and
// is then forgotten.
func TestSkippedOverCrashes(t *testing.T) {
	const poison = "a-000015"
	for k, calls := 0, 1; k <= calls; k++ {
		synctest.Test(t, func(t *testing.T) {
			var page atomic.Int64 // 0: a stop that comes late finds that nothing was read
			j := newJob(t, func() int { return int(page.Load()) })
			j.source.bounded = true
			a := j.source.add("a", 40)
			j.source.add("b", 5, "a")
			stopped, stop := context.WithCancel(t.Context())
			stop()
			if _, err := j.run(t, stopped, 0); err != nil { // the first start, which reads nothing
				t.Fatal(err)
			}
			page.Store(6)
			skip := []record.Sequence{"15"}
			saved := load(t, j)
			state := saved.Partitions[a.part.ID]
			state.Skip = skip
			saved.Partitions[a.part.ID] = state
			j.goOnFrom(t, saved)
			if k == 0 {
				calls = j.toEnd(t)
			} else {
				j.toEnd(t, k)
			}
			var want, dead []string
			for _, p := range []string{"a", "b"} {
				for _, payload := range j.source.parts[record.PartitionID("mem/"+p)].payloads {
					switch keep, fails := keeps(payload); {
					case payload == poison:
						dead = append(dead, p+"_"+payload+"_skip")
					case fails:
						dead = append(dead, p+"_"+payload+"_1:filter")
					case keep:
						want = append(want, payload)
					}
				}
			}
			j.same(t, "out", want)
			j.same(t, "dead", dead)
			if left := load(t, j).Partitions[a.part.ID].Skip; left != nil {
				t.Errorf("%v is still to be passed by", left)
			}
			if !slices.Equal(skip, []record.Sequence{"15"}) {
				t.Errorf("the saved list became %v", skip)
			}
		})
	}
}

// What is not behind the position stays in the list, and so does the aggregate that the position is within.
func TestForgetSkips(t *testing.T) {
	list := []record.Sequence{"9", "10", "11"}
	for _, c := range []struct {
		at   record.Position
		want []record.Sequence
	}{
		{record.Position{}, list},
		{record.Position{Where: record.At, Sequence: "10"}, list},
		{record.Position{Where: record.After, Sequence: "8"}, list},
		{record.Position{Where: record.After, Sequence: "10"}, []record.Sequence{"10", "11"}},
		{record.Position{Where: record.Ended}, nil},
	} {
		l := &lane{state: record.State{Position: c.at, Skip: list}}
		l.forgetSkips()
		if diff := cmp.Diff(c.want, l.state.Skip); diff != "" {
			t.Errorf("%s: want (-) and left (+):\n%s", c.at, diff)
		}
	}
}

// A checkpoint without partitions begins where it says, and not where the run's FROM does.
func TestBeginsWhereTheCheckpointSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 3 })
		j.source.bounded = true
		j.plan.keepAll = true
		a := j.source.add("a", 6)
		a.arrival = []record.Millis{1, 2, 3, 4, 5, 6}
		j.goOnFrom(t, &checkpoint.Checkpoint{Epoch: 4, From: record.Position{Where: record.AtTime, Time: 4}})
		j.toEnd(t)
		j.same(t, "out", a.payloads[3:])
	})
}

// goOnFrom makes c what the next run finds.
func (j *job) goOnFrom(t *testing.T, c *checkpoint.Checkpoint) {
	t.Helper()
	if err := j.store.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}
