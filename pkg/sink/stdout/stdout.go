// Package stdout is the sink that writes to standard output, or to any writer: at least once after a crash, exactly once
// after a clean stop.
package stdout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// ErrClosed is what Write returns (wrapped) when nobody reads the output any more.
var ErrClosed = errors.New("the output has been closed by its reader")

// Sink writes chunks as they come, one call each, so that a person sees them at once. It implements record.Sink.
type Sink struct{ w io.Writer }

// New returns a sink that writes to w.
func New(w io.Writer) *Sink { return &Sink{w} }

// grace is how long a write that is on its way may take once nobody waits for it any more, so that none comes behind the
// end of a run whose reader reads.
const grace = time.Second / 4

// Write writes c and returns when the system has taken it, or ctx has ended: a reader that is there and does not read, a
// paused terminal, can be waited for in no other way. The call that it blocks then ends with the process.
func (s *Sink) Write(ctx context.Context, c *record.Chunk) error {
	written := make(chan error, 1) // 1: nobody may wait for it any more
	go func() {
		_, err := s.w.Write(c.Body)
		written <- err
	}()
	select {
	case err := <-written:
		return explain(err)
	case <-ctx.Done():
	}
	select {
	case err := <-written:
		return explain(err)
	case <-time.After(grace):
		return ctx.Err()
	}
}

func explain(err error) error {
	switch {
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return ErrClosed
	case err != nil:
		return fmt.Errorf("writing to standard output: %w", err)
	}
	return nil
}

// Prepare has nothing to make durable: what a terminal or pipe has taken is out of our hands.
func (s *Sink) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close leaves the output open: it is the process's.
func (s *Sink) Close() error { return nil }
