package avro

import (
	"fmt"

	"github.com/kstream/kstream/pkg/format"
)

// Encoder writes JSON objects as records of one schema. It is a format.Transcriber.
type Encoder struct {
	schema *Schema
	header []byte
	w      writer
}

// NewEncoder returns an Encoder whose payloads are the header and then the record: no header for a bare record, the
// schema's SingleObjectHeader for single-object encoding, a registry's header with the id that the schema has there.
func NewEncoder(s *Schema, header []byte) *Encoder { return &Encoder{schema: s, header: header} }

// AppendPayload appends the payload that stands for doc to dst, as the package says. An error is a *FieldError, or a
// *format.SyntaxError where doc is no JSON.
func (e *Encoder) AppendPayload(dst, doc []byte) ([]byte, error) {
	doc = format.Trim(doc)
	end, err := format.Skip(doc, 0)
	if err != nil {
		return dst, err
	}
	if doc[0] != '{' || end < len(doc) {
		return dst, format.ErrNotObject
	}
	return e.w.value(append(dst, e.header...), e.schema.root, doc, 0)
}

// writer writes JSON values as a schema has them.
type writer struct {
	members [][]byte // of the records that are being written, each by its fields
	plain   scratch  // the plain text of a string with escapes
	raw     []byte   // what a string of base64 stands for
	trial   []byte   // what a value would be in a union's branch
}

// value appends raw, a value's source text that Skip has passed, as a value of type n. depth is how many objects and lists
// it is in.
func (w *writer) value(dst []byte, n *node, raw []byte, depth int) ([]byte, error) {
	if depth > maxDepth {
		return dst, &FieldError{Problem: "is nested too deep"}
	}
	switch n.kind {
	case union:
		i, err := w.branch(n, raw)
		if err != nil {
			return dst, err
		}
		return w.value(appendLong(dst, int64(i)), n.branches[i], raw, depth)
	case array:
		if raw[0] == '[' {
			return w.list(dst, n, raw, depth+1)
		}
	case mapping:
		if raw[0] == '{' {
			return w.mapping(dst, n, raw, depth+1)
		}
	case object:
		if raw[0] == '{' {
			return w.object(dst, n, raw, depth+1)
		}
	default:
		return w.scalar(dst, n, raw)
	}
	return dst, w.misfit(n, raw)
}

func (w *writer) list(dst []byte, n *node, raw []byte, depth int) (_ []byte, err error) {
	count := 0
	for m := format.NewWalk(raw); m.Next(); {
		count++
	}
	if count == 0 {
		return append(dst, 0), nil
	}
	dst = appendLong(dst, int64(count))
	i := 0
	for m := format.NewWalk(raw); m.Next(); i++ {
		if dst, err = w.value(dst, n.items, m.Raw, depth); err != nil {
			return dst, within(fmt.Sprint(i), err)
		}
	}
	return append(dst, 0), nil
}

func (w *writer) mapping(dst []byte, n *node, raw []byte, depth int) (_ []byte, err error) {
	count := 0
	for m := format.NewWalk(raw); m.Next(); {
		count++
	}
	if count == 0 {
		return append(dst, 0), nil
	}
	dst = appendLong(dst, int64(count))
	for m := format.NewWalk(raw); m.Next(); {
		if dst, err = w.value(appendBytes(dst, m.Name), n.items, m.Raw, depth); err != nil {
			return dst, within("*", err) // a key is the record's text
		}
	}
	return append(dst, 0), nil
}

// object appends a record's fields in the schema's order.
func (w *writer) object(dst []byte, n *node, raw []byte, depth int) (_ []byte, err error) {
	from := len(w.members)
	for range n.fields {
		w.members = append(w.members, nil)
	}
	defer func() { w.members = w.members[:from] }()
	next := 0 // members mostly come in the schema's order
	for m := format.NewWalk(raw); m.Next(); next++ {
		if next >= len(n.fields) || n.fields[next].name != string(m.Name) {
			i, ok := n.index[string(m.Name)]
			if !ok {
				return dst, &FieldError{shown(m.Name), "is not in the schema"}
			}
			next = i
		}
		w.members[from+next] = m.Raw
	}
	for i := range n.fields {
		f := &n.fields[i]
		switch m := w.members[from+i]; {
		case m != nil:
			dst, err = w.value(dst, f.node, m, depth)
		case f.missing != nil:
			dst = append(dst, f.missing...)
		default:
			err = &FieldError{"", "is missing"}
		}
		if err != nil {
			return dst, within(f.name, err)
		}
	}
	return dst, nil
}

// shown returns a field's name for an error.
func shown(name []byte) string {
	if len(name) > maxWay {
		name = name[:maxWay]
	}
	return string(name)
}

// misfit says that raw is no value of type n.
func (w *writer) misfit(n *node, raw []byte) error {
	return &FieldError{Problem: fmt.Sprintf("is %s, and the schema has %s", describe(raw), n.what())}
}

func describe(raw []byte) string {
	switch raw[0] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
