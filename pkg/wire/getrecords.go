package wire

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// errUnfamiliar is an answer that the SDK has to read. Nothing of the body has been changed.
var errUnfamiliar = errors.New("not an answer that this package reads")

// decode fills out with the answer in body, and m with its records, whose payloads it decodes in place. It reads body to its
// end before it changes anything, so that errUnfamiliar leaves it as it came.
func decode(body []byte, m *memory, out *kinesis.GetRecordsOutput) error {
	s := &scanner{body: body}
	var next []byte
	var behind *int64
	err := s.object(func(name []byte) error {
		switch string(name) {
		case "Records":
			if m.has {
				return errUnfamiliar
			}
			m.begin(len(body))
			return s.array(func() error {
				m.records = append(m.records, Record{})
				return s.record(&m.records[len(m.records)-1])
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
		m.empty()
		return errUnfamiliar
	}
	for i := range m.records {
		r := &m.records[i]
		if r.Data == nil {
			continue
		}
		if r.Data, err = decodeBase64(r.Data); err != nil {
			return fmt.Errorf("decoding the payload of record %d: %w", i, err)
		}
	}
	if next != nil {
		token := string(next)
		out.NextShardIterator = &token
	}
	out.MillisBehindLatest = behind
	return nil
}

// isPlainGet reports whether in has nothing but what this package writes, and what the SDK would not refuse.
func isPlainGet(in *kinesis.GetRecordsInput) bool {
	return in.ShardIterator != nil && in.DryRun == nil && in.StreamId == nil
}

// encodeGet writes a request for records in JSON.
func encodeGet(in *kinesis.GetRecordsInput) []byte {
	b := append(make([]byte, 0, 512), '{') // an iterator has some 200 to 400 bytes
	if in.Limit != nil {
		b = append(b, `"Limit":`...)
		b = append(strconv.AppendInt(b, int64(*in.Limit), 10), ',')
	}
	b = appendMember(b, "ShardIterator", in.ShardIterator)
	b = appendMember(b, "StreamARN", in.StreamARN)
	return closeObject(b)
}

// begin makes room for the records of an answer of n bytes: too little costs a copy, too much a little memory.
func (m *memory) begin(n int) {
	m.has = true
	if m.records == nil {
		m.records = make([]Record, 0, min(10_000, n/512+1))
	}
}

// record reads one record; its Data is left in base64.
func (s *scanner) record(r *Record) error {
	return s.object(func(name []byte) error {
		switch string(name) {
		case "Data":
			return s.payload(&r.Data)
		case "PartitionKey":
			return s.text(&r.Key)
		case "SequenceNumber":
			return s.text(&r.Sequence)
		case "ApproximateArrivalTimestamp":
			if r.hasArrival {
				return errUnfamiliar
			}
			r.hasArrival = true
			return s.seconds(&r.Arrival)
		case "EncryptionType":
			var kind []byte
			err := s.text(&kind)
			r.encryption = encryptionOf(kind)
			return err
		}
		return errUnfamiliar
	})
}
