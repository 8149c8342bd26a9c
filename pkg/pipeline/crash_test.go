package pipeline

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// crash fails the k-th call that crosses a seam; k 0 never fails.
type crash struct {
	k int64
	n atomic.Int64
	// at is told of each call, and may fail it; nil: nobody is.
	at func(call string) error
}

var errCrash = errors.New("crash")

func (c *crash) step(call string) error {
	if c.n.Add(1) == c.k {
		return errCrash
	}
	if c.at != nil {
		return c.at(call)
	}
	return nil
}

// crashSource, crashSink and crashStore put the seams of a run through one crash: before the call, after it, or, for a
// write, in the middle.
type crashSource struct {
	*memory
	c *crash
}

func (s crashSource) Restore(ctx context.Context, from record.Position, known []record.State) ([]record.State, error) {
	if err := s.c.step("Restore"); err != nil {
		return nil, err
	}
	return s.memory.Restore(ctx, from, known)
}

func (s crashSource) Open(ctx context.Context, st record.State) (record.Reader, error) {
	if err := s.c.step("Open"); err != nil {
		return nil, err
	}
	r, err := s.memory.Open(ctx, st)
	return crashReader{r, s.c}, err
}

type crashReader struct {
	record.Reader
	c *crash
}

func (r crashReader) Read(ctx context.Context, p *record.Page) error {
	if err := r.c.step("Read"); err != nil {
		return err
	}
	return r.Reader.Read(ctx, p)
}

// sink is all that the file sink is.
type sink interface {
	record.Sink
	record.Restorer
	record.Committer
	record.Asker
}

type crashSink struct {
	sink
	c *crash
}

func (s crashSink) Restore(ctx context.Context, t record.Token) error {
	if err := s.c.step("Restore"); err != nil {
		return err
	}
	return errors.Join(s.sink.Restore(ctx, t), s.c.step("Restore done"))
}

func (s crashSink) Write(ctx context.Context, c *record.Chunk) error {
	if err := s.c.step("Write"); err != nil {
		torn := &record.Chunk{Body: c.Body[:len(c.Body)/2]}
		_ = s.sink.Write(ctx, torn)
		_, _ = s.sink.Prepare(ctx, record.Barrier{}) // as if the system had written it back
		return err
	}
	return s.sink.Write(ctx, c)
}

func (s crashSink) Prepare(ctx context.Context, b record.Barrier) (record.Token, error) {
	if err := s.c.step("Prepare"); err != nil {
		return nil, err
	}
	t, err := s.sink.Prepare(ctx, b)
	return t, errors.Join(err, s.c.step("Prepare done"))
}

func (s crashSink) Commit(ctx context.Context, e record.Epoch) error {
	if err := s.c.step("Commit"); err != nil {
		return err
	}
	return errors.Join(s.sink.Commit(ctx, e), s.c.step("Commit done"))
}

type crashStore struct {
	*checkpoint.Memory
	c *crash
}

func (s crashStore) Save(ctx context.Context, c *checkpoint.Checkpoint) error {
	if err := s.c.step("Save"); err != nil {
		return err
	}
	return errors.Join(s.Memory.Save(ctx, c), s.c.step("Save done"))
}
