package kpl

import (
	"bytes"
	"crypto/md5"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// wrap makes an aggregate of a message, right or wrong.
func wrap(message []byte) []byte {
	digest := md5.Sum(message)
	return append(append([]byte(magic), message...), digest[:]...)
}

func field(num protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), content)
}

func varint(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestSplit(t *testing.T) {
	key, hash, data := field(fieldKeys, []byte("k")), field(fieldHashKeys, []byte("7")), field(recordData, []byte("d"))
	good := field(fieldRecords, join(varint(recordKey, 0), data))
	tag := field(4, field(1, []byte("name")))
	want := []UserRecord{{Key: []byte("k"), Data: []byte("d")}}
	flipped := wrap(join(key, good))
	flipped[len(flipped)-1] ^= 1
	tests := []struct {
		name string
		data []byte
		want []UserRecord
		ok   bool
	}{
		{"one record", wrap(join(key, good)), want, true},
		{"tables behind the records", wrap(join(good, key)), want, true},
		{"an explicit hash key", wrap(join(key, hash, field(fieldRecords, join(varint(recordKey, 0), varint(recordHashKey, 0), data)))),
			[]UserRecord{{Key: []byte("k"), ExplicitHashKey: []byte("7"), Data: []byte("d")}}, true},
		{"tags and unknown fields", wrap(join(key, varint(9, 1), field(fieldRecords, join(varint(recordKey, 0), data, tag)))), want, true},
		{"empty data", wrap(join(key, field(fieldRecords, join(varint(recordKey, 0), field(recordData, nil))))),
			[]UserRecord{{Key: []byte("k"), Data: []byte{}}}, true},
		{"no records", wrap(key), nil, true},
		{"nothing", nil, nil, false},
		{"the magic alone", []byte(magic), nil, false},
		{"no message", wrap(nil), nil, false},
		{"a wrong digest", flipped, nil, false},
		{"another magic", append([]byte("abcd"), flipped[4:]...), nil, false},
		{"a key index past the table", wrap(join(key, field(fieldRecords, join(varint(recordKey, 1), data)))), nil, false},
		{"a huge key index", wrap(join(key, field(fieldRecords, join(varint(recordKey, 1<<63), data)))), nil, false},
		{"a hash key index past the table", wrap(join(key, field(fieldRecords, join(varint(recordKey, 0), varint(recordHashKey, 0), data)))), nil, false},
		{"the largest hash key index", wrap(join(key, field(fieldRecords, join(varint(recordKey, 0), varint(recordHashKey, 1<<64-1), data)))), nil, false},
		{"a hash key that is no number", wrap(join(key, field(fieldHashKeys, []byte("x")),
			field(fieldRecords, join(varint(recordKey, 0), varint(recordHashKey, 0), data)))), nil, false},
		{"no key", wrap(join(key, field(fieldRecords, data))), nil, false},
		{"no data", wrap(join(key, field(fieldRecords, varint(recordKey, 0)))), nil, false},
		{"a message cut short", wrap(join(key, good)[:len(key)+len(good)-1]), nil, false},
	}
	var s Splitter
	for _, tt := range tests {
		got, ok := s.Split(tt.data)
		if ok != tt.ok || len(got) != len(tt.want) || len(got) > 0 && !cmp.Equal(tt.want, got) {
			t.Errorf("%s: Split = %q, %t; want %q, %t", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestSplitAliasesItsInput(t *testing.T) {
	data := pack(t, sample(10))
	var s Splitter
	records, _ := s.Split(data)
	if n := testing.AllocsPerRun(100, func() { s.Split(data) }); n != 0 {
		t.Errorf("Split allocates %v times", n)
	}
	clear(data)
	if got := string(records[3].Data); got != strings.Repeat("\x00", len("payload 3")) {
		t.Errorf("the data is a copy: %q", got)
	}
}

// reference decodes a message with a decoder that knows nothing of ours, from a descriptor of the KPL's format.
func reference(tb testing.TB) func([]byte) ([]UserRecord, error) {
	tb.Helper()
	f := func(name string, number int32, label descriptorpb.FieldDescriptorProto_Label, typ descriptorpb.FieldDescriptorProto_Type, typeName string) *descriptorpb.FieldDescriptorProto {
		d := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &number, Label: &label, Type: &typ}
		if typeName != "" {
			d.TypeName = &typeName
		}
		return d
	}
	const (
		optional, required, repeated = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL, descriptorpb.FieldDescriptorProto_LABEL_REQUIRED, descriptorpb.FieldDescriptorProto_LABEL_REPEATED
		text, octets, number, inner  = descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_BYTES, descriptorpb.FieldDescriptorProto_TYPE_UINT64, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	)
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("aggregate.proto"), Syntax: proto.String("proto2"),
		MessageType: []*descriptorpb.DescriptorProto{
			{Name: proto.String("Aggregate"), Field: []*descriptorpb.FieldDescriptorProto{
				f("keys", 1, repeated, text, ""), f("hashes", 2, repeated, text, ""), f("records", 3, repeated, inner, ".Record")}},
			{Name: proto.String("Record"), Field: []*descriptorpb.FieldDescriptorProto{
				f("key", 1, required, number, ""), f("hash", 2, optional, number, ""), f("data", 3, required, octets, "")}},
		},
	}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return func(message []byte) ([]UserRecord, error) { return referenceRecords(file.Messages().Get(0), message) }
}

func referenceRecords(d protoreflect.MessageDescriptor, message []byte) ([]UserRecord, error) {
	m := dynamicpb.NewMessage(d)
	if err := proto.Unmarshal(message, m); err != nil {
		return nil, err
	}
	get := func(m protoreflect.Message, i int) protoreflect.Value { return m.Get(m.Descriptor().Fields().Get(i)) }
	keys, hashes, list := get(m, 0).List(), get(m, 1).List(), get(m, 2).List()
	var records []UserRecord
	for i := range list.Len() {
		r := list.Get(i).Message()
		k := get(r, 0).Uint()
		if k >= uint64(keys.Len()) {
			return nil, errors.New("key index")
		}
		u := UserRecord{Key: []byte(keys.Get(int(k)).String()), Data: get(r, 2).Bytes()}
		if r.Has(r.Descriptor().Fields().Get(1)) {
			h := get(r, 1).Uint()
			if h >= uint64(hashes.Len()) {
				return nil, errors.New("hash key index")
			}
			u.ExplicitHashKey = []byte(hashes.Get(int(h)).String())
			if _, err := ParseHash(u.ExplicitHashKey); err != nil {
				return nil, err
			}
		}
		records = append(records, u)
	}
	return records, nil
}

func FuzzSplit(f *testing.F) {
	decode := reference(f)
	f.Add([]byte{})
	for _, n := range []int{2, 3, 40} {
		data := pack(f, sample(n))
		f.Add(data[len(magic) : len(data)-digestSize])
	}
	f.Add(join(field(fieldKeys, []byte("k")), field(fieldRecords, join(varint(recordKey, 0), varint(recordKey, 3), field(recordData, nil)))))
	f.Fuzz(func(t *testing.T, message []byte) {
		var s Splitter
		s.Split(message)
		got, ok := s.Split(wrap(message))
		want, err := decode(message)
		if len(message) == 0 {
			err = errLayout // KCL asks for a message of one byte at least
		}
		if ok != (err == nil) || len(got) != len(want) {
			t.Fatalf("Split = %d records, %t; the reference: %d, %v", len(got), ok, len(want), err)
		}
		for i := range got {
			if !bytes.Equal(got[i].Key, want[i].Key) || !bytes.Equal(got[i].Data, want[i].Data) || !bytes.Equal(got[i].ExplicitHashKey, want[i].ExplicitHashKey) {
				t.Errorf("record %d: %q, the reference: %q", i, got[i], want[i])
			}
		}
		Belongs(got, All)
	})
}
