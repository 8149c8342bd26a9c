package protobuf

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

// message is what the walk needs to know of a message type.
type message struct {
	layout
	name     string
	form     form
	byName   map[string]int32 // into fields
	names    []string
	byNumber []int32 // fields in the order of their numbers, in which they are written
	oneofOf  []string
}

// field is what the walk needs to know of a field.
type field struct {
	number   protowire.Number
	kind     protoreflect.Kind
	wire     protowire.Type // of one value
	oneof    int            // -1 for none
	list     bool
	mapped   bool
	packable bool
	packed   bool // to be written so
	required bool
	presence bool
	name     string
	prefix   []byte // the name in JSON and a colon
	zero     []byte // what the field reads as where the wire leaves it out, nil for nothing
	enum     *enum
	message  *message // of a map: its entry
}

// enum is an enum's names, in JSON, and its numbers.
type enum struct {
	byNumber map[protoreflect.EnumNumber][]byte
	byName   map[string]protoreflect.EnumNumber
	null     bool // google.protobuf.NullValue
}

// tables makes the tables of all messages that can be met, each once: types refer to themselves.
type tables struct {
	messages   map[string]*message
	enums      map[protoreflect.FullName]*enum
	extensions map[protoreflect.FullName][]protoreflect.FieldDescriptor
	hasAny     bool
}

func newTables(files []protoreflect.FileDescriptor) *tables {
	b := &tables{messages: map[string]*message{}, enums: map[protoreflect.FullName]*enum{}}
	b.extensions = map[protoreflect.FullName][]protoreflect.FieldDescriptor{}
	for _, f := range files {
		b.extend(f.Extensions())
		eachMessage(f.Messages(), func(d protoreflect.MessageDescriptor) { b.extend(d.Extensions()) })
	}
	for _, list := range b.extensions {
		slices.SortFunc(list, func(x, y protoreflect.FieldDescriptor) int {
			return strings.Compare(string(x.FullName()), string(y.FullName()))
		})
	}
	return b
}

func (b *tables) extend(list protoreflect.ExtensionDescriptors) {
	for i := range list.Len() {
		x := list.Get(i)
		to := x.ContainingMessage().FullName()
		b.extensions[to] = append(b.extensions[to], x)
	}
}

// everything adds the messages of all files, one of which an Any may hold.
func (b *tables) everything(files []protoreflect.FileDescriptor) {
	for _, f := range files {
		eachMessage(f.Messages(), func(d protoreflect.MessageDescriptor) { b.message(d) })
	}
}

func (b *tables) message(d protoreflect.MessageDescriptor) *message {
	name := string(d.FullName())
	if m := b.messages[name]; m != nil {
		return m
	}
	m := &message{name: name, byName: map[string]int32{}, form: formOf(d)}
	b.messages[name] = m
	b.hasAny = b.hasAny || m.form == anyForm
	for i := range d.Oneofs().Len() {
		m.oneofOf = append(m.oneofOf, string(d.Oneofs().Get(i).Name()))
	}
	m.oneofs = len(m.oneofOf)
	for i := range d.Fields().Len() {
		m.add(b.field(d.Fields().Get(i)))
	}
	for _, x := range b.extensions[d.FullName()] {
		m.add(b.field(x))
	}
	for i := range m.fields {
		m.byNumber = append(m.byNumber, int32(i))
	}
	slices.SortFunc(m.byNumber, func(x, y int32) int { return int(m.fields[x].number - m.fields[y].number) })
	return m
}

func (m *message) add(f *field) {
	m.byName[f.name] = int32(len(m.fields))
	m.names = append(m.names, f.name)
	m.layout.add(f)
}

func (b *tables) field(d protoreflect.FieldDescriptor) *field {
	f := &field{
		number: d.Number(), kind: d.Kind(), wire: wireOf(d.Kind()), oneof: -1,
		list: d.IsList(), mapped: d.IsMap(), packed: d.IsPacked(),
		required: d.Cardinality() == protoreflect.Required, presence: d.HasPresence(), name: d.TextName(),
	}
	f.packable = f.list && f.wire != protowire.BytesType && f.wire != protowire.StartGroupType
	f.prefix = append(format.AppendString(nil, []byte(f.name)), ':')
	if o := d.ContainingOneof(); o != nil && !d.IsExtension() {
		f.oneof = o.Index()
	}
	switch d.Kind() {
	case protoreflect.EnumKind:
		f.enum = b.enum(d.Enum())
	case protoreflect.MessageKind, protoreflect.GroupKind:
		f.message = b.message(d.Message())
	}
	switch {
	case d.IsExtension() || f.presence: // an extension that is not there is not shown, not even as an empty list
	case f.mapped:
		f.zero = []byte("{}")
	case f.list:
		f.zero = []byte("[]")
	default:
		f.zero = f.absent()
	}
	return f
}

// absent returns the JSON of a scalar's zero.
func (f *field) absent() []byte {
	switch f.kind {
	case protoreflect.BoolKind:
		return []byte("false")
	case protoreflect.StringKind, protoreflect.BytesKind:
		return []byte(`""`)
	case protoreflect.EnumKind:
		return f.enum.append(nil, 0)
	}
	return []byte("0")
}

func wireOf(k protoreflect.Kind) protowire.Type {
	switch k {
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.GroupKind:
		return protowire.StartGroupType
	}
	return protowire.VarintType
}
