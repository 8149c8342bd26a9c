package wire

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// errUnfamiliar is an answer that the SDK has to read. Nothing of the body has been changed.
var errUnfamiliar = errors.New("not an answer that this package reads")

// recordSpan is where the members of one record stand in the body.
type recordSpan struct {
	data, key, sequence span
	arrival             int64 // milliseconds since 1970
	hasArrival          bool
	encryption          types.EncryptionType
}

// span is a part of the body; to is 0 where there is none.
type span struct{ from, to int }

func (s span) of(body []byte) []byte { return body[s.from:s.to] }

// decode fills out with the answer in body, whose payloads it decodes in place. It reads body to its end before it changes
// anything, so that errUnfamiliar leaves it as it came.
func decode(body []byte, out *kinesis.GetRecordsOutput) error {
	s := &scanner{body: body}
	var spans []recordSpan
	var next span
	var behind *int64
	hasRecords := false
	err := s.object(func(name []byte) error {
		switch string(name) {
		case "Records":
			if hasRecords {
				return errUnfamiliar
			}
			hasRecords = true
			spans = make([]recordSpan, 0, guess(len(body)))
			return s.array(func() error {
				spans = append(spans, recordSpan{})
				return s.record(&spans[len(spans)-1])
			})
		case "NextShardIterator":
			return s.text(&next)
		case "MillisBehindLatest":
			n, err := s.integer()
			behind = &n
			return err
		}
		return errUnfamiliar // ChildShards among them: once in a shard's life
	})
	if err != nil || !s.end() {
		return errUnfamiliar
	}
	if hasRecords {
		if out.Records, err = build(body, spans); err != nil {
			return err
		}
	}
	if next.to > 0 {
		token := string(next.of(body))
		out.NextShardIterator = &token
	}
	out.MillisBehindLatest = behind
	return nil
}

// guess is how many records an answer of n bytes may have: too few costs a copy, too many a little memory.
func guess(n int) int { return min(10_000, n/512+1) }

// record reads one record.
func (s *scanner) record(r *recordSpan) error {
	return s.object(func(name []byte) error {
		switch string(name) {
		case "Data":
			return s.payload(&r.data)
		case "PartitionKey":
			return s.text(&r.key)
		case "SequenceNumber":
			return s.text(&r.sequence)
		case "ApproximateArrivalTimestamp":
			r.hasArrival = true
			return s.seconds(&r.arrival)
		case "EncryptionType":
			var kind span
			if err := s.text(&kind); err != nil {
				return err
			}
			r.encryption = types.EncryptionType(kind.of(s.body))
			return nil
		}
		return errUnfamiliar
	})
}

// build makes the SDK's records of spans: their strings are parts of one, and all that they point to lies in three arrays.
func build(body []byte, spans []recordSpan) ([]types.Record, error) {
	names := 0
	for i := range spans {
		names += spans[i].key.to - spans[i].key.from + spans[i].sequence.to - spans[i].sequence.from
	}
	var (
		records = make([]types.Record, len(spans))
		strs    = make([]string, 2*len(spans))
		times   = make([]time.Time, len(spans))
		text    = make([]byte, 0, names)
	)
	for i := range spans {
		at, r := &spans[i], &records[i]
		if at.data.to > 0 {
			data, err := decodeBase64(at.data.of(body))
			if err != nil {
				return nil, fmt.Errorf("decoding the payload of record %d: %w", i, err)
			}
			r.Data = data
		}
		if at.key.to > 0 {
			text, r.PartitionKey = share(text, at.key.of(body), &strs[2*i])
		}
		if at.sequence.to > 0 {
			text, r.SequenceNumber = share(text, at.sequence.of(body), &strs[2*i+1])
		}
		if at.hasArrival {
			times[i] = time.UnixMilli(at.arrival).UTC()
			r.ApproximateArrivalTimestamp = &times[i]
		}
		r.EncryptionType = at.encryption
	}
	return records, nil
}

// share appends s to text, which has the room and is never written to again, and lets to be a string of it.
func share(text, s []byte, to *string) ([]byte, *string) {
	n := len(text)
	text = append(text, s...)
	if n < len(text) {
		*to = unsafe.String(&text[n], len(text)-n)
	}
	return text, to
}
