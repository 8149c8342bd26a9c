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
	b.add(c, fmt.Sprintf("limit %d", n), func() Stage { return l })
}

// limit is the one stage that all lanes share.
type limit struct {
	most  int64
	count atomic.Int64
}

// Process lets as many records pass as the count has room for, and takes the room once a batch.
func (s *limit) Process(_ context.Context, b *record.Batch) error {
	for {
		count := s.count.Load()
		n := min(int64(len(b.Records)), max(0, s.most-count))
		if s.count.CompareAndSwap(count, count+n) {
			b.Records = b.Records[:n]
			return nil
		}
	}
}

// Enough reports whether a limit has been reached: the run is to end as at a signal.
func (p *Plan) Enough() bool {
	for _, l := range p.limits {
		if l.count.Load() >= l.most {
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
