package wire

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// decodeCBOR fills out with the answer in body, which the records' Data stay parts of. Members that it does not know are
// passed over, as the SDK does.
func decodeCBOR(body []byte, out *kinesis.GetRecordsOutput) error {
	r := &cborReader{body: body}
	b := &recordBuilder{}
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "Records":
			b.begun = true
			r.elements(func() { b.record(r) })
		case "NextShardIterator":
			out.NextShardIterator = r.stringValue()
		case "MillisBehindLatest":
			n := r.integer()
			out.MillisBehindLatest = &n
		case "ChildShards":
			out.ChildShards = []types.ChildShard{}
			r.elements(func() { out.ChildShards = append(out.ChildShards, r.childShard()) })
		default:
			r.skip(0)
		}
	})
	if r.err == nil && r.at != len(body) {
		r.fail()
	}
	if r.err == nil && b.begun {
		out.Records = b.build()
	}
	return r.err
}

func (r *cborReader) stringValue() *string {
	s := string(r.str(majorText))
	return &s
}

func (r *cborReader) childShard() (c types.ChildShard) {
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "ShardId":
			c.ShardId = r.stringValue()
		case "ParentShards":
			r.elements(func() { c.ParentShards = append(c.ParentShards, *r.stringValue()) })
		case "HashKeyRange":
			c.HashKeyRange = &types.HashKeyRange{}
			r.members(func(name []byte) {
				switch string(name) {
				case "StartingHashKey":
					c.HashKeyRange.StartingHashKey = r.stringValue()
				case "EndingHashKey":
					c.HashKeyRange.EndingHashKey = r.stringValue()
				default:
					r.skip(0)
				}
			})
		default:
			r.skip(0)
		}
	})
	return c
}

// recordBuilder gathers records and makes the SDK's of them: their strings are parts of one, as in build.
type recordBuilder struct {
	begun bool
	items []cborRecord
	names int
}

type cborRecord struct {
	data, key, sequence []byte // nil where there is none
	arrival             int64
	hasArrival          bool
	encryption          types.EncryptionType
}

func (b *recordBuilder) record(r *cborReader) {
	var c cborRecord
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "Data":
			c.data = present(r.str(majorBytes))
		case "PartitionKey":
			c.key = present(r.str(majorText))
		case "SequenceNumber":
			c.sequence = present(r.str(majorText))
		case "ApproximateArrivalTimestamp":
			c.arrival, c.hasArrival = r.millis(), true
		case "EncryptionType":
			c.encryption = types.EncryptionType(r.str(majorText))
		default:
			r.skip(0)
		}
	})
	b.names += len(c.key) + len(c.sequence)
	b.items = append(b.items, c)
}

// present makes an empty string differ from none.
func present(p []byte) []byte {
	if p == nil {
		return []byte{}
	}
	return p
}

func (b *recordBuilder) build() []types.Record {
	var (
		records = make([]types.Record, len(b.items))
		strs    = make([]string, 2*len(b.items))
		times   = make([]time.Time, len(b.items))
		text    = make([]byte, 0, b.names)
	)
	for i := range b.items {
		c, r := &b.items[i], &records[i]
		r.Data, r.EncryptionType = c.data, c.encryption
		if c.key != nil {
			text, r.PartitionKey = share(text, c.key, &strs[2*i])
		}
		if c.sequence != nil {
			text, r.SequenceNumber = share(text, c.sequence, &strs[2*i+1])
		}
		if c.hasArrival {
			times[i] = time.UnixMilli(c.arrival).UTC()
			r.ApproximateArrivalTimestamp = &times[i]
		}
	}
	return records
}
