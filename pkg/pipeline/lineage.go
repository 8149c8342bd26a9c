package pipeline

import (
	"context"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// lineage keeps the tasks' inputs in step with the partitions: each that is read is one, and one that has ended stays until
// every child of it is open, so that event time can't run ahead of records that are still to come.
type lineage struct {
	clock  operator.Clock // its disorder is the chain's
	inputs map[record.PartitionID]int
	next   int
	ended  []record.PartitionID // that stay until their children are open
}

func (g *lineage) open(s record.State) opening {
	g.next++
	g.inputs[s.Partition.ID] = g.next
	clock := g.clock
	clock.High = s.Event
	return opening{g.next, clock.Watermark()}
}

// openInputs tells the tasks of the partitions that begin to be read, all at once and before any of them is: else those that
// are first would move event time past the others. At the start it does the same for those that have ended and still hold.
func (r *Run) openInputs(ctx context.Context, begin []record.State) error {
	g := &r.lineage
	var os []opening
	if g.inputs == nil {
		g.inputs = map[record.PartitionID]int{}
		for _, s := range r.partitions.holding() {
			os = append(os, g.open(s))
			g.ended = append(g.ended, s.Partition.ID)
		}
	}
	for _, s := range begin {
		os = append(os, g.open(s))
	}
	if len(os) == 0 || len(r.tasks) < 2 {
		return nil
	}
	return broadcast(ctx, r.tasks[1], message{kind: kindOpened, opened: os})
}

// closeInputs tells the tasks of partitions that have ended and whose children are all open now.
func (r *Run) closeInputs(ctx context.Context) error {
	g := &r.lineage
	kept := g.ended[:0]
	for _, id := range g.ended {
		e := r.partitions.entries[id]
		if !r.partitions.childrenBegun(&e.state) {
			kept = append(kept, id)
			continue
		}
		if len(r.tasks) > 1 {
			if err := broadcast(ctx, r.tasks[1], message{kind: kindLeft, input: g.inputs[id]}); err != nil {
				return err
			}
		}
		delete(g.inputs, id)
	}
	g.ended = kept
	return nil
}
