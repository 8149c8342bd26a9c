// Package wire reads the answers of GetRecords and writes the requests of PutRecords, which are nearly all that goes over the
// wire, without the SDK's generic codec: payloads stay in the place where they arrived, and a page costs a handful of
// allocations. A Caller also does without the layers that the SDK puts around each call of GetRecords.
//
// In JSON, what this package does not know by heart (children of a shard that has ended, escapes where there are none) is
// handed to the SDK as it came, so that the answer is the same either way; fuzz tests hold the two against each other.
// In CBOR, which the SDK for Go does not speak, it asks as the SDK for Java does. Signatures, retries, the types of errors
// and every other operation stay the SDK's.
package wire

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
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

// Protocol is the SDK's protocol but for GetRecords and PutRecords. Many goroutines may use it.
type Protocol struct {
	smithyhttp.ClientProtocol
	// CBOR asks and sends in CBOR. Answers are read by what they say they are.
	CBOR bool
}

// JSON makes a client of Kinesis read and send records with this package: an option for its constructor.
func JSON(o *kinesis.Options) { o.Protocol = Protocol{ClientProtocol: o.Protocol} }

// CBOR is JSON that speaks CBOR: the same, less the third that base64 costs.
func CBOR(o *kinesis.Options) { o.Protocol = Protocol{ClientProtocol: o.Protocol, CBOR: true} }

// SerializeRequest writes a request; the SDK has named the operation before.
func (p Protocol) SerializeRequest(ctx context.Context, schema *smithy.OperationSchema, in smithy.Serializable, req *smithyhttp.Request) error {
	body, asked := p.body(in)
	if asked == nil {
		return p.ClientProtocol.SerializeRequest(ctx, schema, in, req)
	}
	// The SDK sets the headers, with an input that costs nothing.
	if err := p.ClientProtocol.SerializeRequest(ctx, schema, asked, req); err != nil {
		return err
	}
	written, err := req.SetStream(bytes.NewReader(body))
	if err != nil {
		return err
	}
	if p.CBOR {
		written.Header.Set("Content-Type", cborType)
	}
	*req = *written
	return nil
}

// body returns the body of a request that this package writes, and an empty input of its kind; nil of one that the SDK writes.
func (p Protocol) body(in smithy.Serializable) (body []byte, empty smithy.Serializable) {
	switch in := in.(type) {
	case *kinesis.GetRecordsInput:
		switch {
		case !isPlainGet(in):
		case p.CBOR:
			return encodeCBOR(in), &kinesis.GetRecordsInput{}
		default:
			return encodeGet(in), &kinesis.GetRecordsInput{}
		}
	case *kinesis.PutRecordsInput:
		switch {
		case !isPlainPut(in):
		case p.CBOR:
			return encodePutCBOR(in), &kinesis.PutRecordsInput{}
		default:
			return encodePut(in), &kinesis.PutRecordsInput{}
		}
	}
	return nil, nil
}

// DeserializeResponse fills out. Of GetRecords the call's Buffer has the records, if it has one; else they are in out, and their
// Data shares the answer's body.
func (p Protocol) DeserializeResponse(ctx context.Context, schema *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if resp.StatusCode == http.StatusOK && (kind == cborType || kind == jsonType) {
		var done bool
		var err error
		switch out := out.(type) {
		case *kinesis.GetRecordsOutput:
			done, err = readRecords(ctx, resp, out, kind == cborType)
		case *kinesis.PutRecordsOutput:
			done, err = readResults(resp, out, kind == cborType)
		}
		if done {
			return err
		}
	}
	if kind == cborType {
		if err := toJSON(resp); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
	}
	return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
}

// readRecords fills out. Where it is not done, resp is as it came, and out empty; in CBOR it always is.
func readRecords(ctx context.Context, resp *smithyhttp.Response, out *kinesis.GetRecordsOutput, inCBOR bool) (done bool, err error) {
	b, lent := bufferOf(ctx)
	body, cut := b.read(resp)
	switch {
	case cut == nil && inCBOR:
		err = decodeCBOR(body, b.memory, out)
	case cut == nil:
		err = decode(body, b.memory, out)
	}
	done, err = settle(resp, body, inCBOR, cut, err)
	switch {
	case !done:
		*out = kinesis.GetRecordsOutput{}
	case err == nil && !lent:
		b.fill(out)
	}
	return done, err
}

// readResults is readRecords of the answer to PutRecords.
func readResults(resp *smithyhttp.Response, out *kinesis.PutRecordsOutput, inCBOR bool) (done bool, err error) {
	var b Buffer
	body, cut := b.read(resp)
	switch {
	case cut == nil && inCBOR:
		err = decodePutCBOR(body, out)
	case cut == nil:
		err = decodePut(body, out)
	}
	done, err = settle(resp, body, inCBOR, cut, err)
	if done {
		b.Release() // the results are copies
	} else {
		*out = kinesis.PutRecordsOutput{}
	}
	return done, err
}

// settle decides what becomes of an answer that was cut or could not be read: JSON goes to the SDK, which reads it itself or
// reports the error as it does any.
func settle(resp *smithyhttp.Response, body []byte, inCBOR bool, cut, err error) (done bool, _ error) {
	switch {
	case inCBOR && (cut != nil || err != nil):
		return true, &smithy.DeserializationError{Err: cmp.Or(cut, err)}
	case cut != nil:
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{cut}))
		return false, nil //nolint:nilerr // the body gives the error again, to the SDK
	case errors.Is(err, errUnfamiliar):
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return false, nil
	case err != nil:
		return true, &smithy.DeserializationError{Err: err}
	}
	return true, nil
}

// read reads the whole body into b. With an error comes what was read.
func (b *Buffer) read(resp *smithyhttp.Response) ([]byte, error) {
	if n := resp.ContentLength; n >= 0 && n <= mostBody {
		body := b.take(int(n))
		got, err := io.ReadFull(resp.Body, body)
		return body[:got], err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostBody+1))
	if err == nil && len(body) > mostBody {
		err = fmt.Errorf("an answer of more than %d MiB", mostBody>>20)
	}
	b.memory = &memory{body: body}
	return body, err
}

// mostBody is what an answer may have at most: one of 10 MiB has 14 in base64. A server without end would take all memory.
const mostBody = 64 << 20

// failing is the rest of a body that could not be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
