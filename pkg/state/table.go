package state

import (
	"fmt"
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// Value is what a table keeps for a key.
type Value interface {
	// Append appends the value's binary form, which the table's load reads.
	Append(dst []byte) []byte
	// Size returns about how many bytes of memory the value takes. It is called at every Touch, so it has to be cheap.
	Size() int
}

// Table is one kind of keys of one stage. Its keys are in buckets (a window's end, a due time), and an entry is found by
// bucket, key group and key. It has one user at a time, as its Store.
type Table[V Value] struct {
	store   *Store
	id      uint16
	load    func(data []byte) (V, error)
	buckets map[record.Millis]*bucket[V]
	order   []*bucket[V] // by time
	last    *bucket[V]   // the one found last
	drops   []drop
	graves  []*Entry[V]   // deleted entries that a snapshot has written, by epoch
	hand    record.Millis // the bucket that Trim goes on with
}

// NewTable adds a table to s and reads which buckets it has on disk, which blocks for I/O. ids are part of the state's
// format: each is used once in a Store, and the highest is taken. load reads what Append wrote, of data that is lent; an
// error says that it is damaged.
func NewTable[V Value](s *Store, id uint16, load func(data []byte) (V, error)) (*Table[V], error) {
	if id == indexTable || s.hasTable(id) {
		return nil, fmt.Errorf("table %d is taken", id)
	}
	if err := s.readIndex(); err != nil {
		return nil, err
	}
	t := &Table[V]{store: s, id: id, load: load, buckets: map[record.Millis]*bucket[V]{}, hand: record.StartOfTime}
	for _, x := range s.index[id] {
		b := t.bucket(x.bucket)
		p := t.part(b, x.group)
		p.saved, p.live, p.away, p.indexed = true, x.count, x.count, x.count
		b.live += x.count
		s.keys += x.count
	}
	delete(s.index, id)
	s.tables = append(s.tables, t)
	return t, nil
}

func (s *Store) readIndex() error {
	if s.index != nil {
		return nil
	}
	index := map[uint16][]indexed{}
	if s.cfg.Reader != nil {
		for group := int(s.cfg.First); group <= int(s.cfg.Last); group++ {
			err := eachIndexed(s.cfg.Reader, uint8(group), func(x indexed) { index[x.table] = append(index[x.table], x) })
			if err != nil {
				return err
			}
		}
	}
	s.index = index
	return nil
}

func (t *Table[V]) number() uint16 { return t.id }

// Find returns the entry, nil where there is none. It blocks for I/O only for a key that is not in memory, in a key group
// of the bucket of which something lies on disk alone. key is lent. An error is the Reader's or load's, never "none".
func (t *Table[V]) Find(bucket record.Millis, group uint8, key []byte) (*Entry[V], error) {
	b := t.last
	if b == nil || b.at != bucket {
		if b = t.buckets[bucket]; b == nil {
			return nil, nil
		}
		t.last = b
	}
	s := t.store
	s.scratch = append(append(s.scratch[:0], group), key...)
	if e := b.byKey[string(s.scratch)]; e != nil {
		if e.dead {
			return nil, nil
		}
		e.used = true
		return e, nil
	}
	if p := b.parts[t.ownedGroup(group)]; p != nil && p.away > 0 {
		return t.fetch(p, key)
	}
	return nil, nil
}

// fetch reads an entry that is not in memory.
func (t *Table[V]) fetch(p *part[V], key []byte) (*Entry[V], error) {
	s, b := t.store, p.bucket
	s.scratch = append(appendPrefix(s.scratch[:0], p.group, t.id, b.at), key...)
	data, found, err := s.cfg.Reader.Get(s.value[:0], s.scratch)
	if err != nil {
		return nil, fmt.Errorf("reading the state of table %d, key group %d: %w", t.id, p.group, err)
	}
	s.value = data
	if !found {
		return nil, nil
	}
	v, err := t.load(data)
	if err != nil {
		return nil, t.damaged(p.group, err)
	}
	p.away--
	e := b.add(p, key, v)
	e.saved = true
	s.bytes += e.weight()
	s.added++
	return e, nil
}

func (t *Table[V]) damaged(group uint8, err error) error {
	return fmt.Errorf("reading the state of table %d, key group %d: an entry is damaged: %w", t.id, group, err)
}

// Insert adds an entry. The caller has looked with Find, and there is none. key is copied, v is the table's. It does not
// block.
func (t *Table[V]) Insert(bucket record.Millis, group uint8, key []byte, v V) *Entry[V] {
	s, b := t.store, t.bucket(bucket)
	p := t.part(b, group)
	s.scratch = append(append(s.scratch[:0], group), key...)
	e := b.byKey[string(s.scratch)]
	switch {
	case e == nil:
		e = b.add(p, key, v)
		s.bytes += e.weight()
		s.added++
	case e.dead:
		e.Value, e.dead = v, false
	default:
		panic(fmt.Sprintf("state: table %d: an insert of a key that is there", t.id))
	}
	e.used = true
	p.live++
	b.live++
	s.keys++
	b.recount = true
	t.Touch(e)
	return e
}

// Touch says that e's Value was changed in place, or anew. It is called once a record and costs a few nanoseconds.
func (t *Table[V]) Touch(e *Entry[V]) {
	b, s := e.part.bucket, t.store
	grown := e.Value.Size() - e.size
	if grown != 0 {
		e.size += grown
		b.bytes += grown
		s.bytes += grown
	}
	if !b.isChanged(e) {
		b.change(e)
		grown = e.weight()
	}
	if grown != 0 {
		b.unsaved += grown
		s.unsaved += grown
	}
}

// Delete removes e. That it is gone is remembered until that is durable.
func (t *Table[V]) Delete(e *Entry[V]) {
	p, s := e.part, t.store
	b := p.bucket
	p.live--
	b.live--
	s.keys--
	b.recount = true
	if e.saved {
		var none V
		e.Value, e.dead = none, true
		t.shrink(e)
		return
	}
	s.bytes -= e.weight()
	if b.isChanged(e) {
		s.unsaved -= e.weight()
	}
	b.remove(e)
	if b.blank() {
		t.forget(b)
	}
}

// shrink marks a deleted entry as changed, without asking its value, which is none.
func (t *Table[V]) shrink(e *Entry[V]) {
	b, s := e.part.bucket, t.store
	b.bytes -= e.size
	s.bytes -= e.size
	if b.isChanged(e) {
		b.unsaved -= e.size
		s.unsaved -= e.size
		e.size = 0
		return
	}
	e.size = 0
	b.change(e)
	b.unsaved += e.weight()
	s.unsaved += e.weight()
}

// First returns the least bucket that has entries, on disk or in memory.
func (t *Table[V]) First() (bucket record.Millis, ok bool) {
	for _, b := range t.order {
		if b.live > 0 {
			return b.at, true
		}
	}
	return 0, false
}

// Drop removes all of a bucket at once: a range delete in each key group in which something was saved.
func (t *Table[V]) Drop(bucket record.Millis) {
	b := t.buckets[bucket]
	if b == nil {
		return
	}
	for _, p := range b.parts {
		if p != nil && p.saved {
			t.drops = append(t.drops, drop{p.group, b.at})
		}
	}
	s := t.store
	s.bytes -= b.bytes
	s.unsaved -= b.unsaved
	s.keys -= b.live
	t.forget(b)
}

// bucket returns the bucket at, made where it is missing.
func (t *Table[V]) bucket(at record.Millis) *bucket[V] {
	if b := t.last; b != nil && b.at == at {
		return b
	}
	b := t.buckets[at]
	if b == nil {
		b = &bucket[V]{at: at, byKey: map[string]*Entry[V]{}, parts: make([]*part[V], t.store.owned())}
		t.buckets[at] = b
		t.order = slices.Insert(t.order, t.from(at), b)
	}
	t.last = b
	return b
}

// from returns where in the order the buckets of at and later begin.
func (t *Table[V]) from(at record.Millis) int {
	i, _ := slices.BinarySearchFunc(t.order, at, func(b *bucket[V], at record.Millis) int {
		switch {
		case b.at < at:
			return -1
		case b.at > at:
			return 1
		}
		return 0
	})
	return i
}

func (t *Table[V]) part(b *bucket[V], group uint8) *part[V] {
	i := t.ownedGroup(group)
	if b.parts[i] == nil {
		b.parts[i] = &part[V]{bucket: b, group: group}
	}
	return b.parts[i]
}

// ownedGroup returns where the group stands among those of the task. One that it does not own is the engine's fault, and
// would be lost at the next start.
func (t *Table[V]) ownedGroup(group uint8) int {
	first, last := t.store.cfg.First, t.store.cfg.Last
	if group < first || group > last {
		panic(fmt.Sprintf("state: key group %d is not of this task, which owns %d to %d", group, first, last))
	}
	return int(group - first)
}

// forget takes b out of the table.
func (t *Table[V]) forget(b *bucket[V]) {
	b.dropped = true
	delete(t.buckets, b.at)
	i := t.from(b.at)
	t.order = slices.Delete(t.order, i, i+1)
	if t.last == b {
		t.last = nil
	}
}
