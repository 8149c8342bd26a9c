package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
)

var errCrash = errors.New("crash")

// crash fails one call that crosses a seam, and with it the run: what the process held in memory is lost.
type crash struct {
	left atomic.Int64 // calls until then; below 0 it never comes
	torn float64      // how much of a write goes out that the crash meets
}

// newCrash returns a crash at one of the next calls, or none.
func newCrash(r *rand.Rand, comes bool) *crash {
	c := &crash{torn: r.Float64()}
	c.left.Store(-1)
	if comes {
		c.left.Store(1 + r.Int64N(1<<(3+r.IntN(7)))) // early as likely as late
	}
	return c
}

func (c *crash) step() error {
	if c.left.Add(-1) == 0 {
		return errCrash
	}
	return nil
}

// both is a call with a crash before it or behind it.
func (c *crash) both(call func() error) error {
	if err := c.step(); err != nil {
		return err
	}
	return errors.Join(call(), c.step())
}

type crashSource struct {
	record.Source
	c *crash
}

func (s crashSource) Restore(ctx context.Context, from record.Position, known []record.State) (kept []record.State, err error) {
	err = s.c.both(func() (err error) { kept, err = s.Source.Restore(ctx, from, known); return err })
	return kept, err
}

func (s crashSource) Partitions(ctx context.Context) (ps []record.Partition, err error) {
	err = s.c.both(func() (err error) { ps, err = s.Source.Partitions(ctx); return err })
	return ps, err
}

func (s crashSource) Open(ctx context.Context, st record.State) (record.Reader, error) {
	if err := s.c.step(); err != nil {
		return nil, err
	}
	r, err := s.Source.Open(ctx, st)
	if err != nil {
		return nil, err
	}
	return crashReader{r, s.c}, nil
}

type crashReader struct {
	record.Reader
	c *crash
}

func (r crashReader) Read(ctx context.Context, p *record.Page) error {
	return r.c.both(func() error { return r.Reader.Read(ctx, p) })
}

type crashSink struct {
	*file.Sink
	c *crash
}

func (s crashSink) Restore(ctx context.Context, t record.Token) error {
	return s.c.both(func() error { return s.Sink.Restore(ctx, t) })
}

// Write, where the crash meets it, writes a part, and has the system write it back: the worst that a restart can find.
func (s crashSink) Write(ctx context.Context, c *record.Chunk) error {
	if err := s.c.step(); err != nil {
		torn := &record.Chunk{Body: c.Body[:int(float64(len(c.Body))*s.c.torn)]}
		if werr := s.Sink.Write(ctx, torn); werr != nil {
			return errors.Join(err, werr)
		}
		_, perr := s.Sink.Prepare(ctx, record.Barrier{})
		return errors.Join(err, perr)
	}
	return s.Sink.Write(ctx, c)
}

func (s crashSink) Prepare(ctx context.Context, b record.Barrier) (t record.Token, err error) {
	err = s.c.both(func() (err error) { t, err = s.Sink.Prepare(ctx, b); return err })
	return t, err
}

func (s crashSink) Commit(ctx context.Context, e record.Epoch) error {
	return s.c.both(func() error { return s.Sink.Commit(ctx, e) })
}

type crashStore struct {
	checkpoint.Store
	c *crash
}

func (s crashStore) Save(ctx context.Context, c *checkpoint.Checkpoint) error {
	return s.c.both(func() error { return s.Store.Save(ctx, c) })
}
