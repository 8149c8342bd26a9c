package pipeline

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

const (
	sliceRecords = 1000    // most records that a lane hands on at once
	sliceBytes   = 1 << 20 // and most bytes; a single larger record goes alone
)

// sliceLen returns how many of records make the next slice; records is not empty.
func sliceLen(records []record.Record, most int) int {
	bytes := 0
	for i := range records {
		bytes += len(records[i].Data)
		if i > 0 && (i == most || bytes > sliceBytes) {
			return i
		}
	}
	return len(records)
}

// beforeUntil returns the records up to the first one that arrived after UNTIL, and whether there is such a one.
func (r *Run) beforeUntil(records []record.Record) ([]record.Record, bool) {
	if r.until == nil {
		return records, false
	}
	for i := range records {
		if records[i].Arrival > r.until.Time {
			return records[:i], true
		}
	}
	return records, false
}

// reachedUntil reports whether a call begun at begun that found the tip has seen all that arrived up to UNTIL.
func (r *Run) reachedUntil(begun record.Millis) bool { return r.until != nil && begun > r.until.Time }

// throttle takes tokens for n records that enter the chain, and returns how long they have to wait for them.
func (r *Run) throttle(n int) time.Duration {
	if r.limiter == nil {
		return 0
	}
	return r.limiter.ReserveN(time.Now(), n).Delay()
}
