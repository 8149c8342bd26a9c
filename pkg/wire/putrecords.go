package wire

import (
	"bytes"
	"encoding/base64"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/go-json-experiment/json/jsontext"
)

// isPlainPut reports whether in has nothing but what this package writes.
func isPlainPut(in *kinesis.PutRecordsInput) bool { return in.DryRun == nil && in.StreamId == nil }

// putBytes is about what a request takes, for payloads of which each byte takes as much as ratio says.
func putBytes(in *kinesis.PutRecordsInput, ratio func(n int) int) int {
	const around = 128 // names, brackets, a short key
	size := 4 * around
	for i := range in.Records {
		size += ratio(len(in.Records[i].Data)) + around
		if key := in.Records[i].PartitionKey; key != nil {
			size += len(*key)
		}
	}
	return size
}

// encodePut writes a request in JSON.
func encodePut(in *kinesis.PutRecordsInput) []byte {
	b := make([]byte, 0, putBytes(in, base64.StdEncoding.EncodedLen))
	b = append(b, '{')
	if in.Records != nil {
		b = append(b, `"Records":[`...)
		for i := range in.Records {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendEntry(b, &in.Records[i])
		}
		b = append(b, ']', ',')
	}
	b = appendMember(b, "StreamARN", in.StreamARN)
	b = appendMember(b, "StreamName", in.StreamName)
	return closeObject(b)
}

func appendEntry(b []byte, e *types.PutRecordsRequestEntry) []byte {
	b = append(b, '{')
	if e.Data != nil {
		b = append(b, `"Data":"`...)
		b = base64.StdEncoding.AppendEncode(b, e.Data)
		b = append(b, '"', ',')
	}
	b = appendMember(b, "ExplicitHashKey", e.ExplicitHashKey)
	b = appendMember(b, "PartitionKey", e.PartitionKey)
	return closeObject(b)
}

// appendMember writes a member and a comma, or nothing where there is no value. Of what is no UTF-8 it makes U+FFFD, as the
// SDK does.
func appendMember(b []byte, name string, value *string) []byte {
	if value == nil {
		return b
	}
	b = append(b, '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	b, _ = jsontext.AppendQuote(b, *value)
	return append(b, ',')
}

// closeObject puts the bracket in the place of the last comma.
func closeObject(b []byte) []byte {
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, '}')
}

// encodePutCBOR writes a request in CBOR.
func encodePutCBOR(in *kinesis.PutRecordsInput) []byte {
	b := make([]byte, 0, putBytes(in, func(n int) int { return n }))
	b = append(b, majorMap<<5|byte(present(in.StreamARN)+present(in.StreamName)+1))
	b = appendText(b, "Records")
	b = appendHead(b, majorArray, uint64(len(in.Records)))
	for i := range in.Records {
		e := &in.Records[i]
		b = append(b, majorMap<<5|byte(present(e.PartitionKey)+present(e.ExplicitHashKey)+1))
		b = appendText(b, "Data")
		b = append(appendHead(b, majorBytes, uint64(len(e.Data))), e.Data...)
		b = appendTextMember(b, "ExplicitHashKey", e.ExplicitHashKey)
		b = appendTextMember(b, "PartitionKey", e.PartitionKey)
	}
	b = appendTextMember(b, "StreamARN", in.StreamARN)
	return appendTextMember(b, "StreamName", in.StreamName)
}

func present(s *string) int {
	if s == nil {
		return 0
	}
	return 1
}

func appendTextMember(b []byte, name string, value *string) []byte {
	if value == nil {
		return b
	}
	return appendText(appendText(b, name), *value)
}

// putResult is what an answer says of one record, as parts of its body.
type putResult struct{ code, message, sequence, shard []byte }

// decodePut fills out with the answer in body, or leaves it to the SDK with errUnfamiliar.
func decodePut(body []byte, out *kinesis.PutRecordsOutput) error {
	s := &scanner{body: body}
	var results []putResult
	var kind []byte
	err := s.object(func(name []byte) error {
		switch string(name) {
		case "FailedRecordCount":
			n, err := s.integer()
			count := int32(n)
			if out.FailedRecordCount = &count; int64(count) != n {
				return errUnfamiliar
			}
			return err
		case "EncryptionType":
			return s.text(&kind)
		case "Records":
			if results != nil {
				return errUnfamiliar
			}
			results = make([]putResult, 0, bytes.Count(body, []byte{'{'}))
			return s.array(func() error {
				results = append(results, putResult{})
				return s.putResult(&results[len(results)-1])
			})
		}
		return errUnfamiliar
	})
	if err != nil || !s.end() {
		return errUnfamiliar
	}
	out.EncryptionType = encryptionOf(kind)
	out.Records = sdkResults(results)
	return nil
}

func (s *scanner) putResult(r *putResult) error {
	return s.object(func(name []byte) error {
		switch string(name) {
		case "SequenceNumber":
			return s.text(&r.sequence)
		case "ShardId":
			return s.text(&r.shard)
		case "ErrorCode":
			return s.text(&r.code)
		case "ErrorMessage":
			return s.text(&r.message)
		}
		return errUnfamiliar
	})
}

// sdkResults makes the SDK's results: their strings are parts of one.
func sdkResults(from []putResult) []types.PutRecordsResultEntry {
	if from == nil {
		return nil
	}
	size := 0
	for i := range from {
		r := &from[i]
		size += len(r.code) + len(r.message) + len(r.sequence) + len(r.shard)
	}
	var (
		results = make([]types.PutRecordsResultEntry, len(from))
		strs    = make([]string, 4*len(from))
		text    = make([]byte, 0, size)
	)
	own := func(part []byte) *string {
		if part == nil {
			return nil
		}
		to := &strs[0]
		strs = strs[1:]
		text, to = share(text, part, to)
		return to
	}
	for i := range from {
		r := &from[i]
		results[i] = types.PutRecordsResultEntry{
			ErrorCode: own(r.code), ErrorMessage: own(r.message), SequenceNumber: own(r.sequence), ShardId: own(r.shard),
		}
	}
	return results
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
