package pipeline

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// task is one goroutine that owns a range of the key groups behind an exchange, and their state. It has one queue, so that
// a barrier's mark is a clean cut, and waits only for outputs and the tasks of the next part, never for lanes.
type task struct {
	run   *Run
	name  string // "task 2 of part 1"
	queue chan message

	chain  *operator.Chain
	meters []*StageMeter // by stage
	store  *state.Store
	budget int // bytes of state in memory
	inputs *inputs
	from   int // how many tell the end of time: the coordinator, or the tasks of the part before
	clock  record.Millis
	moved  record.Millis // the watermark that the stages know
	out    *record.Batch // what stages give when event time moves on
	tail   *tail
	asked  bool // for a barrier, since the last one
	meter  taskMeter
}

// taskMeter is what Stats reads of a task at any time.
type taskMeter struct {
	name                   string
	watermark, keys, bytes atomic.Int64
	busySince              atomic.Int64 // unix nanoseconds at which the message in hand was begun; 0 between messages
}

// freeze is a barrier's mark as tasks see it.
type freeze struct {
	epoch  record.Epoch
	frozen chan frozen // holds one answer of each task of a part
}

// frozen is what a task had at the mark.
type frozen struct {
	delta     *checkpoint.Delta
	watermark record.Millis
}

// results stands for the partition of records that a stage made of many.
var results = &record.Partition{}

// newTask returns task at of n of a part. reached is the watermark that the last checkpoint has of the part.
func newTask(r *Run, part, at, n int, reached record.Millis) (*task, error) {
	t := &task{
		run: r, name: fmt.Sprintf("task %d of part %d", at+1, part), queue: make(chan message, taskQueueDepth),
		inputs: newInputs(reached), from: 1, clock: record.StartOfTime, moved: record.StartOfTime,
		out: record.NewBatch(r.Plan.Slots()), budget: r.StateMemory / (n * (r.Plan.Parts() - 1)),
	}
	reader, _ := r.Store.(state.Reader)
	t.store = state.New(state.Config{
		Reader: reader,
		First:  uint8(firstGroup(at, n)), Last: uint8(firstGroup(at+1, n) - 1),
		Memory:  t.budget,
		Durable: func() record.Epoch { return record.Epoch(r.durable.Load()) },
	})
	var err error
	if t.chain, err = r.Plan.Instance(part, t.store); err != nil {
		return nil, fmt.Errorf("restoring %s: %w", t.name, err)
	}
	t.meters, t.meter.name = r.meters.of(t.chain), t.name
	t.tail = newTail(r, t.chain, part, at)
	if part > 1 {
		t.from = n
		for i := range n {
			t.inputs.open(i, record.StartOfTime)
		}
	}
	r.meters.task(&t.meter)
	return t, nil
}

// firstGroup returns the first key group of task at of n; taskOf tells whose a group is.
func firstGroup(at, n int) int { return (at*record.Groups + n - 1) / n }

func taskOf(group uint8, n int) int { return int(group) * n / record.Groups }

