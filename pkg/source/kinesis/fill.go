package kinesis

import (
	"bytes"
	"sync"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/wire"
)

// splitters are shared by all readers: each is used for the length of a page.
var splitters = sync.Pool{New: func() any { return new(kpl.Splitter) }}

// sequenceOf returns the sequence number as positions have it: without leading zeros.
func sequenceOf(r *wire.Record) []byte { return bytes.TrimLeft(r.Sequence, "0") }

func firstOf(records []wire.Record) first {
	if len(records) == 0 {
		return first{}
	}
	r := &records[0]
	return first{present: true, sequence: record.Sequence(sequenceOf(r)), arrival: record.Millis(r.Arrival)}
}

// fill puts the records of an answer into the page, taking aggregates apart, and moves the reader behind them. It returns
// the bytes of what came, all of which lie in the answer's buffer until the page is reset. This is the one place that
// knows the records of the wire.
func (r *reader) fill(p *record.Page, answer []wire.Record) (came int) {
	splitter := splitters.Get().(*kpl.Splitter)
	defer splitters.Put(splitter)
	var last record.Record
	for i := range answer {
		in := &answer[i]
		arrival := record.Millis(in.Arrival)
		whole := record.Record{Data: in.Data, Key: in.Key, Sequence: sequenceOf(in), Arrival: arrival, Event: arrival}
		came += whole.Size()
		subsequence := r.unpack(p, splitter, &whole)
		if i == len(answer)-1 {
			last = whole
			last.Subsequence = subsequence
		}
	}
	if len(answer) > 0 && r.skip == (record.Position{}) { // what lies before the position does not move it
		r.position = record.Behind(&last)
	}
	p.End = r.position
	return came
}

// unpack adds one record of the wire, or the records in it, to the page, leaving out what lies before the reader's
// position. It returns the last subsequence number in it.
func (r *reader) unpack(p *record.Page, splitter *kpl.Splitter, whole *record.Record) (last uint32) {
	from, none := r.skipped(whole)
	records, aggregate := splitter.Split(whole.Data)
	if aggregate && len(records) > 0 {
		last = uint32(len(records) - 1)
	}
	switch {
	case none || from > last:
	case aggregate && r.split:
		r.add(p, whole, records, from)
	default:
		// Also an aggregate that is handed on as it is: a run that took it apart may have stopped inside it, and what is
		// left of it only comes with all of it.
		p.Records = append(p.Records, *whole)
	}
	if !r.split {
		return 0
	}
	return last
}

// skipped tells how much of a record lies before the reader's position: its subsequence numbers below from, or all.
func (r *reader) skipped(in *record.Record) (from uint32, none bool) {
	switch r.skip.Where {
	case record.AtTime:
		if in.Arrival != 0 && in.Arrival < r.skip.Time {
			return 0, true
		}
	case record.At, record.After:
		switch record.Sequence(in.Sequence).Compare(r.skip.Sequence) {
		case -1:
			return 0, true
		case 0:
			from = r.skip.Subsequence
			if r.skip.Where == record.After {
				from++
			}
		}
	}
	r.skip = record.Position{}
	return from, false
}

// add adds the records of an aggregate that lie at from or behind it.
func (r *reader) add(p *record.Page, whole *record.Record, records []kpl.UserRecord, from uint32) {
	if r.hashes != kpl.All && !kpl.Belongs(records, r.hashes) {
		r.stream.source.config.Observer.Dropped(r.stream.name, r.shard, len(records))
		r.stream.source.log.Warn("dropping an aggregate whose records do not all belong to its shard, as KCL does: see DEAGGREGATE",
			zap.String("stream", r.stream.name), zap.String("shard", r.shard),
			zap.ByteString("sequence", whole.Sequence), zap.Int("records", len(records)))
		return
	}
	for i := range records {
		if uint32(i) < from {
			continue
		}
		u := *whole
		u.Data, u.Key, u.Subsequence = records[i].Data, records[i].Key, uint32(i)
		p.Records = append(p.Records, u)
	}
}
