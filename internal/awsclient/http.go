package awsclient

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	// maxIdleConns is how many connections stay open between calls. At the tip each shard makes one call of some 20 ms a
	// second, so that a few hundred serve 10,000 shards; the SDK's 10 would make nearly every call dial.
	maxIdleConns = 512
	// headerTimeout is when a connection that does not answer is given up. Kinesis answers GetRecords within 5 s.
	headerTimeout = 30 * time.Second
	// readTimeout is when a body that has stopped coming is given up. It starts anew at each byte: a slow one is not cut.
	readTimeout = 30 * time.Second
	dialTimeout = 10 * time.Second

	// maxPlainBody is the largest request that is copied: above what PutRecords takes (10 MiB) in base64.
	maxPlainBody = 32 << 20
)

// newHTTPClient returns the SDK's client, which heeds AWS_CA_BUNDLE and proxies, with a pool and time-outs of ours.
func newHTTPClient() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithReadTimeout(readTimeout).
		WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost, t.MaxConnsPerHost = maxIdleConns, maxIdleConns, 0
			t.ResponseHeaderTimeout = headerTimeout
			t.TLSHandshakeTimeout = dialTimeout
		})
}

// plainBody gives net/http a request body of its own.
//
// The SDK closes the body that it made as soon as the response's headers have come. net/http may then still be asking
// that body whether it is at its end; a closed one answers WriteTo with io.EOF, which net/http takes for a failed write:
// it tears down the connection in the middle of the response, and the SDK backs off and dials anew. With a fast server
// that was one call in ten to twenty, and reading ten times slower.
type plainBody struct{ inner aws.HTTPClient }

// Do sends req with its body copied into memory. A body of unknown or great length, which no call of Kinesis has, goes
// as it is.
func (c plainBody) Do(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody || req.ContentLength <= 0 || req.ContentLength > maxPlainBody {
		return c.inner.Do(req)
	}
	body := make([]byte, req.ContentLength)
	if _, err := io.ReadFull(req.Body, body); err != nil {
		return nil, fmt.Errorf("reading request body: %w", err)
	}
	// A shallow copy: the SDK goes on to close the body of the request that it made, and not of this one.
	plain := *req
	plain.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	plain.Body, _ = plain.GetBody()
	return c.inner.Do(&plain)
}
