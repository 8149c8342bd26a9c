package protobuf

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/format"
)

// Transcriber writes JSON objects as messages. One goroutine uses it.
type Transcriber struct {
	schema  *Schema
	members [][]byte // what the fields of the messages that are open have, one message behind the other
	pairs   []pair   // of the maps that are open
	text    textArena
}

// textArena holds the plain forms of strings with escapes, until the next document.
type textArena struct{ b []byte }

func (a *textArena) Scratch() []byte { return a.b }

func (a *textArena) Kept(scratch []byte, from int) []byte {
	a.b = scratch
	return scratch[from:len(scratch):len(scratch)]
}

// AppendPayload appends the message that doc stands for. Its fields come in the order of their numbers and a map's entries
// by their keys, so the same fields give the same bytes. It takes what a Transcoder writes, and what Protobuf's JSON
// mapping allows besides: integers as strings, enums by number, base64 of both alphabets. A Duration may also be a number
// of seconds. null is a field that is not there, and of members of one name the last one counts.
//
// A field that the message does not have, a required one that is missing, two members of one oneof and a value that does
// not fit are a *Fault that names the field.
func (t *Transcriber) AppendPayload(dst, doc []byte) ([]byte, error) {
	raw, err := format.Validate(doc)
	if err != nil {
		return dst, err
	}
	if raw[0] != '{' {
		return dst, format.ErrNotObject
	}
	if t.text.b = t.text.b[:0]; cap(t.text.b) > keep {
		t.text.b = nil
	}
	from := len(dst)
	dst, f := t.message(dst, t.schema.root, raw, 1)
	if f != nil {
		return dst[:from], f
	}
	return dst, nil
}

func wrong(problem string, args ...any) *Fault {
	return &Fault{Problem: fmt.Sprintf(problem, args...), Offset: -1}
}

func (t *Transcriber) message(dst []byte, m *message, raw []byte, depth int) ([]byte, *Fault) {
	if depth > MaxDepth {
		return dst, wrong(problemDepth)
	}
	if m.form > emptyForm {
		return t.known(dst, m, raw, depth)
	}
	if raw[0] != '{' {
		return dst, wrong("wants an object, and has %s", kindOf(raw))
	}
	return t.fields(dst, m, raw, "", depth)
}

// fields writes an object's members but that named besides.
func (t *Transcriber) fields(dst []byte, m *message, raw []byte, besides string, depth int) ([]byte, *Fault) {
	from := len(t.members)
	for range m.fields {
		t.members = append(t.members, nil)
	}
	defer func() {
		clear(t.members[from:]) // doc is lent
		t.members = t.members[:from]
	}()
	for w := format.NewWalk(raw); w.Next(); {
		k, ok := m.byName[string(w.Name)]
		if !ok {
			if besides != "" && string(w.Name) == besides {
				continue
			}
			return dst, m.unknown(w.Name)
		}
		t.members[from+int(k)] = m.fields[k].present(w.Raw)
	}
	if f := m.checkOneofs(t.members[from:]); f != nil {
		return dst, f
	}
	for _, k := range m.byNumber {
		f, raw := m.fields[k], t.members[from+int(k)]
		if raw == nil {
			if f.required {
				return dst, wrong("is required and missing").in(f.name)
			}
			continue
		}
		var fault *Fault
		if dst, fault = t.field(dst, f, raw, depth); fault != nil {
			return dst, fault.in(f.name)
		}
	}
	return dst, nil
}

// present returns nil for null, which is a field that is not there, but where null is a value of its own.
func (f *field) present(raw []byte) []byte {
	own := f.enum != nil && f.enum.null || f.message != nil && f.message.form == valueForm
	if raw[0] == 'n' && (f.list || !own) {
		return nil
	}
	return raw
}

func (m *message) checkOneofs(members [][]byte) *Fault {
	if m.oneofs == 0 {
		return nil
	}
	for i, a := range m.fields {
		if a.oneof < 0 || members[i] == nil {
			continue
		}
		for k, b := range m.fields[:i] {
			if b.oneof == a.oneof && members[k] != nil {
				return wrong("the oneof %s has %s too, and may have one only", m.oneofOf[a.oneof], b.name).in(a.name)
			}
		}
	}
	return nil
}

// unknown says that the message has no such field, and which it may be.
func (m *message) unknown(name []byte) *Fault {
	return &Fault{Problem: m.lacks(shown(name)), Offset: -1}
}

// shown cuts a name that is too long for a message.
func shown(name []byte) []byte {
	const long = 80 // bytes
	return name[:min(len(name), long)]
}

func (t *Transcriber) field(dst []byte, f *field, raw []byte, depth int) ([]byte, *Fault) {
	switch {
	case f.mapped:
		return t.object(dst, f, raw, depth)
	case f.list:
		return t.list(dst, f, raw, depth)
	case f.message != nil:
		return t.inner(dst, f, raw, depth)
	}
	from := len(dst)
	dst = protowire.AppendTag(dst, f.number, f.wire)
	at := len(dst)
	dst, fault := t.scalar(dst, f, raw)
	if fault == nil && !f.presence && zeros(dst[at:]) {
		dst = dst[:from] // without presence, zero is what is not there
	}
	return dst, fault
}

// zeros reports whether value is a scalar's zero: 0 in all its bytes, whatever its type, or a length of 0.
func zeros(value []byte) bool {
	for _, c := range value {
		if c != 0 {
			return false
		}
	}
	return true
}

// inner writes a message with its tag and length, or as a group.
func (t *Transcriber) inner(dst []byte, f *field, raw []byte, depth int) ([]byte, *Fault) {
	dst = protowire.AppendTag(dst, f.number, f.wire)
	if f.wire == protowire.StartGroupType {
		dst, fault := t.message(dst, f.message, raw, depth+1)
		return protowire.AppendTag(dst, f.number, protowire.EndGroupType), fault
	}
	at := len(dst)
	dst, fault := t.message(append(dst, 0), f.message, raw, depth+1)
	return closeLength(dst, at), fault
}

// closeLength puts the length of what is behind the byte at in its place, and makes room where it takes more.
func closeLength(dst []byte, at int) []byte {
	n := uint64(len(dst) - at - 1)
	size := protowire.SizeVarint(n)
	for range size - 1 {
		dst = append(dst, 0)
	}
	if size > 1 {
		copy(dst[at+size:], dst[at+1:at+1+int(n)])
	}
	protowire.AppendVarint(dst[:at], n)
	return dst
}
