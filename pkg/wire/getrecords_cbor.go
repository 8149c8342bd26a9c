package wire

import (
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// decodeCBOR fills out with the answer in body, and m with its records, which stay parts of it. Members that it does not know
// are passed over, as the SDK does.
func decodeCBOR(body []byte, m *memory, out *kinesis.GetRecordsOutput) error {
	r := &cborReader{body: body}
	r.members(func(name []byte) {
		if r.isNull() {
			return
		}
		switch string(name) {
		case "Records":
			m.begin(len(body))
			r.elements(func() {
				m.records = append(m.records, Record{})
				r.record(&m.records[len(m.records)-1])
			})
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

// record reads one record. It is members written out, for the one map of which there are thousands.
func (r *cborReader) record(to *Record) {
	major, n := r.head()
	if major != majorMap {
		r.fail()
		return
	}
	for i := uint64(0); i != n && r.err == nil; i++ {
		if n == indefinite && r.atBreak() {
			r.broke()
			return
		}
		name := r.str(majorText)
		if r.isNull() {
			continue
		}
		r.recordMember(name, to)
	}
}

func (r *cborReader) recordMember(name []byte, to *Record) {
	switch string(name) {
	case "Data":
		to.Data = some(r.str(majorBytes))
	case "PartitionKey":
		to.Key = some(r.str(majorText))
	case "SequenceNumber":
		to.Sequence = some(r.str(majorText))
	case "ApproximateArrivalTimestamp":
		to.Arrival, to.hasArrival = r.millis(), true
	case "EncryptionType":
		to.encryption = encryptionOf(r.str(majorText))
	default:
		r.skip(0)
	}
}

// some makes an empty string differ from none.
func some(p []byte) []byte {
	if p == nil {
		return []byte{}
	}
	return p
}
