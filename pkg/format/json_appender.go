package format

import (
	"github.com/kstream/kstream/pkg/record"
)

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
