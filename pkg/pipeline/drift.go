package pipeline

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// drift keeps lanes together in event time, so that windows don't pile up: a lane that is ahead of the slowest by more than
// a bound stops fetching, never handling. A lane that has read all there is is not slow, and one that has not met a record
// yet is not counted.
type drift struct {
	most record.Millis

	mu    sync.Mutex
	lanes *inputs       // the event times of those that are behind; guarded by mu
	moved chan struct{} // closed, and made anew, when the slowest has moved; guarded by mu
}

func newDrift(most time.Duration) *drift {
	return &drift{most: record.Millis(most.Milliseconds()), lanes: newInputs(record.StartOfTime), moved: make(chan struct{})}
}

// open brings in a lane.
func (d *drift) open(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lanes.open(id, record.StartOfTime)
	d.lanes.idle(id)
}

// at takes note of the highest event time of a lane, and of whether it is at the tip.
func (d *drift) at(id int, high record.Millis, tip bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.slowestLocked()
	if tip || high == record.StartOfTime {
		d.lanes.idle(id)
	} else {
		d.lanes.move(id, high)
	}
	d.tellLocked(before)
}

// leave forgets a lane.
func (d *drift) leave(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.slowestLocked()
	d.lanes.leave(id)
	d.tellLocked(before)
}

// wait blocks while a lane whose highest event time is high is too far ahead, until ctx ends, which is its only error.
func (d *drift) wait(ctx context.Context, high *atomic.Int64) (waited bool, err error) {
	for {
		d.mu.Lock()
		slowest, moved := d.slowestLocked(), d.moved
		d.mu.Unlock()
		h := record.Millis(high.Load())
		if h == record.StartOfTime || slowest == record.EndOfTime || h-slowest <= d.most {
			return waited, nil
		}
		waited = true
		select {
		case <-moved:
		case <-ctx.Done():
			return waited, ctx.Err()
		}
	}
}

// slowestLocked returns the least event time of the lanes that are behind, the end of time where none is.
func (d *drift) slowestLocked() record.Millis {
	if len(d.lanes.busy) == 0 {
		return record.EndOfTime
	}
	return d.lanes.busy[0].watermark
}

func (d *drift) tellLocked(before record.Millis) {
	if d.slowestLocked() != before {
		close(d.moved)
		d.moved = make(chan struct{})
	}
}
