package kinesislocal

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Transport returns a round tripper that answers each request by s itself, in the caller's goroutine and with no socket, so
// that it works inside a testing/synctest bubble. Injected latency is waited for by the server's clock; a cut connection
// is an error in the middle of the body, as on a network. It may be used by many clients at once.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	rep, err := t.server.answer(r)
	if err != nil {
		return nil, err
	}
	if rep.cut < 0 {
		return nil, fmt.Errorf("reading the response: connection cut: %w", io.ErrUnexpectedEOF)
	}
	var body io.Reader = bytes.NewReader(rep.body)
	if rep.cut > 0 && rep.cut < len(rep.body) {
		body = io.MultiReader(bytes.NewReader(rep.body[:rep.cut]), cutReader{})
	}
	length, err := strconv.ParseInt(rep.header.Get("Content-Length"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("reading the response's length: %w", err)
	}
	return &http.Response{
		Status:        strconv.Itoa(rep.status) + " " + http.StatusText(rep.status),
		StatusCode:    rep.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        rep.header,
		Body:          io.NopCloser(body),
		ContentLength: length,
		Request:       r,
	}, nil
}

// cutReader is what a reader sees of a connection that has been cut.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
