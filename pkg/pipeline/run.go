package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// Run is one run of a chain over a source, and its coordinator: the one goroutine that knows all partitions and cuts
// barriers. Only Stats, Health and Ready may be called while it runs.
type Run struct {
	Config

	credit   *credit
	meters   *meters
	limiter  *rate.Limiter // nil: no throttle
	sliceMax int
	until    *checkpoint.Until
	sink     *output
	letters  *output // nil: dead letters are discarded
	outputs  []*output
	guide    *guide // nil: the sink merges nothing

	fit     atomic.Bool   // a record of this job has gone out
	durable atomic.Uint64 // the last epoch that is saved
	clock   serviceClock
	drift   *drift    // nil: a lane may get as far ahead as it can
	tasks   [][]*task // by part; the lanes' is empty
	batches sync.Pool // of *record.Batch, between senders and tasks

	discovered chan []record.Partition // 0
	events     chan event              // 0
	enough     chan struct{}           // 1: one is as good as many
	full       chan struct{}           // 1: a task has changed so much state that it wants a barrier

	// The coordinator's.
	partitions *partitions
	lineage    lineage
	lanes      map[*lane]struct{}
	complete   bool // no partition can appear any more
	last       *checkpoint.Checkpoint
	epoch      record.Epoch
}

// event is what a lane tells the coordinator: that it holds, or that it is finished.
type event struct {
	lane     *lane
	state    record.State
	children []record.Partition
	finished bool
}

// New returns a run that has not started. It closes nothing of what it is given but the sinks, at the end of Run.
func New(c Config) (*Run, error) {
	if c.Source == nil || c.Plan == nil || c.Sink.Sink == nil || c.Store == nil || c.Log == nil || c.Interval <= 0 || c.Buffer <= 0 || c.Parallelism < 1 || c.Parallelism > record.Groups {
		return nil, errors.New("a run needs a source, a plan, a sink, a store, a log, an interval, a buffer and 1 to 256 tasks")
	}
	r := &Run{
		Config: c, credit: newCredit(c.Buffer), sliceMax: sliceRecords,
		discovered: make(chan []record.Partition), events: make(chan event), enough: make(chan struct{}, 1),
		full: make(chan struct{}, 1), lanes: map[*lane]struct{}{}, meters: newMeters(),
		batches: sync.Pool{New: func() any { return record.NewBatch(c.Plan.Slots()) }},
	}
	r.meters.mayAllFail = c.MayAllFail
	lane, err := c.Plan.Instance(0, nil)
	if err != nil {
		return nil, err
	}
	r.meters.of(lane)
	if lane.Clock != nil {
		r.lineage.clock.Disorder = lane.Clock.Disorder
	}
	if lane.Carry != nil && c.MaxDrift > 0 {
		r.drift = newDrift(c.MaxDrift)
	}
	if per := c.Plan.Throttle(); per > 0 {
		// A tenth of a second's worth enters at once, so that a rate is a rate and no stutter.
		r.sliceMax = max(1, min(sliceRecords, int(per/10)))
		r.limiter = rate.NewLimiter(rate.Limit(per), r.sliceMax)
	}
	r.sink = newOutput(c.Sink.Name, c.Sink.Sink, r.meters.output(c.Sink.Name))
	r.outputs = []*output{r.sink}
	if c.Plan.Parts() == 1 {
		r.guide = newGuide(r.sink)
	}
	if c.DeadLetters.Sink != nil {
		r.letters = newOutput(c.DeadLetters.Name, c.DeadLetters.Sink, r.meters.output(c.DeadLetters.Name))
		r.outputs = append(r.outputs, r.letters)
	}
	return r, nil
}

