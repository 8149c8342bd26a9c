package pipeline

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// lane is the ordered work on one partition: it cuts the pages that its fetcher reads ahead into slices, runs the chain
// over them, and hands on what comes out. It is the only one that moves the partition's position.
type lane struct {
	run   *Run
	input int // what tasks know it by
	state record.State
	pages chan *record.Page // 0: a finished page waits in the fetcher's hands
	spare chan *record.Page // pagesPerLane: handled pages on their way back
	cuts  chan *cut         // 1: an epoch is over before the next begins, so the coordinator never waits here

	chain  *operator.Chain
	meters []*StageMeter // by stage
	batch  *record.Batch
	tail   *tail
	meter  *PartitionMeter
	trace  *PageTrace // of the page in hand; nil: it is not traced

	high     atomic.Int64  // the highest event time seen, for the fetcher
	setbacks chan struct{} // 1: one is as good as many
	idleness idleness
}

// pagesPerLane is the page being handled and the page being read.
const pagesPerLane = 2

func newLane(r *Run, s record.State, input int) (*lane, error) {
	chain, err := r.Plan.Instance(0, nil)
	if err != nil {
		return nil, err
	}
	l := &lane{
		run:      r,
		input:    input,
		state:    s,
		pages:    make(chan *record.Page),
		spare:    make(chan *record.Page, pagesPerLane),
		cuts:     make(chan *cut, 1),
		chain:    chain,
		meters:   r.meters.of(chain),
		batch:    record.NewBatch(r.Plan.Slots()),
		tail:     newTail(r, chain, 0, input),
		meter:    r.meters.partition(&s.Partition),
		setbacks: make(chan struct{}, 1),
	}
	l.meter.at(s.Position)
	l.high.Store(int64(record.StartOfTime))
	if chain.Clock != nil {
		chain.Clock.High = s.Event
		l.high.Store(int64(s.Event))
	}
	l.batch.InRounds = true
	if r.until == nil && chain.Carry != nil {
		l.idleness.timeout = r.IdleTimeout
	}
	if r.drift != nil {
		r.drift.open(input)
	}
	for range pagesPerLane {
		p := record.NewPage(r.credit)
		p.OnSetback(l.setback)
		l.spare <- p
	}
	return l, nil
}

// setback notes, from the fetcher, that a call failed or was withheld.
func (l *lane) setback() { l.run.ask(l.setbacks) }

// watermark returns the event time up to which the lane has seen all that it expects.
func (l *lane) watermark() record.Millis {
	if l.chain.Clock == nil {
		return record.StartOfTime
	}
	return l.chain.Clock.Watermark()
}

// work handles pages until the partition has ended, UNTIL has been reached, or a barrier was the last one.
func (l *lane) work(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case c := <-l.cuts:
			if last, err := l.hold(ctx, c); err != nil || last {
				return err
			}
		case <-l.setbacks:
			if err := l.disturbed(ctx); err != nil {
				return err
			}
		case p := <-l.pages:
			over, err := l.traced(ctx, p)
			if err != nil {
				return fmt.Errorf("handling %s: %w", &l.state.Partition, err)
			}
			tip := p.Tip
			p.Reset()
			if over {
				return nil
			}
			if tip {
				p.Records = nil // ten thousand lanes that wait at the tip do not each keep a replay's page
			}
			l.spare <- p
		}
	}
}

// traced handles p, and tells the tracer of it.
func (l *lane) traced(ctx context.Context, p *record.Page) (over bool, err error) {
	if l.trace = l.run.tracePage(&l.state.Partition, p); l.trace == nil {
		return l.page(ctx, p)
	}
	l.tail.follow(l.trace)
	over, err = l.page(ctx, p)
	l.tail.follow(nil)
	l.trace.handled(err)
	l.trace = nil
	return over, err
}

// page handles p slice by slice. over: the lane is done.
func (l *lane) page(ctx context.Context, p *record.Page) (over bool, err error) {
	l.meter.reading.Store(true)
	records, cutAt := l.run.beforeUntil(p.Records)
	for len(records) > 0 {
		n := sliceLen(records, l.run.sliceMax)
		if over, err = l.admit(ctx, n); err != nil || over {
			return over, err
		}
		if err := l.slice(ctx, records[:n], p.Begun); err != nil {
			return false, err
		}
		l.state.Position = record.Behind(&records[n-1])
		records = records[n:]
	}
	if err := l.endPage(ctx, p); err != nil {
		return false, err
	}
	if cutAt {
		return true, l.finish(ctx, nil)
	}
	l.state.Position, l.state.HandledTo = p.End, max(l.state.HandledTo, p.HandledTo)
	l.meter.handledTo.Store(int64(l.state.HandledTo))
	l.meter.at(l.state.Position)
	l.forgetSkips()
	if p.End.Where == record.Ended {
		return true, l.finish(ctx, p.Children)
	}
	if p.Tip && l.run.reachedUntil(p.Begun) {
		return true, l.finish(ctx, nil)
	}
	return false, nil
}

