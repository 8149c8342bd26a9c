package format

import "slices"

// Change is what a chain does with a field.
type Change uint8

// The changes.
const (
	Pass Change = iota // as the document has it
	Put                // a slot's value; nil goes out as null
	Drop               // left out
	Into               // an object of which parts change
)

// Shape is the form of an object at one place of a chain: which of its members come from a document and which from
// slots. It never changes: With, Without and Only return a new one that shares what stayed the same.
type Shape struct {
	// Built objects have no document below them. The others have one, or the value in slot From where that is not -1.
	Built bool
	From  int
	// Made objects are there even where the document has none, and though what was put into them may be gone again.
	Made bool
	// Shut leaves out the document's members that Fields does not name.
	Shut   bool
	Fields []Field
}

// Field is one member that Shape knows.
type Field struct {
	Name   string
	Change Change
	Slot   int    // Put
	Below  *Shape // Into
}

// Document returns the shape of a document that nothing has changed.
func Document() *Shape { return &Shape{From: -1} }

// Object returns the shape of an object without members.
func Object() *Shape { return &Shape{From: -1, Built: true} }

// Untouched reports whether s is a document that nothing has changed.
func (s *Shape) Untouched() bool { return !s.Built && s.From < 0 && !s.Shut && len(s.Fields) == 0 }

// Field returns the field of that name, nil where s does not name it.
func (s *Shape) Field(name string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// find is Field for the bytes of a document.
func (s *Shape) find(name []byte) int {
	for i := range s.Fields {
		if s.Fields[i].Name == string(name) {
			return i
		}
	}
	return -1
}

// With returns s with the field at path put to slot's value.
func (s *Shape) With(path []string, slot int) *Shape {
	return s.edit(path, Field{Change: Put, Slot: slot})
}

// Without returns s without the field at path.
func (s *Shape) Without(path []string) *Shape { return s.edit(path, Field{Change: Drop}) }

func (s *Shape) edit(path []string, leaf Field) *Shape {
	out := *s
	out.Fields = slices.Clone(s.Fields)
	f := out.Field(path[0])
	out.Made = s.Made || leaf.Change != Drop
	gone := f == nil && (s.Built || s.Shut) || f != nil && f.Change == Drop
	if gone && leaf.Change == Drop {
		return s
	}
	if f == nil {
		out.Fields = append(out.Fields, Field{Name: path[0], Change: Pass})
		if f = &out.Fields[len(out.Fields)-1]; gone {
			f.Change = Drop
		}
	}
	if len(path) > 1 {
		below := f.object()
		leaf = Field{Change: Into, Below: below.edit(path[1:], leaf)}
	}
	leaf.Name = f.Name
	*f = leaf
	return &out
}

// object returns the shape of f as an object that can be edited.
func (f *Field) object() *Shape {
	switch f.Change {
	case Into:
		return f.Below
	case Put:
		return &Shape{From: f.Slot}
	case Drop:
		return Object()
	}
	return Document()
}

// Only returns s with none but the fields at paths, which stay in their order.
func (s *Shape) Only(paths [][]string) *Shape {
	out := Shape{Built: s.Built, From: s.From, Made: s.Made, Shut: true}
	for _, f := range s.order(paths) {
		var below [][]string
		whole := false
		for _, p := range paths {
			switch {
			case p[0] != f.Name:
			case len(p) == 1:
				whole = true
			default:
				below = append(below, p[1:])
			}
		}
		if !whole && f.Change != Drop {
			f = Field{Name: f.Name, Change: Into, Below: f.object().Only(below)}
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// order returns the fields that paths begin with: those that s knows in its order, then the document's.
func (s *Shape) order(paths [][]string) (fields []Field) {
	named := func(name string) bool {
		return slices.ContainsFunc(paths, func(p []string) bool { return p[0] == name })
	}
	for _, f := range s.Fields {
		if named(f.Name) {
			fields = append(fields, f)
		}
	}
	if s.Built || s.Shut {
		return fields
	}
	for _, p := range paths {
		known := func(f Field) bool { return f.Name == p[0] }
		if !slices.ContainsFunc(fields, known) {
			fields = append(fields, Field{Name: p[0], Change: Pass})
		}
	}
	return fields
}
