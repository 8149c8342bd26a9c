package trace

import (
	"bytes"
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// runner plays the engine: a lane for each partition, and behind each exchange one task that owns every key group.
type runner struct {
	plan  *operator.Plan
	now   record.Millis
	lanes map[record.PartitionID]*lane
	tasks []*operator.Chain // by part, from 1 on
	moved record.Millis     // the watermark that tasks know
	trace *Trace
}

type lane struct {
	chain *operator.Chain
	batch *record.Batch
	one   []record.Record
}

// open opens all lanes before the first record, since the slowest of them holds the watermark, and the tasks.
func (r *runner) open(samples []Sample) error {
	r.moved = record.StartOfTime
	for _, s := range samples {
		if r.lanes[s.Partition.ID] != nil {
			continue
		}
		chain, err := r.plan.Instance(0, nil)
		if err != nil {
			return err
		}
		if chain.Clock != nil {
			chain.Clock.High = record.StartOfTime
		}
		r.lanes[s.Partition.ID] = &lane{chain: chain, batch: record.NewBatch(r.plan.Slots()), one: make([]record.Record, 1)}
	}
	for part := 1; part < r.plan.Parts(); part++ {
		chain, err := r.plan.Instance(part, state.New(state.Config{Last: record.Groups - 1}))
		if err != nil {
			return err
		}
		r.tasks = append(r.tasks, chain)
	}
	return nil
}

// read takes one record through its lane and the tasks behind it, and moves event time on.
func (r *runner) read(ctx context.Context, s Sample) error {
	l := r.lanes[s.Partition.ID]
	l.one[0] = s.Record
	l.batch.Fill(s.Partition, l.one)
	l.batch.Now = r.now
	way := Way{Sample: s}
	if err := r.through(ctx, &way, l.chain, l.batch, 0, 0); err != nil {
		return err
	}
	r.trace.Ways = append(r.trace.Ways, way)
	if len(r.tasks) == 0 {
		return nil
	}
	return r.advance(ctx, r.watermark())
}

// watermark is the least of the lanes'. It never goes back.
func (r *runner) watermark() record.Millis {
	w := record.EndOfTime
	for _, l := range r.lanes {
		w = min(w, l.chain.Clock.Watermark())
	}
	return max(w, r.moved)
}

// through runs the stages of a chain from the from-th on over b, and what they let pass through the parts behind it.
func (r *runner) through(ctx context.Context, way *Way, c *operator.Chain, b *record.Batch, part, from int) error {
	for _, s := range c.Stages[from:] {
		if len(b.Records) == 0 {
			break
		}
		if err := note(ctx, way, c, s, b); err != nil {
			return err
		}
	}
	if c.Carry == nil {
		output(way, c, b)
		return nil
	}
	if len(b.Records) == 0 {
		return nil
	}
	next := r.batch()
	next.Partition = b.Partition
	for i := range b.Records {
		next.Take(b, &b.Records[i], c.Carry)
	}
	return r.through(ctx, way, r.tasks[part], next, part+1, 0)
}

func (r *runner) batch() *record.Batch {
	b := record.NewBatch(r.plan.Slots())
	b.Now = r.now
	return b
}

// output encodes what goes out. What can't be encoded is a dead letter of the sink.
func output(way *Way, c *operator.Chain, b *record.Batch) {
	step := Step{Stage: "sink", Text: "encoding", In: len(b.Records)}
	for i := range b.Records {
		rec := &b.Records[i]
		data, err := c.Encode(nil, b, rec)
		var key []byte
		if encode := c.Key; encode != nil && err == nil {
			key, err = encode(nil, b, rec)
		} else if encode := c.DefaultKey; encode != nil && err == nil {
			key, err = encode(nil, b, rec)
		}
		if err != nil {
			step.Errors = append(step.Errors, err)
			continue
		}
		step.Out++
		way.Out = append(way.Out, Output{Key: key, Data: data})
	}
	if len(step.Errors) > 0 {
		way.Steps = append(way.Steps, step)
	}
}

// results stands for the partition of records that a stage made of many.
var results = &record.Partition{}

// advance has the stages of all tasks act on watermark w. A result goes on through the stages behind its own by itself, so that
// its way can be told.
func (r *runner) advance(ctx context.Context, w record.Millis) error {
	for at, c := range r.tasks {
		for i, s := range c.Stages {
			timed, ok := s.Stage.(operator.Timed)
			for more := ok; more; {
				out := r.batch()
				out.Partition = results
				var err error
				if more, err = timed.Advance(ctx, w, out); err != nil {
					return fmt.Errorf("stage %s: %w", s.Label, err)
				}
				c.Letters(out, 0)
				if err := r.made(ctx, c, at+1, i, out); err != nil {
					return err
				}
			}
		}
	}
	r.moved = w
	return nil
}

// made traces what stage i of a part's chain has made.
func (r *runner) made(ctx context.Context, c *operator.Chain, part, i int, out *record.Batch) error {
	s := &c.Stages[i]
	for k := range out.Rejected {
		d := &out.Rejected[k]
		way := Way{By: s.Label, Steps: []Step{{Stage: s.Label, Text: text(s), In: 1, Errors: []error{d.Err}, Key: bytes.Clone(d.Key)}}}
		if data, err := c.Letter(nil, out, &d.Record); err == nil {
			way.Made = data
		}
		r.trace.Results = append(r.trace.Results, way)
	}
	for k := range out.Records {
		one := r.batch()
		one.Partition = results
		one.Take(out, &out.Records[k], &record.Carry{Whole: true})
		way := Way{By: s.Label}
		if s.Sight != nil {
			way.Made = s.Sight.Append(nil, one, &one.Records[0])
		}
		if err := r.through(ctx, &way, c, one, part, i+1); err != nil {
			return err
		}
		r.trace.Results = append(r.trace.Results, way)
	}
	return nil
}
