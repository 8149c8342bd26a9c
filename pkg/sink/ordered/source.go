package ordered

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

// Source returns a source that reads from, and has partitions wait that are too far ahead of what s has written.
func (s *Sink) Source(from record.Source) record.Source { return &source{from, s.hold} }

type source struct {
	record.Source
	hold *hold
}

// Reads implements record.Partial as the source does.
func (s *source) Reads(p record.Partition) bool {
	partial, ok := s.Source.(record.Partial)
	return !ok || partial.Reads(p)
}

// Open implements record.Source.
func (s *source) Open(ctx context.Context, state record.State) (record.Reader, error) {
	r, err := s.Source.Open(ctx, state)
	if err != nil {
		return nil, err
	}
	return &reader{r, s.hold, state.Partition.ID}, nil
}

// reader is a reader that waits where its partition is ahead.
type reader struct {
	record.Reader
	hold      *hold
	partition record.PartitionID
}

// Read implements record.Reader.
func (r *reader) Read(ctx context.Context, p *record.Page) error {
	waited, err := r.hold.wait(ctx, r.partition)
	if err != nil {
		return fmt.Errorf("waiting for other partitions: %w", err)
	}
	if waited {
		p.Setback() // a call was withheld
	}
	if err := r.Reader.Read(ctx, p); err != nil {
		return err
	}
	r.hold.read(r.partition)
	return nil
}
