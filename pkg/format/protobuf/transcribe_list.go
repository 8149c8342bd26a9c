package protobuf

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

func (t *Transcriber) list(dst []byte, f *field, raw []byte, depth int) ([]byte, *Fault) {
	if raw[0] != '[' {
		return dst, wrong("wants a list, and has %s", kindOf(raw))
	}
	w := format.NewWalk(raw)
	from := len(dst)
	packed := f.packed && f.packable
	if packed {
		dst = append(protowire.AppendTag(dst, f.number, protowire.BytesType), 0)
	}
	at := len(dst)
	for i := 0; w.Next(); i++ {
		var fault *Fault
		switch {
		case f.message != nil:
			dst, fault = t.inner(dst, f, w.Raw, depth)
		case packed:
			dst, fault = t.scalar(dst, f, w.Raw)
		default:
			dst, fault = t.scalar(protowire.AppendTag(dst, f.number, f.wire), f, w.Raw)
		}
		if fault != nil {
			return dst, fault.at(i)
		}
	}
	if packed && len(dst) == at {
		return dst[:from], nil
	}
	if packed {
		dst = closeLength(dst, at-1)
	}
	return dst, nil
}

// pair is one member of an object that becomes a map.
type pair struct{ name, raw []byte }

// object writes a map. Its entries go by the order of their names.
func (t *Transcriber) object(dst []byte, f *field, raw []byte, depth int) ([]byte, *Fault) {
	if raw[0] != '{' {
		return dst, wrong("wants an object, and has %s", kindOf(raw))
	}
	from := len(t.pairs)
	defer func() {
		clear(t.pairs[from:])
		t.pairs = t.pairs[:from]
	}()
	for w := format.NewWalk(raw); w.Next(); {
		t.pairs = append(t.pairs, pair{t.name(&w), w.Raw})
	}
	slices.SortStableFunc(t.pairs[from:], func(a, b pair) int { return bytes.Compare(a.name, b.name) })
	to := len(t.pairs)
	for i := from; i < to; i++ {
		if i+1 < to && bytes.Equal(t.pairs[i].name, t.pairs[i+1].name) {
			continue
		}
		var fault *Fault
		if dst, fault = t.pair(dst, f, t.pairs[i], depth); fault != nil {
			return dst, fault
		}
	}
	return dst, nil
}

// name returns a member's name to keep, with U+FFFD for what is no UTF-8.
func (t *Transcriber) name(w *format.Walk) []byte {
	aliases := len(w.Name) == 0 || &w.Name[0] == &w.Member[1] // has no escapes
	if aliases && utf8.Valid(w.Name) {
		return w.Name
	}
	scratch := t.text.Scratch()
	return t.text.Kept(append(scratch, bytes.ToValidUTF8(w.Name, []byte("\uFFFD"))...), len(scratch))
}

func (t *Transcriber) pair(dst []byte, f *field, p pair, depth int) ([]byte, *Fault) {
	dst = protowire.AppendTag(dst, f.number, protowire.BytesType)
	at := len(dst)
	key, value := f.message.fields[keySlot], f.message.fields[valueSlot]
	dst = protowire.AppendTag(append(dst, 0), key.number, key.wire)
	if key.kind == protoreflect.StringKind {
		dst = protowire.AppendBytes(dst, p.name)
	} else {
		bits, ok := parseKey(key, string(p.name))
		if !ok {
			return dst, wrong("the map's keys are %s, which %q is not", key.kind, shown(p.name))
		}
		dst = appendBits(dst, key, bits)
	}
	if value.present(p.raw) == nil {
		return dst, wrong("wants a value, and has null").in(fmt.Sprintf("[%q]", shown(p.name)))
	}
	var fault *Fault
	if value.message != nil {
		dst, fault = t.inner(dst, value, p.raw, depth+1)
	} else {
		dst, fault = t.scalar(protowire.AppendTag(dst, value.number, value.wire), value, p.raw)
	}
	if fault != nil {
		return dst, fault.in(fmt.Sprintf("[%q]", shown(p.name)))
	}
	return closeLength(dst, at), nil
}
