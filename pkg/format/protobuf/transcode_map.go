package protobuf

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

// entry is where one entry of a map stands. Of several with one key the last one counts.
type entry struct {
	hash    uint64 // of the key
	at      int32
	dropped bool
}

var seed = maphash.MakeSeed()

// A map's entry is a message of these two fields.
const (
	keySlot = iota
	valueSlot
)

// object appends a map, in the order of the wire.
func (t *Transcoder) object(dst []byte, f *field, p part, s slot, depth int) ([]byte, *Fault) {
	if depth+1 > MaxDepth {
		return dst, p.fault(int(s.first), problemDepth)
	}
	from := len(t.entries)
	defer func() { t.entries = t.entries[:from] }()
	if s.count == 1 {
		t.entries = append(t.entries, entry{at: s.value})
	} else if fault := t.collect(f, p, s); fault != nil {
		return dst, fault
	}
	to, empty := len(t.entries), len(dst)+1
	dst = append(dst, '{')
	for i := from; i < to; i++ {
		if t.entries[i].dropped {
			continue
		}
		if len(dst) > empty {
			dst = append(dst, ',')
		}
		at := int(t.entries[i].at)
		if len(dst) > t.limit {
			return dst, p.fault(at, problemTooMuch)
		}
		var fault *Fault
		if dst, fault = t.entry(dst, f, p.content(at, f.number, f.wire), depth+1); fault != nil {
			return dst, fault.at(i - from)
		}
	}
	return append(dst, '}'), nil
}

// entry appends one entry: a key that is not there is its zero, as a value is.
func (t *Transcoder) entry(dst []byte, f *field, p part, depth int) ([]byte, *Fault) {
	from, fault := t.open(&f.message.layout, p)
	defer t.close(from)
	if fault != nil {
		return dst, fault
	}
	key, value := f.message.fields[keySlot], f.message.fields[valueSlot]
	if dst, fault = t.key(dst, key, p, t.slots[from+keySlot]); fault != nil {
		return dst, fault
	}
	dst = append(dst, ':')
	switch s := t.slots[from+valueSlot]; {
	case s.count > 0:
		return t.field(dst, value, p, s, depth)
	case value.message != nil:
		return t.message(dst, value.message, part{nil, p.base}, depth+1)
	}
	return append(dst, value.absent()...), nil
}

func (t *Transcoder) key(dst []byte, f *field, p part, s slot) ([]byte, *Fault) {
	if f.kind == protoreflect.StringKind {
		text := f.bytes(p, s)
		if fault := text.checkText(); fault != nil {
			return dst, fault
		}
		return format.AppendString(dst, text.b), nil
	}
	dst = append(dst, '"')
	return append(appendKey(dst, f, f.keyBits(p, s)), '"'), nil
}

// bytes returns the bytes of a string or bytes field, none where it is not there.
func (f *field) bytes(p part, s slot) part {
	if s.count == 0 {
		return part{nil, p.base}
	}
	return p.content(int(s.value), f.number, f.wire)
}

func (f *field) keyBits(p part, s slot) uint64 {
	if s.count == 0 {
		return 0
	}
	bits := p.bits(f, int(s.value))
	if f.kind == protoreflect.BoolKind && bits != 0 {
		return 1
	}
	return bits
}

// collect notes a map's entries, and which of them later ones replace: by their hashes, and by their keys where those are
// equal.
func (t *Transcoder) collect(f *field, p part, s slot) (fault *Fault) {
	from := len(t.entries)
	f.each(p, s, func(at int) {
		sum, bad := t.hashKey(f, p.content(at, f.number, f.wire))
		if bad != nil && fault == nil {
			fault = bad.at(len(t.entries) - from)
		}
		t.entries = append(t.entries, entry{hash: sum, at: int32(at)})
	})
	if fault != nil {
		return fault
	}
	list := t.entries[from:]
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at))
	})
	for i := range list {
		for k := i + 1; k < len(list) && list[k].hash == list[i].hash && !list[i].dropped; k++ {
			list[i].dropped = t.sameKey(f, p, list[i].at, list[k].at)
		}
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	return nil
}

func (t *Transcoder) hashKey(f *field, p part) (uint64, *Fault) {
	from, fault := t.open(&f.message.layout, p)
	defer t.close(from)
	if fault != nil {
		return 0, fault
	}
	key, s := f.message.fields[keySlot], t.slots[from+keySlot]
	if key.kind == protoreflect.StringKind {
		return maphash.Bytes(seed, key.bytes(p, s).b), nil
	}
	return key.keyBits(p, s), nil
}

func (t *Transcoder) sameKey(f *field, p part, a, b int32) bool {
	key := f.message.fields[keySlot]
	if key.kind != protoreflect.StringKind {
		return true // their hashes are the keys
	}
	var texts [2][]byte
	for i, at := range [2]int32{a, b} {
		e := p.content(int(at), f.number, f.wire)
		from, _ := t.open(&f.message.layout, e)
		texts[i] = key.bytes(e, t.slots[from+keySlot]).b
		t.close(from)
	}
	return bytes.Equal(texts[0], texts[1])
}
