package wire

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// Record is one record of an answer, as it came: an aggregate is one. Its bytes are the Buffer's, until that is released.
type Record struct {
	// Data, Key and Sequence are nil where the answer has none.
	Data, Key, Sequence []byte
	// Arrival is in milliseconds since 1970, 0 where the answer has none.
	Arrival int64

	hasArrival bool
	encryption types.EncryptionType
}

// Records returns the records of out, the answer to the call that was made with b. Those that the SDK had to read, or a client
// without this package's protocol, come as copies. It is nil where the answer does not say what records there are, which one
// of the service always does.
func (b *Buffer) Records(out *kinesis.GetRecordsOutput) []Record {
	switch {
	case out.Records != nil: // the SDK's own
	case b.memory != nil && b.memory.has:
		return b.memory.records
	default:
		return nil
	}
	records := make([]Record, len(out.Records))
	for i := range out.Records {
		from, r := &out.Records[i], &records[i]
		r.Data, r.encryption = from.Data, from.EncryptionType
		if from.PartitionKey != nil {
			r.Key = []byte(*from.PartitionKey)
		}
		if from.SequenceNumber != nil {
			r.Sequence = []byte(*from.SequenceNumber)
		}
		if from.ApproximateArrivalTimestamp != nil {
			r.Arrival, r.hasArrival = from.ApproximateArrivalTimestamp.UnixMilli(), true
		}
	}
	return records
}

// fill gives out the records that b's body has, for a caller that does not know of b.
func (b *Buffer) fill(out *kinesis.GetRecordsOutput) {
	if b.memory.has {
		out.Records = sdkRecords(b.memory.records)
	}
}

// sdkRecords makes the SDK's records: their strings are parts of one, and all that they point to lies in three arrays. Data
// stays where it is.
func sdkRecords(from []Record) []types.Record {
	names := 0
	for i := range from {
		names += len(from[i].Key) + len(from[i].Sequence)
	}
	var (
		records = make([]types.Record, len(from))
		strs    = make([]string, 2*len(from))
		times   = make([]time.Time, len(from))
		text    = make([]byte, 0, names)
	)
	for i := range from {
		in, r := &from[i], &records[i]
		r.Data, r.EncryptionType = in.Data, in.encryption
		if in.Key != nil {
			text, r.PartitionKey = share(text, in.Key, &strs[2*i])
		}
		if in.Sequence != nil {
			text, r.SequenceNumber = share(text, in.Sequence, &strs[2*i+1])
		}
		if in.hasArrival {
			times[i] = time.UnixMilli(in.Arrival).UTC()
			r.ApproximateArrivalTimestamp = &times[i]
		}
	}
	return records
}

// encryptionOf returns the type of that name, without allocating for those there are.
func encryptionOf(name []byte) types.EncryptionType {
	switch string(name) {
	case "NONE":
		return types.EncryptionTypeNone
	case "KMS":
		return types.EncryptionTypeKms
	case "":
		return ""
	}
	return types.EncryptionType(name)
}
