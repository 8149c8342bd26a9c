package protobuf

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/record"
)

// want is a name on the way to wanted fields.
type want struct {
	name  string
	slots []int // of the field itself
	below []*want
}

func (w *want) add(names []string, slot int) {
	if len(names) == 0 {
		w.slots = append(w.slots, slot)
		return
	}
	for _, b := range w.below {
		if b.name == names[0] {
			b.add(names[1:], slot)
			return
		}
	}
	b := &want{name: names[0]}
	w.below = append(w.below, b)
	b.add(names[1:], slot)
}

func (w *want) put(row []record.Value, v record.Value) {
	for _, slot := range w.slots {
		row[slot] = v
	}
}

// node is what is wanted of a message. Its layout has the wanted fields, and the other members of their oneofs, which set
// them aside.
type node struct {
	layout
	wants []*want     // by field, nil for one that only sets others aside
	below []*node     // of fields that are messages
	keys  []*keyTable // of maps
}

// keyTable are the keys that are wanted of a map.
type keyTable struct {
	keys []key
}

type key struct {
	*want
	bits  uint64
	below *node
}

func newNode(m *message, tree *want) *node {
	n := &node{layout: layout{oneofs: m.oneofs}}
	oneofs := map[int]bool{}
	for _, w := range tree.below {
		if k, ok := m.byName[w.name]; ok {
			n.add(m.fields[k], w)
			oneofs[m.fields[k].oneof] = true
		}
	}
	for _, f := range m.fields {
		if f.oneof >= 0 && oneofs[f.oneof] && n.find(f.number) < 0 {
			n.add(f, nil)
		}
	}
	return n
}

func (n *node) add(f *field, w *want) {
	n.layout.add(f)
	n.wants = append(n.wants, w)
	var below *node
	var keys *keyTable
	switch {
	case w == nil || len(w.below) == 0 || f.message == nil || f.list || f.opaque():
	case f.mapped:
		keys = newKeyTable(f.message, w)
	case f.message.form == plainForm:
		below = newNode(f.message, w)
	}
	n.below, n.keys = append(n.below, below), append(n.keys, keys)
}

// opaque reports whether what is inside the field has names that the schema does not know.
func (f *field) opaque() bool {
	if f.message == nil || f.list || f.mapped {
		return false
	}
	form := f.message.form
	return form == structForm || form == valueForm || form == anyForm
}

// newKeyTable leaves out the names that are no key of the map's type.
func newKeyTable(entry *message, w *want) *keyTable {
	t := &keyTable{}
	kind := entry.fields[keySlot].kind
	for _, b := range w.below {
		k := key{want: b}
		if kind != protoreflect.StringKind {
			bits, ok := parseKey(entry.fields[keySlot], b.name)
			if !ok {
				continue
			}
			k.bits = bits
		}
		if m := entry.fields[valueSlot].message; m != nil && m.form == plainForm && len(b.below) > 0 {
			k.below = newNode(m, b)
		}
		t.keys = append(t.keys, k)
	}
	return t
}
