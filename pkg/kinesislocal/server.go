package kinesislocal

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server is an embedded Kinesis. It is an http.Handler; Start puts it on a socket, and Transport serves without one.
type Server struct {
	config Config
	faults faults
	gate   gate
	held   atomic.Int64 // bytes of keys and payloads over all streams
	evict  sync.Mutex   // held by the one that makes room

	mu      sync.RWMutex
	streams map[string]*stream // guarded by mu
	epochs  map[string]uint64  // the highest epoch of a deleted stream of this name; guarded by mu

	http httpState
}

// New returns a server without streams. It starts nothing. An error says what is wrong with c.
func New(c Config) (*Server, error) {
	c, err := c.complete()
	if err != nil {
		return nil, fmt.Errorf("configuring the embedded Kinesis: %w", err)
	}
	return &Server{
		config:  c,
		streams: make(map[string]*stream),
		epochs:  make(map[string]uint64),
		gate:    gate{calls: make(map[string]int), buckets: make(map[string]*bucket)},
	}, nil
}

// Region returns the region that the server's ARNs show.
func (s *Server) Region() string { return s.config.Region }

// Account returns the account that the server's ARNs show.
func (s *Server) Account() string { return s.config.Account }

// HTTPClient returns a client for an SDK that answers every call by s itself, whatever its address: see Transport.
func (s *Server) HTTPClient() *http.Client { return &http.Client{Transport: s.Transport()} }

func (s *Server) now() millis { return millisOf(s.config.Clock.Now()) }

// wait waits for d by the server's clock.
func (s *Server) wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.config.Clock.After(d):
		return nil
	}
}

// stream returns the stream with this name as it is at now.
func (s *Server) stream(name string, now millis) (*stream, error) {
	s.mu.RLock()
	st := s.streams[name]
	s.mu.RUnlock()
	if st == nil {
		return nil, notFound(name, s.config.Account)
	}
	st.settle(now)
	st.mu.RLock()
	gone, epoch := st.gone, st.epoch
	st.mu.RUnlock()
	if !gone {
		return st, nil
	}
	s.mu.Lock()
	if s.streams[name] == st {
		delete(s.streams, name)
		s.epochs[name] = epoch
	}
	s.mu.Unlock()
	return nil, notFound(name, s.config.Account)
}

// all returns the streams that there are at now, in no order.
func (s *Server) all(now millis) []*stream {
	s.mu.RLock()
	names := make([]string, 0, len(s.streams))
	for name := range s.streams {
		names = append(names, name)
	}
	s.mu.RUnlock()
	streams := make([]*stream, 0, len(names))
	for _, name := range names {
		if st, err := s.stream(name, now); err == nil {
			streams = append(streams, st)
		}
	}
	return streams
}

func (s *Server) arn(name string) string {
	return "arn:aws:kinesis:" + s.config.Region + ":" + s.config.Account + ":stream/" + name
}

// streamOfARN returns the name in an ARN of this account and region.
func (s *Server) streamOfARN(arn string) (string, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "kinesis" {
		return "", invalid("streamARN", arn, `Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+`)
	}
	name, ok := strings.CutPrefix(parts[5], "stream/")
	if !ok || name == "" {
		return "", invalid("streamARN", arn, `Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+`)
	}
	if parts[3] != s.config.Region || parts[4] != s.config.Account {
		return "", notFound(name, parts[4])
	}
	return name, nil
}
