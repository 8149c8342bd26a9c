package pipeline

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// serviceClock is the service's time as the calls of all lanes have told it, and how many lanes are idle: what event time
// follows while nothing comes.
type serviceClock struct {
	now  atomic.Int64 // record.Millis
	idle atomic.Int64
}

// see takes note of a call that began at now.
func (c *serviceClock) see(now record.Millis) {
	for {
		was := c.now.Load()
		if int64(now) <= was || c.now.CompareAndSwap(was, int64(now)) {
			return
		}
	}
}

// clockInterval is how often event time moves on while all lanes are idle.
const clockInterval = time.Second

// tickClock moves event time on where every lane is idle. A task that knows better does not follow.
func (r *Run) tickClock(ctx context.Context) error {
	n := int64(len(r.lanes))
	if n == 0 || r.clock.idle.Load() < n {
		return nil
	}
	w := record.Millis(r.clock.now.Load()).Add(-r.lineage.clock.Disorder - r.IdleTimeout)
	return broadcast(ctx, r.tasks[1], message{kind: kindClock, watermark: w})
}

// clockTicks returns when event time is to be looked at, nil where it never follows a clock.
func (r *Run) clockTicks() (ticks <-chan time.Time, stop func()) {
	if len(r.tasks) < 2 || r.until != nil || r.IdleTimeout == 0 {
		return nil, func() {}
	}
	t := time.NewTicker(clockInterval)
	return t.C, t.Stop
}
