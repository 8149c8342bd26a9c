// Package wire reads the answers of GetRecords, which are nearly all that comes over the wire, without the SDK's generic
// decoder: payloads are base64-decoded in the place where they arrived, and a page costs a handful of allocations.
//
// Requests, signatures, retries, errors and every other operation stay the SDK's. What this package does not know by heart
// (children of a shard that has ended, escapes where there are none) it hands to the SDK as it came, so that the answer
// is the same either way; a fuzz test holds the two against each other.
package wire

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Protocol is the SDK's protocol but for the answers of GetRecords. Many goroutines may use it.
type Protocol struct{ smithyhttp.ClientProtocol }

// Use makes a client of Kinesis read its answers with this package: an option for its constructor.
func Use(o *kinesis.Options) { o.Protocol = Protocol{o.Protocol} }

// DeserializeResponse fills out. The records' Data of a GetRecordsOutput share the answer's body, which is not used again.
func (p Protocol) DeserializeResponse(ctx context.Context, schema *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	records, ok := out.(*kinesis.GetRecordsOutput)
	if !ok || resp.StatusCode != http.StatusOK || !isJSON(resp.Header.Get("Content-Type")) {
		return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
	}
	body, err := readBody(resp)
	if err == nil {
		err = decode(body, records)
	}
	if err == nil {
		return nil
	}
	if err != errUnfamiliar && err != errCut { //nolint:errorlint // they are never wrapped
		return &smithy.DeserializationError{Err: err}
	}
	*records = kinesis.GetRecordsOutput{}
	rest := io.Reader(bytes.NewReader(body))
	if err == errCut { //nolint:errorlint // see above
		rest = io.MultiReader(rest, resp.Body) // whose error the SDK reports as it does any
	}
	resp.Body = io.NopCloser(rest)
	return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
}

func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return kind == "application/x-amz-json-1.1" || kind == "application/json"
}

// readBody reads the whole body into one buffer: of its length, where that is known. On errCut it returns what came, and
// the body gives its error again.
func readBody(resp *smithyhttp.Response) ([]byte, error) {
	const most = 64 << 20 // an answer of 10 MiB in base64 has 14; more is none
	if n := resp.ContentLength; n >= 0 && n <= most {
		body := make([]byte, n)
		got, err := io.ReadFull(resp.Body, body)
		if err != nil {
			resp.Body = failing{err}
			return body[:got], errCut
		}
		return body, nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		resp.Body = failing{err}
		return body, errCut
	}
	return body, nil
}

// failing is the rest of a body that could not be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
func (failing) Close() error               { return nil }
