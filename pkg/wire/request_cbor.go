package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// encodeCBOR writes a request for records: a map of the members that are set.
func encodeCBOR(in *kinesis.GetRecordsInput) []byte {
	b := []byte{majorMap << 5}
	member := func(name string) {
		b[0]++ // three members at most
		b = appendText(b, name)
	}
	if in.ShardIterator != nil {
		member("ShardIterator")
		b = appendText(b, *in.ShardIterator)
	}
	if in.Limit != nil {
		member("Limit")
		b = appendHead(b, majorUint, uint64(max(0, *in.Limit)))
	}
	if in.StreamARN != nil {
		member("StreamARN")
		b = appendText(b, *in.StreamARN)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(appendHead(b, majorText, uint64(len(s))), s...)
}

func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major<<5|byte(n))
	case n < 1<<8:
		return append(b, major<<5|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, major<<5|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, major<<5|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major<<5|27), n)
}

// toJSON makes an error in CBOR one that the SDK reads: its members are texts.
func toJSON(resp *smithyhttp.Response) error {
	body, err := new(Buffer).read(resp)
	if err != nil {
		return fmt.Errorf("reading an error: %w", err)
	}
	members := map[string]string{}
	r := &cborReader{body: body}
	r.members(func(name []byte) {
		if r.at < len(body) && body[r.at]>>5 == majorText {
			members[string(name)] = string(r.str(majorText))
			return
		}
		r.skip(0)
	})
	if r.err != nil {
		return fmt.Errorf("reading an error: %w", r.err)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return fmt.Errorf("reading an error: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	resp.ContentLength = int64(len(text))
	resp.Header.Set("Content-Type", jsonType)
	return nil
}
