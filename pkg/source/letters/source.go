package letters

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Source reads the letters of a Spool. It implements record.Source. Partitions end with their last letter, and no checkpoint
// holds for them: a replay begins at its beginning.
type Source struct {
	spool  *Spool
	listed bool
}

// New returns a source of the letters in s, to which none is added any more. s stays the caller's to close.
func New(s *Spool) *Source { return &Source{spool: s} }

// Now returns the machine's time: letters have no service.
func (s *Source) Now(context.Context) (record.Millis, error) { return record.MillisOf(time.Now()), nil }

// Restore refuses what a checkpoint knows.
func (s *Source) Restore(_ context.Context, _ record.Position, known []record.State) ([]record.State, error) {
	if len(known) > 0 {
		return nil, errors.New("dead letters are replayed from the first: no checkpoint holds for them")
	}
	return nil, nil
}

// Partitions returns a partition for each shard that letters came from, and then that there will be no more.
func (s *Source) Partitions(context.Context) ([]record.Partition, error) {
	if s.listed {
		return nil, io.EOF
	}
	s.listed = true
	list := make([]record.Partition, len(s.spool.order))
	for i, h := range s.spool.order {
		list[i] = h.partition
	}
	return list, nil
}

// Open returns a reader of one shard's letters, from the first.
func (s *Source) Open(ctx context.Context, state record.State) (record.Reader, error) {
	h := s.spool.origins[origin{state.Partition.Stream, state.Partition.Shard}]
	if h == nil {
		return nil, errors.New("there are no dead letters of " + state.Partition.String())
	}
	return &reader{spool: s.spool, heap: h}, ctx.Err()
}

// reader reads the letters of one origin, a part at a time.
type reader struct {
	spool *Spool
	heap  *heap
	next  int // part
	over  bool
}

// Read implements record.Reader.
func (r *reader) Read(ctx context.Context, p *record.Page) error {
	if r.over {
		return io.EOF
	}
	if err := p.Reserve(ctx, r.spool.limit); err != nil {
		return err
	}
	data, more, err := r.spool.part(r.heap, r.next)
	if err != nil {
		return err
	}
	p.Settle(len(data))
	p.Begun = record.MillisOf(time.Now())
	p.HandledTo = p.Begun
	if !more {
		r.over, p.Tip, p.End = true, true, record.Position{Where: record.Ended}
		return nil
	}
	for len(data) > 0 {
		var letter record.Record
		if letter, data, err = readRecord(data); err != nil {
			return err
		}
		p.Records = append(p.Records, letter)
	}
	r.next++
	p.End = record.Behind(&p.Records[len(p.Records)-1])
	return nil
}

// Close gives up nothing: the letters are the Spool's.
func (r *reader) Close() error { return nil }
