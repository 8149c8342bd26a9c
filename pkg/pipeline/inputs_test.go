package pipeline

import (
	"math/rand/v2"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// A task's watermark is the least of its inputs that are not idle, and never goes back, whatever comes and goes.
func TestInputsFollowTheLeast(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		in := newInputs(record.StartOfTime)
		model := map[int]*struct {
			watermark record.Millis
			idle      bool
		}{}
		reached, next := record.StartOfTime, 0
		pick := func() (id int, ok bool) {
			for id = range model {
				return id, true
			}
			return 0, false
		}
		for step := range 300 {
			id, ok := pick()
			w := record.Millis(step + random.IntN(50))
			switch op := random.IntN(8); {
			case op == 0 || !ok:
				next++
				in.open(next, w)
				model[next] = &struct {
					watermark record.Millis
					idle      bool
				}{w, false}
			case op == 1:
				in.leave(id)
				delete(model, id)
			case op == 2:
				in.idle(id)
				model[id].idle = true
			default:
				in.move(id, w)
				model[id].watermark, model[id].idle = w, false
			}
			clock := record.Millis(random.IntN(step + 1))
			least, busy := record.EndOfTime, false
			for _, m := range model {
				if !m.idle {
					least, busy = min(least, m.watermark), true
				}
			}
			switch {
			case busy:
				reached = max(reached, least)
			case len(model) > 0:
				reached = max(reached, clock)
			}
			if got := in.watermark(clock); got != reached {
				t.Fatalf("seed %d, step %d: the watermark is %d, want %d", seed, step, got, reached)
			}
		}
	}
}

// Each key group has one task, and the tasks' ranges are in the order of the groups.
func TestGroupsOfTasks(t *testing.T) {
	for n := 1; n <= record.Groups; n++ {
		for g := range record.Groups {
			at := taskOf(uint8(g), n)
			if first, last := firstGroup(at, n), firstGroup(at+1, n)-1; g < first || g > last {
				t.Fatalf("of %d tasks, %d has group %d, but owns %d to %d", n, at, g, first, last)
			}
		}
	}
}
