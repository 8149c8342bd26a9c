package kinesislocal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// httpState is what Start has begun.
type httpState struct {
	mu      sync.Mutex
	started bool          // guarded by mu
	addr    net.Addr      // guarded by mu
	cancel  func()        // guarded by mu
	done    chan struct{} // closed when Serve has returned
	err     error         // of Serve; read after done
}

// Serve answers calls that come to l until ctx ends. It blocks until every call has been answered, or cut off after a
// second, and l is closed. An error is that l failed.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	const grace = time.Second
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving on %v: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close() // cuts off what is still under way
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving on %v: %w", l.Addr(), err)
	}
	return nil
}

// Start listens on Config.Addr and serves in the background until Close. It returns once clients can connect. An error is
// that the address could not be had, or that s has been started before.
func (s *Server) Start() error {
	h := &s.http
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started {
		return errors.New("starting the embedded Kinesis: it has been started before")
	}
	l, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return fmt.Errorf("starting the embedded Kinesis: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.started, h.addr, h.cancel, h.done = true, l.Addr(), cancel, make(chan struct{})
	go func() {
		defer close(h.done)
		h.err = s.Serve(ctx, l)
	}()
	return nil
}

// URL returns the endpoint for an SDK's BaseEndpoint: where Start listens, or, if it has not been called, a name that only
// Transport can reach.
func (s *Server) URL() string {
	s.http.mu.Lock()
	defer s.http.mu.Unlock()
	if s.http.addr == nil {
		return "http://kinesis.invalid"
	}
	return "http://" + s.http.addr.String()
}

// Close ends what Start began and waits for it. Streams and their records stay, for Transport and for plain calls. An
// error is that serving had failed before. It does nothing where Start has not been called.
func (s *Server) Close() error {
	s.http.mu.Lock()
	cancel, done := s.http.cancel, s.http.done
	s.http.mu.Unlock()
	if cancel == nil {
		return nil
	}
	cancel()
	<-done
	return s.http.err
}
