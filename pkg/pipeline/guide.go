package pipeline

import (
	"context"

	"github.com/kstream/kstream/pkg/record"
)

// guide tells a sink that merges partitions how far they are. What it says goes through the sink's queue, behind the chunks
// that it speaks of. A nil guide, of a sink that does not ask, says nothing.
type guide struct {
	output *output
	merger record.Merger
	left   []record.PartitionID // whose children the coordinator has yet to open
}

// newGuide returns the guide of o's sink, nil where it does not ask.
func newGuide(o *output) *guide {
	m, ok := o.sink.(record.Merger)
	if !ok {
		return nil
	}
	return &guide{output: o, merger: m}
}

// opened tells of the partitions that begin to be read, before any of them is.
func (g *guide) opened(ctx context.Context, begin []record.State) error {
	if g == nil || len(begin) == 0 {
		return nil
	}
	return g.say(ctx, func(context.Context) error {
		for i := range begin {
			g.merger.Opened(&begin[i].Partition)
		}
		return nil
	})
}

// reached tells how far the page that the lane of s has just handled brings it.
func (g *guide) reached(ctx context.Context, s *record.State, p *record.Page) error {
	if g == nil {
		return nil
	}
	id, to := s.Partition.ID, p.HandledTo
	if n, ended := len(p.Records), p.End.Where == record.Ended; n > 0 && (ended || !p.Tip) {
		to = p.Records[n-1].Arrival // some servers call every page the newest
	} else if ended {
		to = record.StartOfTime // what handles a closed shard to this day says nothing of what continues it
	}
	return g.say(ctx, func(ctx context.Context) error { return g.merger.Reached(ctx, id, to) })
}

// finished notes that a partition's lane is over.
func (g *guide) finished(id record.PartitionID) {
	if g != nil {
		g.left = append(g.left, id)
	}
}

// leave tells of the partitions that are over. Whatever could open behind them has been.
func (g *guide) leave(ctx context.Context) error {
	if g == nil || len(g.left) == 0 {
		return nil
	}
	left := g.left
	g.left = nil
	return g.say(ctx, func(ctx context.Context) error {
		for _, id := range left {
			if err := g.merger.Left(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (g *guide) say(ctx context.Context, tell func(context.Context) error) error {
	return g.output.put(ctx, item{tell: tell})
}
