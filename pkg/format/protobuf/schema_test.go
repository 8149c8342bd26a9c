package protobuf_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/kstream/kstream/pkg/format/protobuf"
)

// write puts files into a folder of the test.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const one = `syntax = "proto3"; package a; message One { int32 n = 1; message Inner {} }`

// descriptorSet returns a file of testdata as `protoc -o` writes it, with all that it imports or alone.
func descriptorSet(t *testing.T, file string, imports bool) []byte {
	t.Helper()
	c := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{"testdata"}})}
	files, err := c.Compile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var set descriptorpb.FileDescriptorSet
	seen := map[string]bool{}
	var add func(protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if seen[f.Path()] {
			return
		}
		seen[f.Path()] = true
		for i := 0; imports && i < f.Imports().Len(); i++ {
			add(f.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(f))
	}
	add(files[0])
	b, err := proto.Marshal(&set)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLoad reads schemas from all the places that they come from.
func TestLoad(t *testing.T) {
	imported := `syntax = "proto3"; package a; import "b/two.proto"; import "google/protobuf/timestamp.proto"; message One { b.Two two = 1; google.protobuf.Timestamp at = 2; }`
	two := `syntax = "proto3"; package b; message Two { string s = 1; }`
	for name, tc := range map[string]struct {
		files   map[string]string
		file    string
		message string
		imports []string
		want    string
	}{
		"the only message":        {map[string]string{"x.proto": one}, "x.proto", "", nil, "a.One"},
		"a message by its name":   {map[string]string{"x.proto": one}, "x.proto", "a.One.Inner", nil, "a.One.Inner"},
		"a name with a dot":       {map[string]string{"x.proto": one}, "x.proto", ".a.One", nil, "a.One"},
		"an import beside it":     {map[string]string{"x.proto": imported, "b/two.proto": two}, "x.proto", "a.One", nil, "a.One"},
		"an import above it":      {map[string]string{"a/v1/x.proto": imported, "b/two.proto": two}, "a/v1/x.proto", "a.One", nil, "a.One"},
		"an import elsewhere":     {map[string]string{"a/x.proto": imported, "lib/b/two.proto": two}, "a/x.proto", "", []string{"lib"}, "a.One"},
		"an imported message":     {map[string]string{"x.proto": imported, "b/two.proto": two}, "x.proto", "b.Two", nil, "b.Two"},
		"a set":                   {map[string]string{"x.pb": string(descriptorSet(t, "everything.proto", true))}, "x.pb", "test.Everything", nil, "test.Everything"},
		"a set with one message":  {map[string]string{"x.any": string(descriptorSet(t, "reading.proto", true))}, "x.any", "", nil, "fleet.Reading"},
		"a set without google's":  {map[string]string{"x.pb": string(descriptorSet(t, "reading.proto", false))}, "x.pb", "", nil, "fleet.Reading"},
		"a source without .proto": {map[string]string{"schema": one}, "schema", "", nil, "a.One"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, tc.files)
			for i := range tc.imports {
				tc.imports[i] = filepath.Join(dir, tc.imports[i])
			}
			s, err := protobuf.Load(protobuf.Config{File: filepath.Join(dir, tc.file), Message: tc.message, Imports: tc.imports})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Message(); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestLoadFaults holds what a user reads of a schema that is wrong.
func TestLoadFaults(t *testing.T) {
	several := `syntax = "proto3"; package fleet; message Reading {} message Alert {}`
	for name, tc := range map[string]struct {
		files   map[string]string
		file    string
		message string
		want    []string
	}{
		"no file":          {nil, "x.proto", "", []string{"reading schema", "no such file"}},
		"a slip":           {map[string]string{"x.proto": several}, "x.proto", "fleet.Readnig", []string{`no message "fleet.Readnig"`, "is it fleet.Reading?", "fleet.Alert, fleet.Reading"}},
		"no package":       {map[string]string{"x.proto": several}, "x.proto", "Alert", []string{"is it fleet.Alert?"}},
		"another message":  {map[string]string{"x.proto": several}, "x.proto", "Order", []string{`no message "Order"; the file has fleet.Alert, fleet.Reading`}},
		"several messages": {map[string]string{"x.proto": several}, "x.proto", "", []string{"several messages, so one must be named: fleet.Alert, fleet.Reading"}},
		"no message":       {map[string]string{"x.proto": `syntax = "proto3";`}, "x.proto", "", []string{"has no message"}},
		"a missing import": {map[string]string{"x.proto": `syntax = "proto3"; import "google/api/annotations.proto"; message A {}`}, "x.proto", "",
			[]string{"x.proto:1:", "google/api/annotations.proto", "folders above"}},
		"two faults": {map[string]string{"x.proto": "syntax = \"proto3\";\nmessage A { Tpye a = 1; }\nmessage B { Odrer o = 1; }\n"}, "x.proto", "A",
			[]string{"x.proto:2:", "Tpye", "x.proto:3:", "Odrer"}},
		"no schema at all": {map[string]string{"x.pb": "\xff\xfe"}, "x.pb", "", []string{"neither a .proto", "nor a FileDescriptorSet"}},
		"an empty file":    {map[string]string{"x.pb": ""}, "x.pb", "", []string{"neither a .proto"}},
		"a set that lacks": {map[string]string{"x.pb": string(descriptorSet(t, "everything.proto", false))}, "x.pb", "", []string{"lacks legacy.proto, shared/place.proto", "--include_imports"}},
		"a value":          {map[string]string{"x.proto": `syntax = "proto3"; import "google/protobuf/timestamp.proto"; message A {}`}, "x.proto", "google.protobuf.Timestamp", []string{"reads as one value"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, tc.files)
			_, err := protobuf.Load(protobuf.Config{File: filepath.Join(dir, tc.file), Message: tc.message})
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

// TestParseFile reads a schema as a registry keeps it.
func TestParseFile(t *testing.T) {
	imports := map[string][]byte{"two.proto": []byte(`syntax = "proto3"; message Two { int32 n = 1; }`)}
	f, err := protobuf.ParseFile([]byte(`syntax = "proto3"; import "two.proto"; message One { Two two = 1; }`), imports)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.At([]int{0})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Transcoder().AppendJSON(nil, []byte("\x0a\x02\x08\x05"))
	if want := `{"two":{"n":5}}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if _, err := protobuf.ParseFile([]byte(`syntax = "proto3"; import "three.proto";`), imports); err == nil || !strings.Contains(err.Error(), "three.proto") {
		t.Errorf("a missing import: %v", err)
	}
}

// TestSchemaIsShared has several lanes read by one schema; the race detector looks on.
func TestSchemaIsShared(t *testing.T) {
	s, o := load(t, "everything.proto", "test.Everything"), newOracle(t, "everything.proto", "test.Everything")
	var payloads [][]byte
	for _, doc := range documents {
		payloads = append(payloads, o.write(t, doc))
	}
	var lanes sync.WaitGroup
	for range 4 {
		lanes.Go(func() {
			reader, writer := s.Transcoder(), s.Transcriber()
			for _, payload := range payloads {
				doc, err := reader.AppendJSON(nil, payload)
				if err == nil {
					_, err = writer.AppendPayload(nil, doc)
				}
				if err != nil {
					t.Errorf("%x: %v", payload, err)
				}
			}
		})
	}
	lanes.Wait()
}
