package state

import (
	"slices"
	"unsafe"

	"github.com/kstream/kstream/pkg/record"
)

// entryBytes is about what an entry takes besides its key and value: itself, two allocations' rounding, and its places in
// the map and the list of its bucket. Measured: TestBytesFollowsTheHeap.
const entryBytes = 128

// Entry is one key and what is kept for it. It is good until it is deleted, its bucket is dropped, or the next Trim.
type Entry[V Value] struct {
	Value V

	key   []byte // the key group, then the key
	part  *part[V]
	size  int          // of Value, as last seen
	epoch record.Epoch // the last that holds a change of it; 0 where it was read
	slot  int32        // its place in the bucket's entries
	saved bool         // the disk, or a snapshot, has something under its key
	dead  bool         // deleted, which is not durable yet
	used  bool         // found since the hand of Trim came by
}

// Key returns the entry's key, which must not be changed.
func (e *Entry[V]) Key() []byte { return e.key[1:] }

func (e *Entry[V]) weight() int { return entryBytes + len(e.key) + e.size }

// bucket is the entries of one table that go in one step.
type bucket[V Value] struct {
	at    record.Millis
	byKey map[string]*Entry[V] // by key group and key; the strings are the entries' keys
	// entries are all that are in memory, dead ones included: first the changed ones, which the next snapshot writes and
	// nobody evicts.
	entries []*Entry[V]
	changed int
	parts   []*part[V] // by key group, from the first that the task owns
	live    int64      // on disk too
	bytes   int
	unsaved int // bytes of the changed entries
	hand    int // where Trim goes on
	cursors int // open ones, under which nothing may move
	recount bool
	dropped bool
}

// part is what of a bucket lies in one key group.
type part[V Value] struct {
	bucket *bucket[V]
	group  uint8
	saved  bool  // the disk, or a snapshot, has something of it
	live   int64 // entries, those on disk included
	// away are the live entries that are on disk only. None: what is not in memory does not exist, and needs no look.
	away    int64
	indexed int64 // live, as the last snapshot's index has it
}

func (b *bucket[V]) isChanged(e *Entry[V]) bool { return int(e.slot) < b.changed }

// change puts e among the changed ones.
func (b *bucket[V]) change(e *Entry[V]) {
	b.swap(int(e.slot), b.changed)
	b.changed++
}

func (b *bucket[V]) swap(i, j int) {
	x, y := b.entries[i], b.entries[j]
	b.entries[i], b.entries[j] = y, x
	x.slot, y.slot = int32(j), int32(i)
}

// add puts a new entry with a key of its own into memory, unchanged.
func (b *bucket[V]) add(p *part[V], key []byte, v V) *Entry[V] {
	e := &Entry[V]{Value: v, key: make([]byte, 1+len(key)), part: p, size: v.Size(), slot: int32(len(b.entries))}
	e.key[0] = p.group
	copy(e.key[1:], key)
	// The map borrows the key, which never changes, instead of holding a second copy.
	b.byKey[unsafe.String(&e.key[0], len(e.key))] = e
	b.entries = append(b.entries, e)
	b.bytes += e.weight()
	return e
}

// remove takes e out of memory.
func (b *bucket[V]) remove(e *Entry[V]) {
	delete(b.byKey, string(e.key))
	b.bytes -= e.weight()
	i := int(e.slot)
	if b.isChanged(e) {
		b.unsaved -= e.weight()
		b.changed--
		b.swap(i, b.changed)
		i = b.changed
	}
	last := len(b.entries) - 1
	b.swap(i, last)
	b.entries[last] = nil
	b.entries = b.entries[:last]
}

// blank reports whether nothing speaks of b any more, in memory or on disk.
func (b *bucket[V]) blank() bool {
	return len(b.entries) == 0 && b.live == 0 && b.cursors == 0 &&
		!slices.ContainsFunc(b.parts, func(p *part[V]) bool { return p != nil && p.indexed != 0 })
}
