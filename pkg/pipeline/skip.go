package pipeline

import (
	"slices"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// skip takes the records that are to be passed by out of the slice in hand, before any stage sees them: what one of them
// does to the chain, such as ending the process, may be why.
func (l *lane) skip() {
	if len(l.state.Skip) == 0 {
		return
	}
	b := l.batch
	b.Filter(func(r *record.Record) bool {
		if !slices.Contains(l.state.Skip, record.Sequence(r.Sequence)) {
			return true
		}
		b.Reject(r, "skip", record.ErrSkipped)
		l.run.Log.Warn("passing a record by, as `kstream seek --skip` asked", zap.Stringer("partition", &l.state.Partition),
			zap.ByteString("sequence", r.Sequence), zap.Uint32("subsequence", r.Subsequence))
		return false
	})
}

// forgetSkips drops what lies behind the position. The sequence that the position is at stays: the rest of its aggregate
// may be in the next page. The slice is never changed in place, since checkpoints share it.
func (l *lane) forgetSkips() {
	if len(l.state.Skip) == 0 {
		return
	}
	at := l.state.Position
	var left []record.Sequence
	for _, s := range l.state.Skip {
		if at.Where != record.Ended && (at.Where != record.After || s.Compare(at.Sequence) >= 0) {
			left = append(left, s)
		}
	}
	l.state.Skip = left
}
