// Package protobuf reads Protobuf messages as JSON and writes JSON as Protobuf messages, by a schema that is known when the
// program starts: a .proto file or a FileDescriptorSet.
//
// It walks the wire itself, by tables made once from the schema. What a message reads as is Protobuf's own JSON mapping,
// with these differences:
//
//   - Names are those of the .proto; an extension is "[package.name]". Paths of a FieldMask stay as they are.
//   - 64-bit integers are numbers, exact.
//   - Times end without the zeros that say nothing: 2024-05-01T10:00:00.5Z.
//   - A proto3 scalar without presence is there even where the wire leaves it out, with its zero, as a list or map is when
//     it is empty: so status == 0 finds what the sender meant. A field with presence (optional, in a oneof, a message, all
//     of proto2) that is not set is missing; proto2's defaults are not filled in.
//   - An Any of a type that the schema does not know is its URL and its bytes in base64; a Value without a kind is null.
//   - NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity", in a Value too: JSON has no numbers for them.
//   - Fields that the schema does not know are passed by, and required ones that are missing are no error, when reading.
//
// Many goroutines may share a Schema; what it makes is for one each.
package protobuf

import (
	"errors"
	"fmt"
	"os"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

// MaxDepth is how deep messages may nest, in and out: what the C++ and Java libraries allow.
const MaxDepth = 100

// Config says where a schema comes from.
type Config struct {
	// File is a .proto, whose imports are looked for in Imports, beside it and in the folders above it, or a
	// FileDescriptorSet as `protoc --include_imports -o` and `buf build -o` write it. google/protobuf/* is built in.
	File string
	// Message is the full name, package.Type. It may be empty where File has one message only, besides those inside it.
	Message string
	// Imports are folders to look for imports in first.
	Imports []string
}

// Schema is one message type of a file, with all that it needs.
type Schema struct {
	root  *message
	types map[string]*message // by full name, for Any; those of every file where an Any can be met
}

// Load reads the file and what it imports. The error holds all the faults that were found, each with its place, and for a
// message that is not there the nearest name and those that are.
func Load(cfg Config) (*Schema, error) {
	if cfg.File == "" {
		return nil, errors.New("a schema needs a file: a .proto or a FileDescriptorSet")
	}
	content, err := os.ReadFile(cfg.File)
	if err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	var own, all []protoreflect.FileDescriptor
	if isSource(cfg.File, content) {
		own, all, err = compileFile(cfg.File, content, cfg.Imports)
	} else {
		own, all, err = readSet(content)
	}
	if err != nil {
		return nil, fmt.Errorf("reading schema %s: %w", cfg.File, err)
	}
	s, err := newSchema(own, all, cfg.Message)
	if err != nil {
		return nil, fmt.Errorf("reading schema %s: %w", cfg.File, err)
	}
	return s, nil
}

func newSchema(own, all []protoreflect.FileDescriptor, name string) (*Schema, error) {
	d, err := findMessage(own, all, name)
	if err != nil {
		return nil, err
	}
	b := newTables(all)
	s := &Schema{root: b.message(d), types: b.messages}
	if b.hasAny {
		b.everything(all)
	}
	if s.root.form.scalar() {
		return nil, fmt.Errorf("message %s reads as one value and not as an object with fields: wrap it in a message of your own", d.FullName())
	}
	return s, nil
}

// Message returns the full name of the schema's message.
func (s *Schema) Message() string { return s.root.name }

// Transcoder returns a reader of whole messages.
func (s *Schema) Transcoder() *Transcoder { return &Transcoder{schema: s} }

// Transcriber returns a writer of messages.
func (s *Schema) Transcriber() *Transcriber { return &Transcriber{schema: s} }

var (
	_ format.Transcoder  = (*Transcoder)(nil)
	_ format.FieldReader = (*FieldReader)(nil)
	_ format.Transcriber = (*Transcriber)(nil)
	_ format.Splitter    = Delimited{}
)