// put queues m. It blocks while the queue is full, until ctx ends.
func (t *task) put(ctx context.Context, m message) error {
	select {
	case t.queue <- m:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work handles what is queued, in order, until done is closed.
func (t *task) work(ctx context.Context, done <-chan struct{}) error {
	if w := t.inputs.reached; w != record.StartOfTime {
		if err := t.advance(ctx, w); err != nil { // what was closed stays closed
			return err
		}
	}
	for {
		select {
		case m := <-t.queue:
			t.meter.busySince.Store(time.Now().UnixNano())
			if err := t.handle(ctx, &m); err != nil {
				return err
			}
			t.meter.busySince.Store(0)
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (t *task) handle(ctx context.Context, m *message) error {
	switch m.kind {
	case kindRecords:
		if m.batch != nil {
			if err := t.process(ctx, m.batch, 0); err != nil {
				return err
			}
			m.batch.Reset()
			t.run.batches.Put(m.batch)
		}
		t.inputs.move(m.input, m.watermark)
	case kindOpened:
		for _, o := range m.opened {
			t.inputs.open(o.input, o.watermark)
		}
	case kindLeft:
		t.inputs.leave(m.input)
	case kindIdle:
		t.inputs.idle(m.input)
	case kindClock:
		t.clock = max(t.clock, m.watermark)
	case kindEnded:
		return t.end(ctx)
	case kindMarked:
		return t.freeze(ctx, m.freeze)
	}
	w := t.inputs.watermark(t.clock)
	if m.batch == nil && w == t.moved {
		return nil
	}
	return t.advance(ctx, w)
}

// process runs the stages from the from-th on over b, and hands on what comes out.
func (t *task) process(ctx context.Context, b *record.Batch, from int) error {
	for i := from; i < len(t.chain.Stages); i++ {
		if err := t.meters[i].process(ctx, t.chain.Stages[i], b); err != nil {
			return err
		}
	}
	if err := t.tail.add(ctx, b); err != nil {
		return err
	}
	if t.run.Plan.Enough() {
		t.run.ask(t.run.enough)
	}
	return nil
}

// advance has the stages act on watermark w, one after the other, so that each has seen the results of those before it;
// then the watermark goes on behind the results.
func (t *task) advance(ctx context.Context, w record.Millis) error {
	for i, s := range t.chain.Stages {
		timed, ok := s.Stage.(operator.Timed)
		if !ok {
			continue
		}
		for more := true; more; {
			var err error
			if more, err = t.fire(ctx, i, timed, w); err != nil {
				return err
			}
		}
	}
	if w != record.EndOfTime { // which is no time that anybody goes on from
		t.moved = w
		t.meter.watermark.Store(int64(w))
	}
	if err := t.tail.flush(ctx, t.moved); err != nil {
		return err
	}
	t.keepWithinMemory()
	return nil
}

// fire takes one batch of what is due from stage i through the stages behind it.
func (t *task) fire(ctx context.Context, i int, s operator.Timed, w record.Millis) (more bool, err error) {
	t.meter.busySince.Store(time.Now().UnixNano()) // a window of millions of keys takes its time
	t.out.Reset()
	t.out.Partition, t.out.Now = results, record.MillisOf(time.Now())
	if more, err = s.Advance(ctx, w, t.out); err != nil {
		return false, fmt.Errorf("stage %s: %w", t.chain.Stages[i].Label, err)
	}
	t.meters[i].emitted(t.chain.Stages[i].Stage, t.out)
	if len(t.out.Records)+len(t.out.Rejected) == 0 {
		return more, nil
	}
	return more, t.process(ctx, t.out, i+1)
}

// end takes note that one sender's event time has come to its end; when all have, everything fires. The watermark stays
// what it was: a later run goes on with real ones.
func (t *task) end(ctx context.Context) error {
	if t.inputs.over++; t.inputs.over < t.from {
		return nil
	}
	if err := t.advance(ctx, record.EndOfTime); err != nil {
		return err
	}
	return t.tail.end(ctx)
}

// freeze collects what has changed since the last barrier, without I/O.
func (t *task) freeze(ctx context.Context, f *freeze) error {
	d := new(checkpoint.Delta)
	t.store.Snapshot(f.epoch, d)
	t.asked = false
	select {
	case f.frozen <- frozen{d, t.inputs.reached}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keepWithinMemory evicts what the disk has, and asks for a barrier where too much has changed to wait for the next one.
func (t *task) keepWithinMemory() {
	t.store.Trim()
	t.meter.keys.Store(t.store.Keys())
	t.meter.bytes.Store(int64(t.store.Bytes()))
	if !t.asked && t.store.Changed() > t.budget/2 {
		t.asked = true
		t.run.ask(t.run.full)
	}
}
