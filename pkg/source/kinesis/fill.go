package kinesis

import (
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// splitters are shared by all readers: each is used for the length of a page.
var splitters = sync.Pool{New: func() any { return new(kpl.Splitter) }}

func sequenceOf(r *types.Record) string { return strings.TrimLeft(*r.SequenceNumber, "0") }

func arrivalOf(r *types.Record) record.Millis {
	if r.ApproximateArrivalTimestamp == nil {
		return 0
	}
	return record.MillisOf(*r.ApproximateArrivalTimestamp)
}

func firstOf(out *kinesis.GetRecordsOutput) first {
	if len(out.Records) == 0 {
		return first{}
	}
	r := &out.Records[0]
	return first{present: true, sequence: record.Sequence(sequenceOf(r)), arrival: arrivalOf(r)}
}

// fill puts the records of an answer into the page, taking aggregates apart, and moves the reader behind them. It returns
// the bytes that the page holds. Payloads lie in the answer's buffer, until the page is reset; keys and sequence numbers, which come as
// strings, share one array. This is the one place that knows the records of the wire.
func (r *reader) fill(p *record.Page, answer []types.Record) (bytes int) {
	names := 0
	for i := range answer {
		names += len(*answer[i].SequenceNumber) + len(aws.ToString(answer[i].PartitionKey))
		bytes += len(answer[i].Data)
	}
	text := make([]byte, 0, names)
	splitter := splitters.Get().(*kpl.Splitter)
	defer splitters.Put(splitter)
	var last record.Record
	for i := range answer {
		in := &answer[i]
		whole := record.Record{Data: in.Data, Arrival: arrivalOf(in)}
		whole.Event = whole.Arrival
		text, whole.Sequence = keep(text, sequenceOf(in))
		text, whole.Key = keep(text, aws.ToString(in.PartitionKey))
		last = whole
		last.Subsequence = r.unpack(p, splitter, &whole)
	}
	if len(answer) > 0 && r.skip == (record.Position{}) { // what lies before the position does not move it
		r.position = record.Behind(&last)
	}
	p.End = r.position
	return bytes + len(text)
}

// keep appends s to text, which has the room, and returns the part that it is in.
func keep(text []byte, s string) (all, part []byte) {
	n := len(text)
	text = append(text, s...)
	return text, text[n:len(text):len(text)]
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
