package kinesis

import (
	"context"
	"time"

	"github.com/kstream/kstream/pkg/awserror"
)

// A shard's limits, over all who read it by polling (GetRecords in the API reference).
const (
	callsPerSecond = 5
	bytesPerSecond = 2 << 20

	// tipInterval is the pause between two calls at the tip where POLL_INTERVAL says nothing: what KCL 1 took.
	tipInterval = time.Second
)

// pace spaces the calls for one shard.
type pace struct {
	share    float64
	interval *time.Duration // POLL_INTERVAL: the only pacing where it is set
	due      time.Time      // of the next call; zero: at once
}

// wait blocks until the next call is due, or ctx ends.
func (p *pace) wait(ctx context.Context) error { return awserror.Pause(ctx, time.Until(p.due)) }

// called takes note of a call made at begun that gave so many bytes. While behind, what it took of the shard's limits
// comes back before the next one is due.
func (p *pace) called(begun time.Time, bytes int, tip bool) {
	if p.interval != nil {
		p.due = begun.Add(*p.interval)
		return
	}
	seconds := max(1.0/callsPerSecond, float64(bytes)/bytesPerSecond) / p.share
	gap := time.Duration(seconds * float64(time.Second))
	if tip {
		gap = max(gap, tipInterval)
	}
	p.due = begun.Add(gap)
}

// failed takes note of a call that failed and is made again after a wait of backoff.
func (p *pace) failed(begun time.Time, backoff time.Duration) {
	p.called(begun, 0, false)
	if due := time.Now().Add(backoff); due.After(p.due) {
		p.due = due
	}
}

const (
	// pageTarget is the size of page to ask for. Two such pages a second carry all that a shard gives; smaller ones cost
	// calls, larger ones cost memory and cache (10 MiB at once take twice the CPU).
	pageTarget = 3 << 19 // 1.5 MiB
	// pageMax is the most that the service gives at once, in bytes and records.
	pageMax        = 10 << 20
	pageMaxRecords = 10_000
	// firstLimit is asked for while the size of records is not known.
	firstLimit = 1000
	// tipCredit is taken before a call that is expected to bring nothing.
	tipCredit = 1 << 10
)

// sizing works out how much to ask for from what came before.
type sizing struct {
	mean float64 // bytes a record, the last pages' weighing most; 0: not known
	last int     // bytes of the last page
	tip  bool    // it reached the tip
}

func (z *sizing) took(records, bytes int, tip bool) {
	z.last, z.tip = bytes, tip
	if records == 0 {
		return
	}
	mean := float64(bytes) / float64(records)
	if z.mean != 0 {
		mean = (z.mean + mean) / 2
	}
	z.mean = max(mean, 1)
}

// limit returns how many records to ask for.
func (z *sizing) limit() int {
	if z.mean == 0 {
		return firstLimit
	}
	return max(1, min(pageMaxRecords, int(pageTarget/z.mean)))
}

// credit returns the bytes to reserve before a call: while behind as many as it can bring, at the tip what the last one
// brought.
func (z *sizing) credit(maxRecord int) int {
	if z.tip {
		return max(tipCredit, z.last)
	}
	return min(pageMax, z.limit()*(maxRecord+maxKeySize))
}