// endPage queues what p has given, lets the tasks know the lane's watermark behind it, and whether the lane is idle.
func (l *lane) endPage(ctx context.Context, p *record.Page) error {
	begins, ends := l.idleness.see(p)
	if ends {
		l.wake()
	}
	if err := l.tail.flush(ctx, l.watermark()); err != nil {
		return err
	}
	if err := l.run.guide.reached(ctx, &l.state, p); err != nil {
		return err
	}
	l.run.clock.see(p.Begun)
	if l.run.drift != nil {
		l.run.drift.at(l.input, record.Millis(l.high.Load()), p.Tip)
	}
	if !begins {
		return nil
	}
	l.run.clock.idle.Add(1)
	return l.tail.exchange.rest(ctx)
}

// disturbed starts the idle time anew, at a call that failed.
func (l *lane) disturbed(ctx context.Context) error {
	if !l.idleness.disturb() {
		return nil
	}
	l.wake()
	return l.tail.flush(ctx, l.watermark())
}

// wake has the next flush tell the tasks that the lane is idle no more.
func (l *lane) wake() {
	l.run.clock.idle.Add(-1)
	l.tail.exchange.wake()
}

// admit waits until n records may enter the chain, and holds where a barrier asks for it. over: that was the last one.
func (l *lane) admit(ctx context.Context, n int) (over bool, err error) {
	var wait <-chan time.Time
	if d := l.run.throttle(n); d > 0 {
		if err := l.tail.flush(ctx, l.watermark()); err != nil { // whoever watches sees what came before the wait
			return false, err
		}
		timer := time.NewTimer(d)
		defer timer.Stop()
		wait = timer.C
	}
	for {
		select {
		case c := <-l.cuts:
			if over, err = l.hold(ctx, c); err != nil || over {
				return over, err
			}
			continue
		default:
		}
		if wait == nil {
			return false, nil
		}
		select {
		case c := <-l.cuts:
			if over, err = l.hold(ctx, c); err != nil || over {
				return over, err
			}
		case <-wait:
			wait = nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// slice runs the chain over records and hands on what comes out.
func (l *lane) slice(ctx context.Context, records []record.Record, now record.Millis) error {
	l.meter.busySince.Store(time.Now().UnixNano())
	defer l.meter.busySince.Store(0)
	l.meter.read(records)
	l.batch.Fill(&l.state.Partition, records)
	l.batch.Now = now
	l.skip()
	rejected, from := 0, 0
	for more := true; more; more = l.batch.Resume() {
		var err error
		if from, err = l.stages(ctx, from); err != nil {
			return err
		}
		if err := l.tail.add(ctx, l.batch); err != nil {
			return err
		}
		rejected += len(l.batch.Rejected)
	}
	l.trace.slice(records, rejected)
	if l.chain.Clock != nil {
		l.state.Event = l.chain.Clock.High
		l.high.Store(int64(l.state.Event))
	}
	if l.run.Plan.Enough() {
		l.run.ask(l.run.enough)
	}
	return nil
}

// stages runs the chain from the from-th stage on, and returns the one that has postponed records, if there is one.
func (l *lane) stages(ctx context.Context, from int) (postponed int, err error) {
	for i := from; i < len(l.chain.Stages); i++ {
		before := l.batch.Postponed()
		if err := l.meters[i].process(ctx, l.chain.Stages[i], l.batch); err != nil {
			return 0, err
		}
		if l.batch.Postponed() > before {
			postponed = i
		}
	}
	return postponed, nil
}

// hold hands the lane's state to the coordinator and waits until the barrier lets it go. last: it never will.
func (l *lane) hold(ctx context.Context, c *cut) (last bool, err error) {
	if err := l.tail.flush(ctx, l.watermark()); err != nil {
		return false, err
	}
	if err := l.run.tell(ctx, event{lane: l, state: l.state}); err != nil {
		return false, err
	}
	select {
	case <-c.resume:
		return c.last, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// finish hands the lane's last state to the coordinator.
func (l *lane) finish(ctx context.Context, children []record.Partition) error {
	if l.run.drift != nil {
		l.run.drift.leave(l.input)
	}
	if l.idleness.disturb() {
		l.run.clock.idle.Add(-1)
	}
	return l.run.tell(ctx, event{lane: l, state: l.state, children: children, finished: true})
}
