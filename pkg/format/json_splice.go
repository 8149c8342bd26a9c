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

// findDotted looks which fields the document has under a name with dots and not under their own.
func (a *appender) findDotted(doc []byte) {
	var plain fieldSet
	plain.grow(len(a.w.fields))
	a.dotted.grow(len(a.w.fields))
	for m := NewWalk(doc); m.Next(); {
		if i := a.w.shape.find(m.Name); i >= 0 {
			plain.add(i)
		}
		if l := a.w.looseOf(m.Name); l != nil {
			a.dotted.add(l.field)
		}
	}
	for i := range a.w.fields {
		if plain.has(i) {
			a.dotted.remove(i)
		}
	}
}

func (w *Splicer) looseOf(name []byte) *loose {
	for i := range w.loose {
		if l := &w.loose[i]; l.name == string(name) {
			return l
		}
	}
	return nil
}

// appender is one Append.
type appender struct {
	w       *Splicer
	dst     []byte
	row     []record.Value
	empty   int
	changed bool
	written []string // loose fields that are done
	dotted  fieldSet // fields whose edits go to members whose own names have dots
	done    fieldSet
}

func (a *appender) comma() {
	if len(a.dst) > a.empty {
		a.dst = append(a.dst, ',')
	}
}

func (a *appender) copy(member []byte) {
	a.comma()
	a.dst = append(a.dst, member...)
}

func (a *appender) put(prefix []byte, slot int) {
	a.changed = true
	a.comma()
	a.dst = Append(append(a.dst, prefix...), &a.row[slot])
}

// member writes what becomes of one member of the document.
func (a *appender) member(m *Walk) {
	i := a.w.shape.find(m.Name)
	if i < 0 {
		switch l := a.w.looseOf(m.Name); {
		case l != nil && a.dotted.has(l.field):
			a.flat(l, m.Member)
		case a.w.shape.Shut:
			a.changed = true
		default:
			a.copy(m.Member)
		}
		return
	}
	f, sp := &a.w.shape.Fields[i], &a.w.fields[i]
	switch f.Change {
	case Pass:
		a.copy(m.Member)
	case Drop:
		a.changed = true
	case Put:
		if !a.done.has(i) {
			a.put(sp.prefix, f.Slot)
		}
	case Into:
		a.into(f, sp, m)
	}
	a.done.add(i)
}

// into writes a member of which parts change. Edits that make something have been refused where it is neither an object
// nor null; the others leave such a member alone, but that keep a.b finds no b in it.
func (a *appender) into(f *Field, sp *splice, m *Walk) {
	object := m.Raw[0] == '{'
	switch {
	case f.Below.From >= 0:
		a.intoSlot(f, sp)
	case object || f.Below.Built || sp.makes && (f.Below.Shut || m.Raw[0] == 'n'):
		a.comma()
		var doc []byte
		if object {
			doc = m.Raw
		}
		a.intoObject(sp, m, doc)
	case !f.Below.Shut:
		a.copy(m.Member)
	default:
		a.changed = true
	}
}

// intoSlot writes a field whose value is in a slot and changed inside.
func (a *appender) intoSlot(f *Field, sp *splice) {
	a.changed = true
	switch v := &a.row[f.Below.From]; {
	case v.Kind == record.Object || sp.makes:
		a.comma()
		a.dst, _ = sp.below.append(append(a.dst, sp.prefix...), nil, a.row)
	case !f.Below.Shut:
		a.put(sp.prefix, f.Below.From)
	}
}

// intoObject writes a member that is changed inside; one that turns out to stay as it was keeps its name's bytes too.
func (a *appender) intoObject(sp *splice, m *Walk, doc []byte) {
	from := len(a.dst)
	var changed bool
	if a.dst, changed = sp.below.append(append(a.dst, sp.prefix...), doc, a.row); !changed {
		a.dst = append(a.dst[:from], m.Member...)
		return
	}
	a.changed = true
}

func (a *appender) flat(l *loose, member []byte) {
	switch l.leaf.Change {
	case Pass:
		a.copy(member)
	case Drop:
		a.changed = true
	case Put:
		if !a.isWritten(l.name) {
			a.put(l.quote, l.leaf.Slot)
			a.written = append(a.written, l.name)
		}
	}
}

func (a *appender) isWritten(name string) bool {
	for _, n := range a.written {
		if n == name {
			return true
		}
	}
	return false
}

// rest writes the fields that the document did not have, in the order in which the chain made them.
func (a *appender) rest() {
	for i := range a.w.fields {
		f, sp := &a.w.shape.Fields[i], &a.w.fields[i]
		if a.done.has(i) {
			continue
		}
		switch {
		case len(a.w.loose) > 0 && a.dotted.has(i):
			a.restFlat(i)
		case f.Change == Put:
			a.put(sp.prefix, f.Slot)
		case f.Change == Into && f.Below.From >= 0:
			a.intoSlot(f, sp)
		case f.Change == Into && (sp.makes || f.Below.Built):
			a.comma()
			a.changed = true
			a.dst, _ = sp.below.append(append(a.dst, sp.prefix...), nil, a.row)
		}
	}
}

func (a *appender) restFlat(field int) {
	for i := range a.w.loose {
		l := &a.w.loose[i]
		if l.field == field && l.leaf.Change == Put && !a.isWritten(l.name) {
			a.put(l.quote, l.leaf.Slot)
		}
	}
}

// Makes reports whether the object is there even without a document.
func (w *Splicer) Makes() bool { return w.shape.Built || w.shape.Made }

// Shut reports whether of a value that is no object nothing is left.
func (w *Splicer) Shut() bool { return w.shape.Shut }
