package pipeline

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// cut is a barrier as lanes see it: each stops behind the slice in hand, hands its state over, and waits for resume.
type cut struct {
	resume chan struct{} // closed when all outputs have prepared
	last   bool          // set before resume is closed: nobody goes on
}

// barrier cuts the epoch in hand and makes it durable: hold all lanes, mark the outputs' queues behind all they sent,
// prepare the outputs with the dead letters last, let the lanes go, save, commit. An error ends the run: there is no
// half-failed epoch, and restart is the one way of recovery. over: nothing comes behind it.
//
// A stop that comes while lanes hold makes this barrier their last one. Where it comes too late for the outputs to be
// told, another one follows without lanes, which lets the outputs finish.
func (r *Run) barrier(ctx, stop context.Context, final bool) (over bool, err error) {
	t := r.traceBarrier()
	last, final, err := r.cutEpoch(ctx, stop, final, t)
	r.tellBarrier(t, err)
	if err != nil {
		return false, err
	}
	if last && !final {
		return r.barrier(ctx, stop, true)
	}
	return final, nil
}

// cutEpoch is one barrier. last: lanes do not go on behind it; told: the outputs know that it is the last one.
func (r *Run) cutEpoch(ctx, stop context.Context, final bool, t *BarrierTrace) (last, told bool, err error) {
	began := time.Now()
	c := &cut{resume: make(chan struct{})}
	if err := r.holdLanes(ctx, c); err != nil {
		return false, false, err
	}
	t.step("hold")
	r.epoch++
	r.last.Epoch = r.epoch
	if err := r.freezeTasks(ctx); err != nil {
		return false, false, err
	}
	t.step("freeze")
	r.last.Partitions, r.last.Counts = r.partitions.states(), r.Plan.Counts()
	told = final || stop.Err() != nil
	marks, err := r.prepare(ctx, record.Barrier{Epoch: r.epoch, Final: told}, t)
	if err != nil {
		return false, false, err
	}
	if c.last = told || stop.Err() != nil; c.last {
		clear(r.lanes)
	}
	close(c.resume)
	if err := r.save(ctx, began); err != nil {
		return false, false, err
	}
	t.step("save")
	if err := commit(ctx, marks); err != nil {
		return false, false, err
	}
	t.step("commit")
	return c.last, told, nil
}

// commit lets each output commit what has been saved.
func commit(ctx context.Context, marks []*mark) error {
	for _, m := range marks {
		close(m.saved)
		select {
		case <-m.committed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// holdLanes stops every lane and takes its state. A lane that finishes in the meantime counts as holding.
func (r *Run) holdLanes(ctx context.Context, c *cut) error {
	for l := range r.lanes {
		l.cuts <- c
	}
	for missing := len(r.lanes); missing > 0; missing-- {
		select {
		case e := <-r.events:
			r.take(e)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// freezeTasks sends a mark through the tasks, part after part, behind all that lanes and the part before have sent, and takes
// what changed there.
func (r *Run) freezeTasks(ctx context.Context) error {
	r.last.State = nil
	for part, tasks := range r.tasks {
		f := &freeze{r.epoch, make(chan frozen, len(tasks))}
		if err := broadcast(ctx, tasks, message{kind: kindMarked, freeze: f}); err != nil {
			return err
		}
		for range tasks {
			select {
			case t := <-f.frozen:
				r.last.State = append(r.last.State, t.delta)
				// All tasks have the same one, but where a lane was idle in between: the furthest never goes back.
				at := strconv.Itoa(part)
				r.last.Watermarks[at] = max(r.watermark(at), t.watermark)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// watermark returns what the last checkpoint has of a part.
func (r *Run) watermark(part string) record.Millis {
	if w, ok := r.last.Watermarks[part]; ok {
		return w
	}
	return record.StartOfTime
}

// prepare sends a mark through each output, one after the other, and collects the tokens.
func (r *Run) prepare(ctx context.Context, b record.Barrier, t *BarrierTrace) ([]*mark, error) {
	marks := make([]*mark, 0, len(r.outputs))
	for _, o := range r.outputs {
		m := &mark{b, make(chan record.Token, 1), make(chan struct{}), make(chan struct{})}
		if err := o.put(ctx, item{mark: m}); err != nil {
			return nil, err
		}
		select {
		case token := <-m.prepared:
			r.last.Outputs[o.name] = token
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		marks = append(marks, m)
		t.step("prepare " + o.name)
	}
	return marks, nil
}

// save makes r.last durable; only this moves a position.
func (r *Run) save(ctx context.Context, began time.Time) error {
	if err := r.Store.Save(ctx, r.last); err != nil {
		return err
	}
	r.durable.Store(uint64(r.last.Epoch))
	r.last.State = nil
	took := time.Since(began)
	r.meters.checkpointed(time.Now())
	if r.Checkpointed != nil {
		r.Checkpointed(took)
	}
	return nil
}

// first saves checkpoint 0, before the first record is read: else a crash in the first epoch would begin at another
// "latest", or repeat what an output already holds.
func (r *Run) first(ctx context.Context, from record.Position) error {
	r.last = &checkpoint.Checkpoint{From: from, Until: r.until, Outputs: map[string]record.Token{}, Watermarks: map[string]record.Millis{}, Chain: r.Plan.Stateful()}
	r.last.Partitions, r.last.Counts = r.partitions.states(), r.Plan.Counts()
	for _, o := range r.outputs {
		t, err := o.sink.Prepare(ctx, record.Barrier{})
		if err != nil {
			return fmt.Errorf("preparing %s: %w", o.name, err)
		}
		r.last.Outputs[o.name] = t
	}
	if err := r.save(ctx, time.Now()); err != nil {
		return err
	}
	for _, o := range r.outputs {
		if err := o.commit(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

// adopt goes on from a checkpoint that was loaded.
func (r *Run) adopt(c *checkpoint.Checkpoint) {
	r.last, r.epoch = c, c.Epoch
	r.durable.Store(uint64(c.Epoch))
	if store, ok := r.Store.(checkpoint.Dated); ok && !store.Written().IsZero() {
		r.meters.checkpointed(store.Written()) // one is there, and goes stale, before this run has saved its first
	}
	r.last.Chain, r.last.Dropped, r.last.Moved = r.Plan.Stateful(), false, nil
	if r.last.Watermarks = maps.Clone(c.Watermarks); r.last.Watermarks == nil {
		r.last.Watermarks = map[string]record.Millis{}
	}
	r.fit.Store(c.Epoch > 0)
	r.last.Until = r.until
	if r.last.Outputs = maps.Clone(c.Outputs); r.last.Outputs == nil {
		r.last.Outputs = map[string]record.Token{}
	}
}
