package dynamodb

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
)

// maxDepth is how deep attributes may nest: DynamoDB allows 32 levels.
const maxDepth = 64

// writer writes one record. The first fault stays in err.
type writer struct {
	dst []byte
	err error
}

func (w *writer) fail(at int, problem string) {
	if w.err == nil {
		w.err = fault(at, problem)
	}
}

// change writes the members of the record.
func (w *writer) change(r *change) {
	w.fields(r, eventName, table)
	for i := range r.images {
		if r.images[i].there && w.err == nil {
			w.name(imageNames[i])
			w.attributes(&r.images[i].at, 0)
		}
	}
	if r.time.there && w.err == nil {
		w.name(`"approximate_creation_time":`)
		w.time(&r.time.at, r.unit)
	}
	w.fields(r, eventID, sourceARN)
	for _, m := range r.unknown {
		w.comma()
		w.dst = append(append(append(w.dst, m[0]...), ':'), m[1]...)
	}
}

func (w *writer) fields(r *change, first, last field) {
	for f := first; f <= last; f++ {
		if r.fields[f] != nil {
			w.name(fieldNames[f])
			w.dst = append(w.dst, r.fields[f]...)
		}
	}
}

func (w *writer) name(name string) {
	w.comma()
	w.dst = append(w.dst, name...)
}

// comma writes what parts members or elements, behind the first.
func (w *writer) comma() {
	if last := w.dst[len(w.dst)-1]; last != '{' && last != '[' {
		w.dst = append(w.dst, ',')
	}
}

// attributes writes an object of attribute values, an item or what M holds, as an object of plain values.
func (w *writer) attributes(c *cursor.Cursor, depth int) {
	if c.Kind() != '{' {
		w.fail(c.Offset(), "the attributes are no object")
		return
	}
	w.dst = append(w.dst, '{')
	for more := c.Enter(); more && w.err == nil; more = c.More() {
		w.comma()
		w.dst = append(append(w.dst, c.Name()...), ':')
		w.attribute(c, depth+1)
	}
	w.dst = append(w.dst, '}')
}

const noAttribute = "an attribute value is no object of one type and its value"

// attribute writes one attribute value, {"S":"a"}, as what it stands for.
func (w *writer) attribute(c *cursor.Cursor, depth int) {
	at := c.Offset()
	if c.Kind() != '{' || !c.Enter() {
		w.fail(at, noAttribute)
		return
	}
	if depth > maxDepth {
		w.fail(at, "attributes nest too deep")
		return
	}
	kind := c.Name()
	valueAt := c.Offset()
	switch string(kind) {
	case `"M"`:
		w.attributes(c, depth)
	case `"L"`:
		w.list(c, func() { w.attribute(c, depth+1) })
	case `"SS"`, `"BS"`:
		w.list(c, func() { w.text(c) })
	case `"NS"`:
		w.list(c, func() { w.number(c) })
	case `"S"`, `"B"`:
		w.text(c)
	case `"N"`:
		w.number(c)
	case `"BOOL"`:
		if k := c.Kind(); k != 't' && k != 'f' {
			w.fail(valueAt, "a BOOL is neither true nor false")
		}
		w.dst = append(w.dst, c.Value()...)
	case `"NULL"`:
		c.Value()
		w.dst = append(w.dst, "null"...)
	default:
		w.fail(at, "an attribute value of a type that DynamoDB does not have")
	}
	if w.err == nil && c.More() {
		w.fail(at, noAttribute)
	}
}

func (w *writer) list(c *cursor.Cursor, element func()) {
	if c.Kind() != '[' {
		w.fail(c.Offset(), "a list or set is none")
		return
	}
	w.dst = append(w.dst, '[')
	for more := c.Enter(); more && w.err == nil; more = c.More() {
		w.comma()
		element()
	}
	w.dst = append(w.dst, ']')
}

func (w *writer) text(c *cursor.Cursor) {
	if c.Kind() != '"' {
		w.fail(c.Offset(), "a string or binary value is no string")
		return
	}
	w.dst = append(w.dst, c.Value()...)
}

// number writes the digits that stand in a string.
func (w *writer) number(c *cursor.Cursor) {
	at := c.Offset()
	raw := c.Value()
	if raw[0] != '"' || !isNumber(raw[1:len(raw)-1]) {
		w.fail(at, "a number is no string of one")
		return
	}
	w.dst = append(w.dst, raw[1:len(raw)-1]...)
}

// isNumber reports whether text is a number in JSON's form.
func isNumber(text []byte) bool {
	if len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	end, err := format.Skip(text, 0)
	return err == nil && end == len(text)
}
