package protobuf

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/record"
)

// entries reads wanted keys of a map: it passes all entries, keeps the place of the last one of each key, and reads those.
func (r *FieldReader) entries(t *keyTable, f *field, p part, s slot, depth int) (fault *Fault) {
	if depth+1 > MaxDepth {
		return p.fault(int(s.first), problemDepth)
	}
	from := len(r.t.slots)
	for range t.keys {
		r.t.slots = append(r.t.slots, slot{})
	}
	defer r.t.close(from)
	count := 0
	for i := int(s.first); i <= int(s.value) && i < len(p.b); {
		n, w, at, end, fault := p.next(i)
		if fault != nil {
			return fault
		}
		i = end
		if n != f.number || w != f.wire {
			continue
		}
		k, fault := r.match(t, f, p.content(at, n, w))
		if fault != nil {
			return fault.at(count)
		}
		if count++; k >= 0 {
			r.t.slots[from+k] = slot{value: int32(at), count: int32(count)}
		}
	}
	for k := range t.keys {
		s := r.t.slots[from+k]
		if s.count == 0 {
			continue
		}
		if fault := r.entry(&t.keys[k], f, p.content(int(s.value), f.number, f.wire), depth+1); fault != nil {
			return fault.at(int(s.count) - 1)
		}
	}
	return nil
}

// match returns which of the wanted keys an entry has, -1 for none.
func (r *FieldReader) match(t *keyTable, f *field, e part) (int, *Fault) {
	from, fault := r.t.open(&f.message.layout, e)
	defer r.t.close(from)
	if fault != nil {
		return -1, fault
	}
	fk, s := f.message.fields[keySlot], r.t.slots[from+keySlot]
	if fk.kind == protoreflect.StringKind {
		text := fk.bytes(e, s).b
		for i := range t.keys {
			if t.keys[i].name == string(text) {
				return i, nil
			}
		}
		return -1, nil
	}
	bits := fk.keyBits(e, s)
	for i := range t.keys {
		if t.keys[i].bits == bits {
			return i, nil
		}
	}
	return -1, nil
}

// entry reads the value of a map's entry, and what is wanted below it.
func (r *FieldReader) entry(k *key, f *field, e part, depth int) *Fault {
	from, fault := r.t.open(&f.message.layout, e)
	defer r.t.close(from)
	if fault != nil {
		return fault
	}
	fv, s := f.message.fields[valueSlot], r.t.slots[from+valueSlot]
	if s.count == 0 && fv.message == nil {
		k.put(r.row, fv.absentValue())
		return nil
	}
	sub := part{nil, e.base}
	if fv.message != nil && s.count > 0 {
		sub = r.part(fv, e, s)
	}
	var v record.Value
	switch {
	case len(k.slots) == 0 && !fv.opaque():
	case fv.message == nil:
		v, fault = r.scalar(fv, e, int(s.value))
	default:
		v, fault = r.object(fv.message, sub, depth+1)
	}
	if fault != nil {
		return fault
	}
	k.put(r.row, v)
	if k.below != nil {
		return r.message(k.below, sub, depth+1)
	}
	if fv.opaque() {
		r.inside(k.want, v.Text)
	}
	return nil
}
