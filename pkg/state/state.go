// Package state is the keyed state of one task: entries in memory over what the last checkpoint holds, which may be far
// more. Nothing is written but by Snapshot, so that what it holds becomes durable with everything else of an epoch, and
// nothing is read that an epoch which is not saved yet has changed.
//
// Where it lies is part of the format of a STATE_DIR:
//
//	key group (1 byte) | table (2) | bucket (8, in order) | key      an entry, in the stage's own form
//	key group (1 byte) | ff ff | table (2) | bucket (8)              how many entries these have: the index
//
// The key group comes first, so that a task owns one range of keys for every stage, and another split of the groups at the
// next start moves nothing. The index lists the buckets at a start without a scan of what is in them.
package state

import (
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// Reader reads what the last checkpoint holds. It must show an epoch as soon as Config.Durable tells of it. Many
// goroutines call it.
type Reader interface {
	// Get appends key's value to dst. It may block for I/O. key is lent, the result is dst's. An error is never "none".
	Get(dst, key []byte) (value []byte, found bool, err error)
	// Scan returns the keys in [from, to), in order. from and to are lent for the call. The caller closes the iterator.
	Scan(from, to []byte) (Iterator, error)
}

// Iterator goes over keys, beginning in front of the first. One goroutine uses it.
type Iterator interface {
	// Next moves on, and is false at the end and after an error.
	Next() bool
	// Key and Value are lent until the next call of Next.
	Key() []byte
	Value() []byte
	// Close gives up what the iterator holds, and returns what went wrong.
	Close() error
}

// Writer takes the changes of an epoch, in order, without I/O. It copies what it is given.
type Writer interface {
	Set(key, value []byte)
	Delete(key []byte)
	// DeleteRange removes the keys in [from, to).
	DeleteRange(from, to []byte)
}

// Config is what a Store needs.
type Config struct {
	// Reader reads the last checkpoint. nil: there is none, and everything stays in memory.
	Reader Reader
	// First and Last are the key groups that the task owns, both included.
	First, Last uint8
	// Memory is the budget in bytes that Trim keeps to.
	Memory int
	// Durable returns the last epoch that is saved. It is called from the Store's goroutine, and may be nil without Reader.
	Durable func() record.Epoch
}

// Store is one task's keyed state over all of its stages. It has one user at a time and no locks.
type Store struct {
	cfg    Config
	tables []table
	index  map[uint16][]indexed // what NewTable has not taken yet; nil before the first
	bytes  int
	unsaved,
	added int // bytes changed since the last Snapshot; entries added since the last Trim
	keys    int64
	hand    int // the table that Trim goes on with
	scratch []byte
	value   []byte
}

// table is a Table without its type of values.
type table interface {
	number() uint16
	// saveDrops writes what Drop has promised, save the rest of what changed.
	saveDrops(w Writer)
	save(e record.Epoch, w Writer)
	// bury forgets tombstones of epochs up to durable.
	bury(durable record.Epoch)
	// sweep evicts until s is done, and reports whether it came to the end of the table.
	sweep(s *sweep) bool
}

// New returns an empty Store. Nothing is read before the first NewTable.
func New(c Config) *Store { return &Store{cfg: c} }

// Snapshot adds what changed since the last one to w, as epoch e: range deletes before sets. It does no I/O. From here on
// it counts as unchanged, but stays in memory until Durable reaches e.
func (s *Store) Snapshot(e record.Epoch, w Writer) {
	for _, t := range s.tables {
		t.saveDrops(w)
	}
	for _, t := range s.tables {
		t.save(e, w)
	}
	s.unsaved = 0
}

// Changed returns about how many bytes the next Snapshot has to write, counted as Bytes does.
func (s *Store) Changed() int { return s.unsaved }

// Bytes returns about how many bytes of memory the state takes.
func (s *Store) Bytes() int { return s.bytes }

// Keys returns how many entries there are, those on disk included.
func (s *Store) Keys() int64 { return s.keys }

// owned returns how many key groups the store owns.
func (s *Store) owned() int { return int(s.cfg.Last) - int(s.cfg.First) + 1 }

func (s *Store) hasTable(id uint16) bool {
	return slices.ContainsFunc(s.tables, func(t table) bool { return t.number() == id })
}
