package state

import (
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

// Cursor goes over the live entries of one bucket, each once, in no order, memory over disk, and keeps none of what it
// reads: a bucket larger than memory is gone over in a bounded part of it. Other buckets may be used meanwhile, and the
// store snapshotted and trimmed, but this one is not to be changed or searched until Close.
type Cursor[V Value] struct {
	table  *Table[V]
	bucket *bucket[V] // nil: there is none
	at     int        // the next entry of those in memory
	part   int        // the next part to be read from disk
	disk   Iterator   // of the part before it
	group  uint8
	key    []byte
	value  V
	err    error
}

// Scan returns a cursor in front of the first entry of the bucket. It does no I/O; Next does. The caller closes it.
func (t *Table[V]) Scan(bucket record.Millis) *Cursor[V] {
	c := &Cursor[V]{table: t, bucket: t.buckets[bucket]}
	if c.bucket != nil {
		c.bucket.cursors++
	}
	return c
}

// Next moves to the next entry. It is false at the end, and after an error, which Err returns.
func (c *Cursor[V]) Next() bool {
	if c.bucket == nil || c.err != nil {
		return false
	}
	for c.at < len(c.bucket.entries) {
		e := c.bucket.entries[c.at]
		c.at++
		if !e.dead {
			c.group, c.key, c.value = e.part.group, e.Key(), e.Value
			return true
		}
	}
	return c.nextOnDisk()
}

// nextOnDisk goes over what is not in memory: what is, even if it is dead, is newer than the disk.
func (c *Cursor[V]) nextOnDisk() bool {
	s := c.table.store
	for c.open() {
		if !c.disk.Next() {
			c.err = c.wrap(c.disk.Close())
			c.disk = nil
			continue
		}
		place, err := ParseKey(c.disk.Key())
		if err != nil {
			c.err = c.wrap(err)
			return false
		}
		s.scratch = append(append(s.scratch[:0], place.Group), place.Key...)
		if c.bucket.byKey[string(s.scratch)] != nil {
			continue
		}
		v, err := c.table.load(c.disk.Value())
		if err != nil {
			c.err = c.table.damaged(place.Group, err)
			return false
		}
		c.group, c.key, c.value = place.Group, place.Key, v
		return true
	}
	return false
}

// open makes sure that there is a part to read, and is false behind the last.
func (c *Cursor[V]) open() bool {
	for c.disk == nil && c.err == nil {
		if c.part == len(c.bucket.parts) {
			return false
		}
		p := c.bucket.parts[c.part]
		c.part++
		if p == nil || p.away == 0 {
			continue
		}
		id := c.table.id
		from, to := appendPrefix(nil, p.group, id, c.bucket.at), appendPrefixEnd(nil, p.group, id, c.bucket.at)
		it, err := c.table.store.cfg.Reader.Scan(from, to)
		if err != nil {
			c.err = c.wrap(err)
			break
		}
		c.disk = it
	}
	return c.err == nil
}

func (c *Cursor[V]) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading the state of table %d: %w", c.table.id, err)
}

// Key returns the entry's key, lent until the next Next.
func (c *Cursor[V]) Key() []byte { return c.key }

// Group returns the entry's key group.
func (c *Cursor[V]) Group() uint8 { return c.group }

// Value returns the entry's value: the table's own, which must not be changed, or one that was read for this call alone.
func (c *Cursor[V]) Value() V { return c.value }

// Err returns what ended the cursor early.
func (c *Cursor[V]) Err() error { return c.err }

// Close gives up what the cursor holds, and returns what went wrong, as Err does. It may be called twice.
func (c *Cursor[V]) Close() error {
	if c.bucket != nil {
		c.bucket.cursors--
	}
	c.bucket = nil
	if c.disk != nil {
		c.err = errors.Join(c.err, c.wrap(c.disk.Close()))
		c.disk = nil
	}
	return c.err
}
