package kinesislocal

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

const (
	targetPrefix = "Kinesis_20131202."
	// maxRequestBytes is PutRecords' 10 MiB in base64, with room for the names around it.
	maxRequestBytes = 16 << 20
	// Buffers of these sizes are used again: those of pages, up to 10 MiB in base64.
	leastBuffer, mostBuffer = 64 << 10, 16 << 20
)

// reply is what goes back to a client.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    int // see Fault.CutAfter
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rep, err := s.answer(r)
	if err != nil || rep.cut < 0 {
		panic(http.ErrAbortHandler) // the client has gone, or is to see its connection cut
	}
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	w.WriteHeader(rep.status)
	if rep.cut > 0 && rep.cut < len(rep.body) {
		_, _ = w.Write(rep.body[:rep.cut])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(rep.body) // a client that has gone is not the server's fault
	if n := cap(rep.body); n >= leastBuffer && n <= mostBuffer {
		body := rep.body[:0]
		buffers.Put(&body)
	}
}

// answer does what r asks for. The body of the reply is the caller's. An error is r's context's, or that its body could
// not be read.
func (s *Server) answer(r *http.Request) (*reply, error) {
	var body []byte
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
		var err error
		if body, err = readBody(r); err != nil {
			if errors.Is(err, errTooLarge) {
				return s.plain(http.StatusRequestEntityTooLarge, ""), nil
			}
			return nil, err
		}
	}
	if r.Method != http.MethodPost {
		return s.plain(http.StatusForbidden, "<AccessDeniedException>\n  <Message>Unable to determine service/operation name"+
			" to be authorized</Message>\n</AccessDeniedException>\n"), nil
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	c := &call{server: s, ctx: r.Context(), codec: codecs[media]}
	if c.codec == nil {
		return s.plain(http.StatusNotFound, "<UnknownOperationException/>\n"), nil
	}
	out, err := c.run(r, body)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return s.encode(c, out, err)
}

var errTooLarge = errors.New("request body too large")

func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > maxRequestBytes {
		return nil, errTooLarge
	}
	body := make([]byte, 0, max(r.ContentLength, 0)+512)
	in := io.LimitReader(r.Body, maxRequestBytes+1)
	for {
		n, err := in.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF && len(body) > maxRequestBytes:
			return nil, errTooLarge
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, fmt.Errorf("reading the request: %w", err)
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// run finds the operation and carries it out, in the order in which the service looks at a request.
func (c *call) run(r *http.Request, body []byte) (any, error) {
	op, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	serve := operations[op]
	if !ok || serve == nil {
		return nil, refuse("UnknownOperationException", "")
	}
	if r.Header.Get("Authorization") == "" && !r.URL.Query().Has("X-Amz-Algorithm") {
		return nil, refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	c.op = op
	return serve(c, body)
}

// encode makes the reply of what a call gave, and damages it if a fault says so.
func (s *Server) encode(c *call, out any, err error) (*reply, error) {
	rep := s.plain(http.StatusOK, "")
	rep.header["Content-Type"] = []string{c.codec.media()}
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			e = &Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
		}
		rep.status, out = e.Status, errorShape{e.Code, e.Message}
	}
	switch out := out.(type) {
	case nil:
	case encoded:
		rep.body = out
	default:
		if rep.body, err = c.codec.encode(out); err != nil {
			return nil, fmt.Errorf("encoding the answer to %s: %w", c.op, err)
		}
	}
	if f := c.damage; f != nil {
		f.spoil(rep)
	}
	rep.header["Content-Length"] = []string{strconv.Itoa(len(rep.body))}
	return rep, nil
}

type errorShape struct {
	Type    string `json:"__type"`
	Message string `json:"message,omitempty"`
}

// plain returns a reply with the headers that every one has.
func (s *Server) plain(status int, body string) *reply {
	return &reply{status: status, body: []byte(body), header: http.Header{
		"Content-Length":   {strconv.Itoa(len(body))},
		"Date":             {s.config.Clock.Now().UTC().Format(http.TimeFormat)},
		"X-Amzn-Requestid": {requestID()},
	}}
}

// requestID returns a random UUID.
func requestID() string {
	var id [16]byte
	for i := range id {
		id[i] = byte(rand.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// call is one request on its way.
type call struct {
	server *Server
	ctx    context.Context //nolint:containedctx // the request's: a call ends with it
	codec  codec
	op     string
	now    millis
	damage *Fault // what happens to the reply
}