// Run runs until the input has ended, UNTIL or a limit has been reached, or stop has ended; each of these is a last
// barrier, and nil. Where ctx ends, the epoch in hand is abandoned. When Run returns, it has joined every goroutine.
func (r *Run) Run(ctx, stop context.Context) (err error) {
	defer func() {
		for _, o := range r.outputs {
			if cerr := o.sink.Close(); cerr != nil && err == nil {
				err = fmt.Errorf("closing %s: %w", o.name, cerr)
			}
		}
	}()
	// Until there is something to drain, a stop simply ends the start.
	starting, started := context.WithCancelCause(ctx)
	defer started(nil)
	defer context.AfterFunc(stop, func() { started(errStopped) })()
	if err := r.start(starting); err != nil {
		if errors.Is(context.Cause(starting), errStopped) {
			return nil
		}
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	done := make(chan struct{})
	for _, o := range r.outputs {
		g.Go(func() error { return o.write(ctx, done) })
	}
	for _, part := range r.tasks {
		for _, t := range part {
			g.Go(func() error { return t.work(ctx, done) })
		}
	}
	g.Go(func() error { return r.discover(ctx, reading) })
	g.Go(func() error {
		defer close(done)
		defer stopReading()
		return r.coordinate(ctx, stop, reading, stopReading, g)
	})
	return g.Wait()
}

var errStopped = errors.New("stopped")

// discover brings the coordinator the partitions that appear, until there can be no more.
func (r *Run) discover(ctx, reading context.Context) error {
	for {
		ps, err := r.Source.Partitions(reading)
		if err != nil && !errors.Is(err, io.EOF) {
			if reading.Err() != nil {
				return nil //nolint:nilerr // reading was ended by the coordinator, who knows why
			}
			return fmt.Errorf("listing partitions: %w", err)
		}
		if err != nil {
			ps = nil // nil stands for "no more"
		}
		select {
		case r.discovered <- ps:
		case <-reading.Done():
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
		if ps == nil {
			return nil
		}
	}
}

// coordinate opens partitions and cuts barriers until the run is over, and cuts the last one.
func (r *Run) coordinate(ctx, stop, reading context.Context, stopReading func(), g *errgroup.Group) error {
	tick := time.NewTicker(r.Interval)
	defer tick.Stop()
	ticks, stopTicks := r.clockTicks()
	defer stopTicks()
	asks := r.asks()
	for over := false; !over; {
		if err := r.openReady(ctx, reading, g); err != nil {
			return err
		}
		if r.done() {
			return r.end(ctx, stop)
		}
		var err error
		select {
		case ps := <-r.discovered:
			r.appeared(ps)
		case e := <-r.events:
			r.take(e)
		case <-ticks:
			err = r.tickClock(ctx)
		case <-tick.C:
			over, err = r.barrier(ctx, stop, false)
		case <-asks:
			over, err = r.barrier(ctx, stop, false)
		case <-r.full:
			over, err = r.barrier(ctx, stop, false)
		case <-r.enough:
			stopReading()
			r.last.Until = nil
			over, err = r.barrier(ctx, stop, true)
		case <-stop.Done():
			stopReading()
			over, err = r.barrier(ctx, stop, true)
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// end ends a run that has read all there is: event time goes to its end, so that every window fires, and then comes the last
// barrier. Not so where a limit has been reached with the last page: that fires none, whichever of the two is noticed first.
func (r *Run) end(ctx, stop context.Context) error {
	if len(r.tasks) > 1 && !r.Plan.Enough() {
		if err := broadcast(ctx, r.tasks[1], message{kind: kindEnded}); err != nil {
			return err
		}
	}
	r.last.Until = nil // the next bounded run has an end of its own
	_, err := r.barrier(ctx, stop, true)
	return err
}

// openReady starts a lane for each partition that may be read now.
func (r *Run) openReady(ctx, reading context.Context, g *errgroup.Group) error {
	begin := r.partitions.open()
	if err := r.openInputs(ctx, begin); err != nil {
		return err
	}
	if err := r.guide.opened(ctx, begin); err != nil {
		return err
	}
	for _, s := range begin {
		l, err := newLane(r, s, r.lineage.inputs[s.Partition.ID])
		if err != nil {
			return err
		}
		r.lanes[l] = struct{}{}
		own, cancel := context.WithCancel(reading)
		g.Go(func() error { return l.fetch(ctx, own, s) })
		g.Go(func() error {
			defer cancel()
			return l.work(ctx)
		})
	}
	r.meters.started.Store(true)
	if err := r.guide.leave(ctx); err != nil {
		return err
	}
	return r.closeInputs(ctx)
}

func (r *Run) appeared(ps []record.Partition) {
	if ps == nil {
		r.complete, r.discovered = true, nil
	}
	for _, p := range ps {
		r.partitions.add(p)
	}
}

// take keeps what a lane said.
func (r *Run) take(e event) {
	if !e.finished {
		r.partitions.hold(e.state)
		return
	}
	r.partitions.finish(e.state, e.children)
	if e.state.Position.Where == record.Ended {
		r.lineage.ended = append(r.lineage.ended, e.state.Partition.ID)
	}
	delete(r.lanes, e.lane)
	r.guide.finished(e.state.Partition.ID)
	r.meters.gone(e.lane.meter)
}

// done reports whether nothing is left to read. With UNTIL nothing new can begin once all lanes are done.
func (r *Run) done() bool {
	return r.partitions.running == 0 && (r.complete || r.until != nil)
}

// asks returns where an output wishes for an early barrier, nil where none does. There is one at most: dead letters don't roll.
func (r *Run) asks() <-chan struct{} {
	for _, o := range r.outputs {
		if a, ok := o.sink.(record.Asker); ok {
			return a.Asks()
		}
	}
	return nil
}

// ask sends on a channel of size 1 on which one value is as good as many.
func (*Run) ask(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// tell gives the coordinator an event.
func (r *Run) tell(ctx context.Context, e event) error {
	select {
	case r.events <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
