// Package wire reads the answers of GetRecords, which are nearly all that comes over the wire, without the SDK's generic
// decoder: payloads stay in the place where they arrived, and a page costs a handful of allocations.
//
// In JSON, what this package does not know by heart (children of a shard that has ended, escapes where there are none) is
// handed to the SDK as it came, so that the answer is the same either way; a fuzz test holds the two against each other.
// In CBOR, which the SDK for Go does not speak, it asks as the SDK for Java does. Signatures, retries, the types of errors
// and every other operation stay the SDK's.
package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	jsonType = "application/x-amz-json-1.1"
	cborType = "application/x-amz-cbor-1.1"
)

// Protocol is the SDK's protocol but for GetRecords. Many goroutines may use it.
type Protocol struct {
	smithyhttp.ClientProtocol
	// CBOR asks in CBOR. Answers are read by what they say they are.
	CBOR bool
}

// JSON makes a client of Kinesis read its answers with this package: an option for its constructor.
func JSON(o *kinesis.Options) { o.Protocol = Protocol{ClientProtocol: o.Protocol} }

// CBOR is JSON that asks for records in CBOR: the same, less the third that base64 costs.
func CBOR(o *kinesis.Options) { o.Protocol = Protocol{ClientProtocol: o.Protocol, CBOR: true} }

// SerializeRequest writes a request; the SDK has named the operation before.
func (p Protocol) SerializeRequest(ctx context.Context, schema *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	if err := p.ClientProtocol.SerializeRequest(ctx, schema, in, req); err != nil {
		return err
	}
	records, ok := in.(*kinesis.GetRecordsInput)
	if !ok || !p.CBOR {
		return nil
	}
	asked, err := req.SetStream(bytes.NewReader(encodeCBOR(records)))
	if err != nil {
		return err
	}
	asked.Header.Set("Content-Type", cborType)
	*req = *asked
	return nil
}

// DeserializeResponse fills out. Of GetRecords the call's Buffer has the records, if it has one; else they are in out, and their
// Data shares the answer's body.
func (p Protocol) DeserializeResponse(ctx context.Context, schema *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	records, isRecords := out.(*kinesis.GetRecordsOutput)
	switch good := resp.StatusCode == http.StatusOK; {
	case kind == cborType && good && isRecords:
		return p.readCBOR(ctx, resp, records)
	case kind == cborType:
		if err := toJSON(resp); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
	case kind == jsonType && good && isRecords:
		done, err := readJSON(ctx, resp, records)
		if done {
			return err
		}
	}
	return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
}

func (Protocol) readCBOR(ctx context.Context, resp *smithyhttp.Response, out *kinesis.GetRecordsOutput) error {
	b, lent := bufferOf(ctx)
	body, err := b.read(resp)
	if err == nil {
		err = decodeCBOR(body, b.memory, out)
	}
	if err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	if !lent {
		b.fill(out)
	}
	return nil
}

// readJSON fills out. Where it is not done, resp is as it came, and out empty.
func readJSON(ctx context.Context, resp *smithyhttp.Response, out *kinesis.GetRecordsOutput) (done bool, err error) {
	b, lent := bufferOf(ctx)
	body, cut := b.read(resp)
	if cut != nil { // the SDK reports it as it does any
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{cut}))
		return false, nil //nolint:nilerr // the body gives the error again, to the SDK
	}
	err = decode(body, b.memory, out)
	switch {
	case errors.Is(err, errUnfamiliar):
		*out = kinesis.GetRecordsOutput{}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return false, nil
	case err != nil:
		return true, &smithy.DeserializationError{Err: err}
	case !lent:
		b.fill(out)
	}
	return true, nil
}

// read reads the whole body into b. With an error comes what was read.
func (b *Buffer) read(resp *smithyhttp.Response) ([]byte, error) {
	const most = 64 << 20 // an answer of 10 MiB in base64 has 14; more is none
	if n := resp.ContentLength; n >= 0 && n <= most {
		body := b.take(int(n))
		got, err := io.ReadFull(resp.Body, body)
		return body[:got], err
	}
	body, err := io.ReadAll(resp.Body)
	b.memory = &memory{body: body}
	return body, err
}

// failing is the rest of a body that could not be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
