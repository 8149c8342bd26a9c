package protobuf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/protobuf"
	"github.com/kstream/kstream/pkg/record"
)

// oracle is Go's own library: dynamicpb for the wire, protojson for what a message reads as.
type oracle struct {
	message protoreflect.MessageDescriptor
	types   *dynamicpb.Types
}

// load returns the schema of a message of testdata.
func load(t testing.TB, file, message string) *protobuf.Schema {
	t.Helper()
	s, err := protobuf.Load(protobuf.Config{File: "testdata/" + file, Message: message})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newOracle returns the same message as the library has it.
func newOracle(t testing.TB, file, message string) *oracle {
	t.Helper()
	c := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{"testdata"}})}
	files, err := c.Compile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var all protoregistry.Files
	var add func(protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if _, err := all.FindFileByPath(f.Path()); err == nil {
			return
		}
		for i := range f.Imports().Len() {
			add(f.Imports().Get(i).FileDescriptor)
		}
		if err := all.RegisterFile(f); err != nil {
			t.Fatal(err)
		}
	}
	add(files[0])
	d, err := all.FindDescriptorByName(protoreflect.FullName(message))
	if err != nil {
		t.Fatal(err)
	}
	return &oracle{d.(protoreflect.MessageDescriptor), dynamicpb.NewTypes(&all)}
}

// read returns what the library reads the payload as. It panics on a map's entry that has a key, and then
// another of a wrong wire type: of those it has nothing to say.
func (o *oracle) read(payload []byte) (doc []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the library panics: %v", p)
		}
	}()
	m := dynamicpb.NewMessage(o.message)
	if err := (proto.UnmarshalOptions{AllowPartial: true, Resolver: o.types}).Unmarshal(payload, m); err != nil {
		return nil, err
	}
	return protojson.MarshalOptions{AllowPartial: true, UseProtoNames: true, EmitDefaultValues: true, Resolver: o.types}.Marshal(m)
}

// write returns the payload that the library makes of a document.
func (o *oracle) write(t testing.TB, doc string) []byte {
	t.Helper()
	m := dynamicpb.NewMessage(o.message)
	if err := (protojson.UnmarshalOptions{AllowPartial: true, Resolver: o.types}).Unmarshal([]byte(doc), m); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	payload, err := proto.MarshalOptions{AllowPartial: true, Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return payload
}

// rewrite returns a document as the library has it once it was a message.
func (o *oracle) rewrite(doc []byte) ([]byte, error) {
	m := dynamicpb.NewMessage(o.message)
	if err := (protojson.UnmarshalOptions{AllowPartial: true, Resolver: o.types}).Unmarshal(doc, m); err != nil {
		return nil, err
	}
	return protojson.MarshalOptions{AllowPartial: true, UseProtoNames: true, EmitDefaultValues: true, Resolver: o.types}.Marshal(m)
}

// fataler is a test, or one that draws what it is about.
type fataler interface {
	Fatalf(format string, args ...any)
}

func parse(t fataler, doc []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return v
}

// same reports whether got is what the library says, but that its 64-bit integers are strings, and its times have zeros
// that say nothing.
func same(got, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for name := range w {
			if v, ok := g[name]; !ok || !same(v, w[name]) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		return ok && slices.EqualFunc(g, w, same)
	case string:
		if n, ok := got.(json.Number); ok {
			return n.String() == w
		}
		g, ok := got.(string)
		if !ok || g == w {
			return ok
		}
		at, err := time.Parse(time.RFC3339Nano, w)
		return err == nil && at.UTC().Format(time.RFC3339Nano) == g
	case json.Number:
		g, ok := got.(json.Number)
		if !ok {
			return false
		}
		a, errA := strconv.ParseFloat(g.String(), 64)
		b, errB := strconv.ParseFloat(w.String(), 64)
		return errA == nil && errB == nil && a == b
	}
	return got == want
}

// paths are fields that the reader is held to.
func paths(list ...[]string) (p *format.Projection) {
	p = format.NewProjection()
	for i, names := range list {
		p.Want(format.Path{Names: names, Dotted: 1}, i)
	}
	return p
}

// checkReader holds that the fields of the payload are those of doc, what the Transcoder made of it.
func checkReader(t fataler, s *protobuf.Schema, payload, doc []byte, list [][]string) {
	p := paths(list...)
	var batch, other record.Batch
	got, want := make([]record.Value, len(list)), make([]record.Value, len(list))
	if err := p.Projector().Project(doc, &other, want); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	if err := s.FieldReader(p).Project(payload, &batch, got); err != nil {
		t.Fatalf("%x: the Transcoder read %s, and the FieldReader: %v", payload, doc, err)
	}
	for i := range list {
		if err := sameValue(&got[i], &want[i]); err != nil {
			t.Fatalf("%x: field %v: %v\n%s", payload, list[i], err, doc)
		}
	}
}

func sameValue(got, want *record.Value) error {
	g, w := format.Append(nil, got), format.Append(nil, want)
	kinds := got.Kind == want.Kind || got.Kind == record.Time && want.Kind == record.String
	a, _ := got.Float()
	b, _ := want.Float()
	if !kinds || !bytes.Equal(g, w) || a != b {
		return fmt.Errorf("got %s (%v, %v), want %s (%v, %v)", g, got.Kind, a, w, want.Kind, b)
	}
	return nil
}
