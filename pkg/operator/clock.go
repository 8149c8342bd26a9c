package operator

import (
	"math"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Clock is what a lane knows of event time. A lane has one, and so one user at a time.
type Clock struct {
	// High is the highest event time seen, StartOfTime for none. The lane sets it from its state before the first batch
	// and reads it back after each.
	High record.Millis
	// Disorder is how much earlier than High a record may still come.
	Disorder time.Duration

	stopped bool // a limit has been reached: what comes behind has not happened
}

// Watermark returns the event time up to which the lane has seen all it expects: High less the disorder, StartOfTime where
// nothing has been seen.
func (c *Clock) Watermark() record.Millis { return less(c.High, c.Disorder) }

// See sets r's event time, and its watermark to the lane's as it was before r, and moves High.
func (c *Clock) See(r *record.Record, event record.Millis) {
	r.Event, r.Watermark = event, c.Watermark()
	if !c.stopped {
		c.High = max(c.High, event)
	}
}

// stopBefore takes back r and all that was seen behind it, and has nothing more be seen.
func (c *Clock) stopBefore(r *record.Record) {
	if c.stopped {
		return
	}
	c.stopped = true
	if c.High = record.StartOfTime; r.Watermark != record.StartOfTime {
		c.High = plus(r.Watermark, c.Disorder)
	}
}

// stopBehind is stopBefore for what was seen behind r.
func (c *Clock) stopBehind(r *record.Record) {
	if !c.stopped {
		c.stopBefore(r)
		c.High = max(c.High, r.Event)
	}
}

// less returns t less d. What would be before the start of time is the start; the end of time stays what it is.
func less(t record.Millis, d time.Duration) record.Millis {
	n := record.Millis(d / time.Millisecond)
	if t == record.EndOfTime {
		return t
	}
	if t < math.MinInt64+n {
		return record.StartOfTime
	}
	return t - n
}

// plus returns t plus d, and the end of time where that would be behind it.
func plus(t record.Millis, d time.Duration) record.Millis {
	n := record.Millis(d / time.Millisecond)
	if t > math.MaxInt64-n {
		return record.EndOfTime
	}
	return t + n
}

// floor returns the last multiple of step at or before t, which is not near the start of time.
func floor(t, step record.Millis) record.Millis {
	past := t % step
	if past < 0 {
		past += step
	}
	return t - past
}
