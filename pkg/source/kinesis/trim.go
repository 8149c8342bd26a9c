package kinesis

import (
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// lost says and measures that the records which arrived from handledTo up to until were dropped before they were read.
// handledTo 0 is not known.
func (st *stream) lost(shard, why string, handledTo, until record.Millis) {
	fields := []zap.Field{zap.String("stream", st.name), zap.String("shard", shard)}
	if handledTo == 0 {
		st.source.log.Error("records were lost: "+why, append(fields, zap.String("span", "not known"))...)
		st.source.config.Observer.Trimmed(st.name, shard, 0)
		return
	}
	span := max(0, until.Sub(handledTo))
	st.source.log.Error("records were lost: "+why, append(fields, zap.Duration("span", span),
		zap.Time("from", handledTo.Time()), zap.Time("to", until.Time()))...)
	st.source.config.Observer.Trimmed(st.name, shard, span)
}

// lostShard says what is lost with a shard that is gone and was not read to its end. Where all that arrived up to the
// retention's horizon was handled, that is nothing: a shard goes when its last record does.
func (st *stream) lostShard(shard string, handledTo record.Millis) {
	if horizon := st.horizon(); handledTo == 0 || handledTo < horizon {
		st.lost(shard, "the shard is no longer there and had not been read to its end", handledTo, horizon)
	}
}

// first is what an answer says about trimming: its first record, if it has one.
type first struct {
	present  bool
	sequence record.Sequence
	arrival  record.Millis
}

// judge decides whether the service dropped records ahead of an answer: those that arrived between what has been handled
// and the retention's horizon. to is the service's time up to which the answer reaches.
//
// Behind a resume it waits for the first record, or the tip. The saved record that comes back first proves that nothing
// is missing. One that does not is no proof that something is: on an idle shard it has merely grown old, and what counts
// is whether the horizon has passed the time up to which all was handled.
func (r *reader) judge(f first, to record.Millis, tip bool) {
	if r.resumed && !f.present && !tip {
		return
	}
	horizon := r.stream.horizon()
	back := r.resumed && f.present && f.sequence == r.saved
	missing := r.resumed && f.present && r.saved != "" && !back
	r.resumed = false
	until := min(horizon, to)
	if f.present {
		until = min(horizon, f.arrival)
	}
	switch {
	case back:
	case f.present && f.arrival < horizon && !missing: // what is older than the horizon is still there
	case r.handledTo != 0 && until > r.handledTo:
		r.stream.lost(r.shard, "the stream's retention had passed before they were read", r.handledTo, until)
	case r.handledTo == 0 && missing:
		r.stream.lost(r.shard, "the record to go on behind is no longer there", 0, until)
	}
}
