package protobuf

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

func (b *tables) enum(d protoreflect.EnumDescriptor) *enum {
	if e := b.enums[d.FullName()]; e != nil {
		return e
	}
	e := &enum{
		byNumber: map[protoreflect.EnumNumber][]byte{}, byName: map[string]protoreflect.EnumNumber{},
		null: d.FullName() == "google.protobuf.NullValue",
	}
	b.enums[d.FullName()] = e
	for i := range d.Values().Len() {
		v := d.Values().Get(i)
		e.byName[string(v.Name())] = v.Number()
		if e.byNumber[v.Number()] == nil { // of names for one number the first is the one
			e.byNumber[v.Number()] = format.AppendString(nil, []byte(v.Name()))
		}
	}
	return e
}

// append appends a value's name, or its number where the schema has no name for it.
func (e *enum) append(dst []byte, n protoreflect.EnumNumber) []byte {
	if e.null {
		return append(dst, "null"...)
	}
	if name := e.byNumber[n]; name != nil {
		return append(dst, name...)
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

func (e *enum) names() (names []string) {
	for name := range e.byName {
		names = append(names, name)
	}
	return names
}
