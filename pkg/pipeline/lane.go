package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// lane is the ordered work on one partition: it cuts the pages that its fetcher reads ahead into slices, runs the chain
// over them, and hands on what comes out. It is the only one that moves the partition's position.
type lane struct {
	run   *Run
	state record.State
	pages chan *record.Page // 0: a finished page waits in the fetcher's hands
	spare chan *record.Page // pagesPerLane: handled pages on their way back
	cuts  chan *cut         // 1: an epoch is over before the next begins, so the coordinator never waits here

	chain *operator.Chain
	batch *record.Batch
	out   *outlet
	meter *PartitionMeter
}

// pagesPerLane is the page being handled and the page being read.
const pagesPerLane = 2

func newLane(r *Run, s record.State) *lane {
	l := &lane{
		run:   r,
		state: s,
		pages: make(chan *record.Page),
		spare: make(chan *record.Page, pagesPerLane),
		cuts:  make(chan *cut, 1),
		chain: r.Plan.Instance(),
		batch: record.NewBatch(r.Plan.Slots()),
		meter: r.meters.partition(&s.Partition),
	}
	l.out = newOutlet(r, l.chain)
	for range pagesPerLane {
		l.spare <- record.NewPage(r.credit)
	}
	return l
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
		case p := <-l.pages:
			over, err := l.page(ctx, p)
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
	if err := l.out.flush(ctx); err != nil {
		return false, err
	}
	if cutAt {
		return true, l.finish(ctx, nil)
	}
	l.state.Position, l.state.HandledTo = p.End, max(l.state.HandledTo, p.HandledTo)
	l.meter.handledTo.Store(int64(l.state.HandledTo))
	if p.End.Where == record.Ended {
		return true, l.finish(ctx, p.Children)
	}
	if p.Tip && l.run.reachedUntil(p.Begun) {
		return true, l.finish(ctx, nil)
	}
	return false, nil
}

// admit waits until n records may enter the chain, and holds where a barrier asks for it. over: that was the last one.
func (l *lane) admit(ctx context.Context, n int) (over bool, err error) {
	var wait <-chan time.Time
	if d := l.run.throttle(n); d > 0 {
		if err := l.out.flush(ctx); err != nil { // whoever watches sees what came before the wait
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
	for i := range records {
		l.state.Event = max(l.state.Event, records[i].Event)
	}
	l.batch.Fill(&l.state.Partition, records)
	l.batch.Now = now
	for i, s := range l.chain.Stages {
		if err := l.run.meters.stages[i].process(ctx, s, l.batch); err != nil {
			return err
		}
	}
	if err := l.out.add(ctx, l.batch); err != nil {
		return err
	}
	if l.run.Plan.Enough() {
		l.run.ask(l.run.enough)
	}
	return nil
}

// hold hands the lane's state to the coordinator and waits until the barrier lets it go. last: it never will.
func (l *lane) hold(ctx context.Context, c *cut) (last bool, err error) {
	if err := l.out.flush(ctx); err != nil {
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
	return l.run.tell(ctx, event{lane: l, state: l.state, children: children, finished: true})
}
