package format

import (
	"github.com/kstream/kstream/pkg/record"
)

// Splicer writes objects of one shape: members that nothing changed are copied as they stand. It is shared by lanes and
// keeps nothing between calls.
type Splicer struct {
	fields []splice
	shape  *Shape
	// loose are the edits below dotted paths. Where the document has no field "a" but one named "a.b", set a.b and
	// drop a.b mean that one, as the expression a.b does.
	loose []loose
}

type splice struct {
	prefix []byte // the member's name in JSON and a colon
	below  *Splicer
	makes  bool
}

type loose struct {
	field int // the member "a" of the shape
	name  string
	leaf  Field
	quote []byte
}

// NewSplicer prepares the shape for writing.
func NewSplicer(s *Shape) *Splicer {
	w := newSplicer(s)
	if s.Built {
		return w
	}
	for i, f := range s.Fields {
		if f.Change == Into {
			w.loosen(i, f.Name, f.Below)
		}
	}
	return w
}

func newSplicer(s *Shape) *Splicer {
	w := &Splicer{shape: s}
	for _, f := range s.Fields {
		sp := splice{prefix: prefix(f.Name), makes: f.Change == Put}
		if f.Change == Into {
			sp.below, sp.makes = newSplicer(f.Below), f.Below.Made
		}
		w.fields = append(w.fields, sp)
	}
	return w
}

func prefix(name string) []byte { return append(AppendString(nil, []byte(name)), ':') }

func (w *Splicer) loosen(field int, above string, s *Shape) {
	if s.Built || s.From >= 0 {
		return
	}
	for _, f := range s.Fields {
		name := above + "." + f.Name
		if f.Change == Into {
			w.loosen(field, name, f.Below)
			continue
		}
		w.loose = append(w.loose, loose{field, name, f, prefix(name)})
	}
}

// Append appends the object: doc is the document's text, an object that Skip has passed, or nil where there is none. A
// document in which nothing has to change goes out byte for byte.
func (w *Splicer) Append(dst, doc []byte, row []record.Value) []byte {
	out, changed := w.append(dst, Trim(doc), row)
	if !changed {
		return append(dst, doc...)
	}
	return out
}

func (w *Splicer) append(dst, doc []byte, row []record.Value) (out []byte, changed bool) {
	if w.shape.From >= 0 {
		doc = nil
		if v := &row[w.shape.From]; v.Kind == record.Object {
			doc = v.Text
		}
	}
	from := len(dst)
	a := appender{w: w, dst: append(dst, '{'), empty: from + 1, row: row}
	a.done.grow(len(w.fields))
	if doc != nil && !w.shape.Built {
		if len(w.loose) > 0 {
			a.findDotted(doc)
		}
		for m := NewWalk(doc); m.Next(); {
			a.member(&m)
		}
	}
	a.rest()
	if doc != nil && !w.shape.Built && !a.changed {
		return append(a.dst[:from], doc...), false
	}
	return append(a.dst, '}'), true
}

func (w *Splicer) looseOf(name []byte) *loose {
	for i := range w.loose {
		if l := &w.loose[i]; l.name == string(name) {
			return l
		}
	}
	return nil
}

// Makes reports whether the object is there even without a document.
func (w *Splicer) Makes() bool { return w.shape.Built || w.shape.Made }

// Shut reports whether of a value that is no object nothing is left.
func (w *Splicer) Shut() bool { return w.shape.Shut }
