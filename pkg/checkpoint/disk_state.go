package checkpoint

import (
	"bytes"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/kstream/kstream/pkg/state"
)

// Get reads keyed state.
func (d *Disk) Get(dst, key []byte) (value []byte, found bool, err error) {
	l, err := d.looks.take(d.db)
	if err != nil {
		return dst, false, fmt.Errorf("reading the state: %w", readable(err))
	}
	l.key = append(append(l.key[:0], statePrefix), key...)
	if l.it.SeekPrefixGE(l.key) && bytes.Equal(l.it.Key(), l.key) {
		dst, found = append(dst, l.it.Value()...), true
	}
	if err := d.looks.put(l); err != nil {
		return dst, false, fmt.Errorf("reading the state: %w", readable(err))
	}
	return dst, found, nil
}

// Scan goes over keyed state as it is now. Files that it needs stay until its iterator is closed.
func (d *Disk) Scan(from, to []byte) (state.Iterator, error) {
	it, err := d.db.NewIter(&pebble.IterOptions{
		LowerBound: append([]byte{statePrefix}, from...),
		UpperBound: append([]byte{statePrefix}, to...),
	})
	if err != nil {
		return nil, fmt.Errorf("reading the state: %w", readable(err))
	}
	return &diskIterator{it: it}, nil
}

// Bytes returns how many bytes the database takes on disk. It does not block for I/O.
func (d *Disk) Bytes() uint64 { return d.db.Metrics().DiskSpaceUsage() }

// diskIterator is Pebble's in the seam's words: it stands in front of the first key until Next.
type diskIterator struct {
	it      *pebble.Iterator
	started bool
}

func (i *diskIterator) Next() bool {
	if i.started {
		return i.it.Next()
	}
	i.started = true
	return i.it.First()
}

func (i *diskIterator) Key() []byte { return i.it.Key()[1:] }

func (i *diskIterator) Value() []byte { return i.it.Value() }

func (i *diskIterator) Close() error {
	if err := i.it.Close(); err != nil {
		return readable(err)
	}
	return nil
}
