package awsclient

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// doFunc is an HTTP client in one function.
type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

const sent = `{"ShardIterator":"AAAA"}`

// sdkRequest returns a request as the SDK builds it, its body in the SDK's own closer.
func sdkRequest(t *testing.T) *http.Request {
	t.Helper()
	r, err := smithyhttp.NewStackRequest().(*smithyhttp.Request).SetStream(strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = int64(len(sent))
	return r.Build(t.Context())
}

// TestBodyIsClosedEarly does what the SDK and net/http do to one body at the same time, in the order that hurts: the
// response's headers are there, the SDK closes, and net/http asks whether there is more.
func TestBodyIsClosedEarly(t *testing.T) {
	ask := func(wrap func(aws.HTTPClient) aws.HTTPClient) error {
		var body io.ReadCloser
		client := wrap(doFunc(func(r *http.Request) (*http.Response, error) {
			body = r.Body
			got, err := io.ReadAll(body)
			if err != nil || string(got) != sent || r.ContentLength != int64(len(sent)) {
				t.Errorf("the transport reads %q, %v", got, err)
			}
			return &http.Response{}, nil
		}))
		req := sdkRequest(t)
		if _, err := client.Do(req); err != nil {
			t.Fatal(err)
		}
		if err := req.Body.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := io.Copy(io.Discard, body)
		return err
	}
	if err := ask(func(c aws.HTTPClient) aws.HTTPClient { return c }); err == nil {
		t.Error("the SDK no longer closes its body under net/http: plainBody can go")
	}
	if err := ask(func(c aws.HTTPClient) aws.HTTPClient { return plainBody{c} }); err != nil {
		t.Errorf("net/http finds the body of plainBody failed: %v", err)
	}
}

func TestPlainBodyCanBeSentAgain(t *testing.T) {
	c := plainBody{doFunc(func(r *http.Request) (*http.Response, error) {
		for range 2 {
			body, err := r.GetBody()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(body); string(got) != sent || err != nil {
				t.Errorf("GetBody reads %q, %v", got, err)
			}
		}
		return &http.Response{}, nil
	})}
	if _, err := c.Do(sdkRequest(t)); err != nil {
		t.Fatal(err)
	}
}

func TestPlainBodyLeavesStreamsAlone(t *testing.T) {
	stream := io.NopCloser(strings.NewReader("of unknown length"))
	for _, length := range []int64{-1, 0, maxPlainBody + 1} {
		c := plainBody{doFunc(func(r *http.Request) (*http.Response, error) {
			if r.Body != stream {
				t.Errorf("length %d: the body was replaced", length)
			}
			return &http.Response{}, nil
		})}
		if _, err := c.Do(&http.Request{Body: stream, ContentLength: length}); err != nil {
			t.Fatal(err)
		}
	}
	short := &http.Request{Body: io.NopCloser(strings.NewReader("x")), ContentLength: 2}
	if _, err := (plainBody{doFunc(nil)}).Do(short); err == nil {
		t.Error("a body shorter than it says was sent")
	}
}

// TestConnectionsAreKept counts dials: a second round of as many calls at a time needs none.
func TestConnectionsAreKept(t *testing.T) {
	const atOnce = 40
	var dials atomic.Int32
	arrived, gate := make(chan struct{}), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-gate
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dials.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := plainBody{newHTTPClient()}
	for range 2 {
		var calls sync.WaitGroup
		for range atOnce {
			calls.Go(func() {
				req, _ := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(sent))
				resp, err := client.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			})
		}
		for range atOnce {
			<-arrived
		}
		for range atOnce {
			gate <- struct{}{}
		}
		calls.Wait()
	}
	// A connection that was dialled while another came free stays idle: a few more than at once are possible.
	if n := dials.Load(); n > atOnce+atOnce/2 {
		t.Errorf("%d dials for two rounds of %d calls", n, atOnce)
	}
}

func TestTimeouts(t *testing.T) {
	c := newHTTPClient()
	transport := c.GetTransport()
	if transport.ResponseHeaderTimeout != headerTimeout || transport.MaxIdleConnsPerHost != maxIdleConns {
		t.Errorf("header time-out %s, %d idle connections", transport.ResponseHeaderTimeout, transport.MaxIdleConnsPerHost)
	}
	if d, ok := c.GetReadTimeout(); !ok || d != readTimeout {
		t.Errorf("read time-out %s, %t", d, ok)
	}
}
