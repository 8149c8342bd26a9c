package protobuf

import "google.golang.org/protobuf/reflect/protoreflect"

// form is what a message reads as in JSON. Those of google.protobuf have forms of their own.
type form uint8

const (
	plainForm form = iota
	emptyForm      // a plain one, which may be written as the "value" of an Any too
	structForm
	anyForm
	valueForm
	listForm
	timestampForm
	durationForm
	wrapperForm
	maskForm
)

// scalar reports whether the message is no object in JSON, or not always.
func (f form) scalar() bool { return f >= valueForm }

// wellKnown are the forms, and which fields each must have for its form to be read: a schema may bring its own idea of
// google.protobuf.Timestamp.
var wellKnown = map[protoreflect.FullName]struct {
	form   form
	fields []protoreflect.Kind // of the fields 1, 2, …
}{
	"google.protobuf.Empty":       {emptyForm, nil},
	"google.protobuf.Struct":      {structForm, []protoreflect.Kind{protoreflect.MessageKind}},
	"google.protobuf.Any":         {anyForm, []protoreflect.Kind{protoreflect.StringKind, protoreflect.BytesKind}},
	"google.protobuf.ListValue":   {listForm, []protoreflect.Kind{protoreflect.MessageKind}},
	"google.protobuf.Timestamp":   {timestampForm, []protoreflect.Kind{protoreflect.Int64Kind, protoreflect.Int32Kind}},
	"google.protobuf.Duration":    {durationForm, []protoreflect.Kind{protoreflect.Int64Kind, protoreflect.Int32Kind}},
	"google.protobuf.FieldMask":   {maskForm, []protoreflect.Kind{protoreflect.StringKind}},
	"google.protobuf.BoolValue":   {wrapperForm, []protoreflect.Kind{protoreflect.BoolKind}},
	"google.protobuf.Int32Value":  {wrapperForm, []protoreflect.Kind{protoreflect.Int32Kind}},
	"google.protobuf.Int64Value":  {wrapperForm, []protoreflect.Kind{protoreflect.Int64Kind}},
	"google.protobuf.UInt32Value": {wrapperForm, []protoreflect.Kind{protoreflect.Uint32Kind}},
	"google.protobuf.UInt64Value": {wrapperForm, []protoreflect.Kind{protoreflect.Uint64Kind}},
	"google.protobuf.FloatValue":  {wrapperForm, []protoreflect.Kind{protoreflect.FloatKind}},
	"google.protobuf.DoubleValue": {wrapperForm, []protoreflect.Kind{protoreflect.DoubleKind}},
	"google.protobuf.StringValue": {wrapperForm, []protoreflect.Kind{protoreflect.StringKind}},
	"google.protobuf.BytesValue":  {wrapperForm, []protoreflect.Kind{protoreflect.BytesKind}},
	"google.protobuf.Value": {valueForm, []protoreflect.Kind{
		protoreflect.EnumKind, protoreflect.DoubleKind, protoreflect.StringKind,
		protoreflect.BoolKind, protoreflect.MessageKind, protoreflect.MessageKind,
	}},
}

func formOf(d protoreflect.MessageDescriptor) form {
	k, ok := wellKnown[d.FullName()]
	if !ok || d.Fields().Len() != len(k.fields) {
		return plainForm
	}
	repeated := k.form == structForm || k.form == listForm || k.form == maskForm
	for i, kind := range k.fields {
		f := d.Fields().Get(i)
		if int(f.Number()) != i+1 || f.Kind() != kind || (f.Cardinality() == protoreflect.Repeated) != repeated || f.IsMap() != (k.form == structForm) {
			return plainForm
		}
	}
	if !refersWell(d, k.form) {
		return plainForm
	}
	return k.form
}

// refersWell reports whether the messages inside are those that the form is made of.
func refersWell(d protoreflect.MessageDescriptor, f form) bool {
	is := func(i int, name protoreflect.FullName) bool {
		m := d.Fields().Get(i).Message()
		return m != nil && m.FullName() == name
	}
	switch f {
	case structForm:
		v := d.Fields().Get(0).MapValue().Message()
		return d.Fields().Get(0).MapKey().Kind() == protoreflect.StringKind && v != nil && v.FullName() == "google.protobuf.Value"
	case listForm:
		return is(0, "google.protobuf.Value")
	case valueForm:
		return is(4, "google.protobuf.Struct") && is(5, "google.protobuf.ListValue")
	}
	return true
}
