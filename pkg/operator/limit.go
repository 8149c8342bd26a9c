package operator

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/record"
)

// limit N lets N records pass, over all lanes together, and then ends the run. Which ones goes by arrival here. The count
// is in the checkpoint: a run that goes on goes on counting.
func compileLimit(b *builder, c *clause) {
	arg, ok := b.one(c, "a number: limit 100")
	if !ok {
		return
	}
	n, err := strconv.ParseInt(arg.String(), 10, 64)
	if err != nil || n < 1 {
		b.fault(arg, "limit needs a whole number of 1 or more", "limit 100")
		return
	}
	l := &limit{most: n}
	b.plan.limits = append(b.plan.limits, l)
	b.step(step{label: c.label(), text: fmt.Sprintf("limit %d", n), ends: true, stage: func(in *instance) (Stage, error) {
		if in.seen != nil && l.reached() {
			in.seen.stopped = true
		}
		return &limited{l, in.seen}, nil
	}})
}

// limit is a count that all lanes share.
type limit struct {
	most  int64
	count atomic.Int64
}

// take returns how many of n records may pass.
func (l *limit) take(n int) int {
	for {
		count := l.count.Load()
		pass := min(int64(n), max(0, l.most-count))
		if l.count.CompareAndSwap(count, count+pass) {
			return int(pass)
		}
	}
}

func (l *limit) reached() bool { return l.count.Load() >= l.most }

// limited is one lane's limit, or one task's.
type limited struct {
	*limit
	clock *Clock // that has seen the records already; nil where none has
}

// Process lets as many records pass as the count has room for, and takes the room once a batch. What comes behind the last one
// has not happened, be it filtered or not: it moves no watermark, so that windows are as far as the records that passed.
func (s *limited) Process(_ context.Context, b *record.Batch) error {
	pass := s.take(len(b.Records))
	if s.clock != nil && s.reached() {
		if pass > 0 {
			s.clock.stopBehind(&b.Records[pass-1])
		} else {
			s.clock.stopBefore(&b.Records[0])
		}
	}
	b.Records = b.Records[:pass]
	return nil
}

// Enough reports whether a limit has been reached: the run is to end as at a signal.
func (p *Plan) Enough() bool {
	for _, l := range p.limits {
		if l.reached() {
			return true
		}
	}
	return false
}

// Counts returns how many records have passed each limit, for the checkpoint. It is exact while no lane is in Process.
func (p *Plan) Counts() map[string]int64 {
	counts := make(map[string]int64, len(p.limits))
	for i, l := range p.limits {
		counts[strconv.Itoa(i+1)] = l.count.Load()
	}
	return counts
}

// Restore sets what Counts returned, before the first Process. Limits are known by their place among the limits; one that
// the counts do not have begins at 0.
func (p *Plan) Restore(counts map[string]int64) {
	for i, l := range p.limits {
		l.count.Store(counts[strconv.Itoa(i+1)])
	}
}
