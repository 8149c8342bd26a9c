package state

import (
	"encoding/binary"

	"github.com/kstream/kstream/pkg/record"
)

// drop is a range delete that the next snapshot writes.
type drop struct {
	group  uint8
	bucket record.Millis
}

func (t *Table[V]) saveDrops(w Writer) {
	for _, d := range t.drops {
		w.DeleteRange(appendPrefix(nil, d.group, t.id, d.bucket), appendPrefixEnd(nil, d.group, t.id, d.bucket))
		w.Delete(appendIndexKey(nil, d.group, t.id, d.bucket))
	}
	t.drops = nil
}

func (t *Table[V]) save(e record.Epoch, w Writer) {
	for i := len(t.order) - 1; i >= 0; i-- { // from the end, since forget takes buckets out
		b := t.order[i]
		for _, x := range b.entries[:b.changed] {
			t.saveEntry(x, e, w)
		}
		b.changed, b.unsaved = 0, 0
		if b.recount {
			t.saveIndex(b, w)
		}
		if b.blank() {
			t.forget(b)
		}
	}
}

func (t *Table[V]) saveEntry(x *Entry[V], e record.Epoch, w Writer) {
	s := t.store
	x.epoch = e
	s.scratch = append(appendPrefix(s.scratch[:0], x.part.group, t.id, x.part.bucket.at), x.Key()...)
	if x.dead {
		w.Delete(s.scratch)
		t.graves = append(t.graves, x)
		return
	}
	s.value = x.Value.Append(s.value[:0])
	w.Set(s.scratch, s.value)
	x.saved, x.part.saved = true, true
}

// saveIndex writes the numbers of keys that are others than before.
func (t *Table[V]) saveIndex(b *bucket[V], w Writer) {
	s := t.store
	for _, p := range b.parts {
		if p == nil || p.live == p.indexed {
			continue
		}
		s.scratch = appendIndexKey(s.scratch[:0], p.group, t.id, b.at)
		if p.live == 0 {
			w.Delete(s.scratch)
		} else {
			s.value = binary.AppendUvarint(s.value[:0], uint64(p.live))
			w.Set(s.scratch, s.value)
		}
		p.indexed = p.live
	}
	b.recount = false
}

// bury forgets deleted entries once that is durable.
func (t *Table[V]) bury(durable record.Epoch) {
	for len(t.graves) > 0 && t.graves[0].epoch <= durable {
		e := t.graves[0]
		b := e.part.bucket
		if b.cursors > 0 {
			return
		}
		t.graves[0], t.graves = nil, t.graves[1:]
		if b.dropped || !e.dead || b.isChanged(e) || b.byKey[string(e.key)] != e {
			continue // it went with its bucket, or was inserted again, and maybe deleted again
		}
		t.store.bytes -= e.weight()
		b.remove(e)
		if b.blank() {
			t.forget(b)
		}
	}
}
