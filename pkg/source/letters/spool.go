// Package letters is the source of dead letters that are to be replayed: each shard that they came from is a partition of its
// own again, so that their order in it, and where each was read, hold as they did in the first run.
package letters

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/record"
)

// heldBytes is how much a Spool keeps in memory before it goes to disk: one write each, and one read, of a few MiB. What a
// Spool takes besides is 16 bytes for each origin and write.
const heldBytes = 4 << 20

// Spool gathers letters by their origin. More than a few MiB lie in a file in the folder for temporary files, which has no
// name and is gone with the process. One goroutine adds; when it is done, a Source reads.
type Spool struct {
	file    *os.File // nil: everything is in memory
	size    int64    // bytes of file
	held    int      // bytes that are not in file yet
	limit   int      // of held
	origins map[origin]*heap
	order   []*heap // as the origins came
}

// origin is a shard.
type origin struct{ stream, shard string }

// id is another one for each origin, whatever characters their names have in them.
func (o origin) id() record.PartitionID {
	return record.PartitionID("letters:" + strconv.Quote(o.stream) + "/" + o.shard)
}

// heap holds the letters of one origin, in order.
type heap struct {
	partition record.Partition
	written   []extent
	held      []byte          // behind those that are written
	last      record.Position // of the last letter
}

// extent is a place in the file.
type extent struct{ from, length int64 }

// NewSpool returns an empty Spool.
func NewSpool() *Spool { return &Spool{limit: heldBytes, origins: map[origin]*heap{}} }

// Add keeps a letter that has an origin, and reports whether it was a new one: a record of which several parts failed has
// left a letter for each, one behind the other, and is to be replayed once. It may block for the disk. Nothing of l is kept.
func (s *Spool) Add(l *envelope.Letter) (isNew bool, err error) {
	h := s.of(origin{l.Stream, l.Shard})
	at := record.Behind(&l.Record)
	if h.last == at {
		return false, nil
	}
	h.last = at
	before := len(h.held)
	h.held = appendRecord(h.held, &l.Record)
	if s.held += len(h.held) - before; s.held >= s.limit {
		err = s.flush()
	}
	return true, err
}

// of returns the heap of o.
func (s *Spool) of(o origin) *heap {
	h := s.origins[o]
	if h == nil {
		h = &heap{partition: record.Partition{ID: o.id(), Stream: o.stream, Shard: o.shard}}
		s.origins[o] = h
		s.order = append(s.order, h)
	}
	return h
}

// flush writes what is held to the file.
func (s *Spool) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "kstream-letters-")
		if err != nil {
			return fmt.Errorf("making a file to sort dead letters in (TMPDIR says where it may be): %w", err)
		}
		s.file = f
		if err := os.Remove(f.Name()); err != nil {
			return fmt.Errorf("making a file to sort dead letters in: %w", err)
		}
	}
	for _, h := range s.order {
		if len(h.held) == 0 {
			continue
		}
		if _, err := s.file.WriteAt(h.held, s.size); err != nil {
			return fmt.Errorf("sorting dead letters (TMPDIR says where): %w", err)
		}
		h.written = append(h.written, extent{s.size, int64(len(h.held))})
		s.size += int64(len(h.held))
		h.held = nil // of ten thousand origins, each keeping what it once needed, the sum would have no bound
	}
	s.held = 0
	return nil
}

// Close forgets all letters. No Source of them may be read any more.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// part returns the i-th part of h's letters, or ok false where there is none. Only what was in the file is the caller's.
func (s *Spool) part(h *heap, i int) (data []byte, ok bool, err error) {
	switch {
	case i < len(h.written):
		data = make([]byte, h.written[i].length)
		if _, err := s.file.ReadAt(data, h.written[i].from); err != nil {
			return nil, false, fmt.Errorf("reading dead letters that were sorted: %w", err)
		}
		return data, true, nil
	case i == len(h.written) && len(h.held) > 0:
		return h.held, true, nil
	}
	return nil, false, nil
}

// appendRecord appends r: arrival and subsequence, and sequence, key and payload each behind its length.
func appendRecord(dst []byte, r *record.Record) []byte {
	dst = binary.AppendVarint(dst, int64(r.Arrival))
	dst = binary.AppendUvarint(dst, uint64(r.Subsequence))
	for _, part := range [][]byte{r.Sequence, r.Key, r.Data} {
		dst = append(binary.AppendUvarint(dst, uint64(len(part))), part...)
	}
	return dst
}

var errCut = errors.New("the file of sorted dead letters is damaged")

// readRecord reads what appendRecord wrote at the begin of src, and returns what is behind it. The record's bytes are src's.
func readRecord(src []byte) (r record.Record, rest []byte, err error) {
	b := bytes.NewReader(src)
	arrival, aerr := binary.ReadVarint(b)
	subsequence, serr := binary.ReadUvarint(b)
	rest = src[len(src)-b.Len():]
	parts := [3][]byte{}
	for i := range parts {
		length, n := binary.Uvarint(rest)
		if aerr != nil || serr != nil || n <= 0 || length > uint64(len(rest)-n) {
			return record.Record{}, nil, errCut
		}
		parts[i], rest = slices.Clip(rest[n:n+int(length)]), rest[n+int(length):]
	}
	at := record.Millis(arrival)
	return record.Record{Arrival: at, Event: at, Subsequence: uint32(subsequence), Sequence: parts[0], Key: parts[1], Data: parts[2]}, rest, nil
}
