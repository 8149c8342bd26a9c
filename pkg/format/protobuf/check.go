package protobuf

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Check returns nil where messages may have the field that names lead to, from the top down, as a format.Path has them; else
// an error that says which of the names is none, and the nearest that there is. Within a Struct, a Value, an Any and a map
// of strings there may be any field.
func (s *Schema) Check(names []string) error {
	m := s.root
	for i := 0; i < len(names); i++ {
		if m.form > emptyForm && !m.form.scalar() {
			return nil // a Struct or Any at the top
		}
		k, ok := m.byName[names[i]]
		if !ok {
			return errors.New(m.lacks([]byte(names[i])))
		}
		f := m.fields[k]
		if f.mapped && i+1 < len(names) {
			i++
			if key := f.message.fields[keySlot]; key.kind != protoreflect.StringKind {
				if _, ok := parseKey(key, names[i]); !ok {
					return fmt.Errorf("the keys of %s are %s, which %q is not", f.name, key.kind, names[i])
				}
			}
			f = f.message.fields[valueSlot]
		}
		switch {
		case i+1 == len(names) || f.opaque():
			return nil
		case f.list:
			return fmt.Errorf("%s of %s is a list, and has elements instead of fields", f.name, m.name)
		case f.message == nil || f.message.form.scalar():
			return fmt.Errorf("%s of %s is one value, and has no fields", names[i], m.name)
		}
		m = f.message
	}
	return nil
}

// lacks says that the message has no field of that name, and which may be meant.
func (m *message) lacks(name []byte) string {
	if near := nearest(string(name), m.names); near != "" {
		return fmt.Sprintf("%s has no field %q: is it %s?", m.name, name, near)
	}
	return fmt.Sprintf("%s has no field %q", m.name, name)
}
