package operator

import (
	"errors"
	"os"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/avro"
	"github.com/kstream/kstream/pkg/format/protobuf"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
)

// Formats whose payloads are read and written by a schema.

var (
	protobufOptions = map[string]string{"file": `"fleet.proto"`, "message": "fleet.Reading", "imports": `["protos"]`, "delimited": "", "header": "", "registry": "glue"}
	protobufOut     = map[string]string{"file": `"fleet.proto"`, "message": "fleet.Reading", "imports": `["protos"]`}
	avroOptions     = map[string]string{"file": `"reading.avsc"`, "registry": "confluent"}
	avroOut         = map[string]string{"file": `"reading.avsc"`, "single": ""}
)

// decodeProtobuf plans `protobuf, file "x.proto", message pkg.Type`, and `, delimited` where a payload holds several messages,
// each behind its length; `, header` takes a schema registry's header off. Where only some fields are asked for, only these
// are read.
//
// `protobuf, registry glue` or confluent is for payloads that name their schema.
func decodeProtobuf(b *builder, c *clause, rest span, o options) (how decoding, ok bool) {
	if at, asked := o["registry"]; asked {
		if o.has("file") || o.has("delimited") || o.has("header") {
			b.fault(at, "with a registry there is a message name alone", "such as: decode protobuf, registry glue, message fleet.Reading")
			return how, false
		}
		return decodeProtobufRegistry(b, at, b.quoted(o["message"]))
	}
	schema, ok := b.protobuf(c, rest, o)
	if !ok {
		return how, false
	}
	how.transcode = func() format.Transcoder { return schema.Transcoder() }
	how.fields = func(p *format.Projection) format.FieldReader { return schema.FieldReader(p) }
	how.check = schema.Check
	if _, several := o["delimited"]; several {
		how.split = func() format.Splitter { return protobuf.Delimited{} }
	}
	if _, header := o["header"]; header {
		how.strip = withoutHeader(true)
	}
	return how, true
}

func encodeProtobuf(b *builder, c *clause, rest span, o options) (open func() format.Transcriber, ok bool) {
	schema, ok := b.protobuf(c, rest, o)
	if !ok {
		return nil, false
	}
	return func() format.Transcriber { return schema.Transcriber() }, true
}

// protobuf reads the schema that the options name.
func (b *builder) protobuf(c *clause, rest span, o options) (*protobuf.Schema, bool) {
	config := protobuf.Config{File: b.quoted(o["file"]), Message: b.quoted(o["message"])}
	for _, item := range b.list(o["imports"]) {
		config.Imports = append(config.Imports, b.quoted(item))
	}
	if !b.nothing(c, rest) || !b.wants(c, o, "file", `decode protobuf, file "fleet.proto", message fleet.Reading`) {
		return nil, false
	}
	schema, err := protobuf.Load(config)
	if err != nil {
		b.fault(o["file"], err.Error(), "")
		return nil, false
	}
	return schema, true
}

// decodeAvro plans `avro, file "x.avsc"`, for records as they are and in single-object encoding; `avro` alone is for payloads
// that are object container files, which have their schema with them.
func decodeAvro(b *builder, c *clause, rest span, o options) (how decoding, ok bool) {
	if !b.nothing(c, rest) {
		return how, false
	}
	at, asked := o["registry"]
	_, given := o["file"]
	switch {
	case asked && given:
		b.fault(at, "the schema comes from a file or from a registry", "")
		return how, false
	case asked:
		return decodeAvroRegistry(b, at)
	case !given:
		return decoding{split: func() format.Splitter { return avro.NewFiles(0) }}, true
	}
	schema, ok := b.avro(o)
	if !ok {
		return how, false
	}
	return decoding{
		transcode: func() format.Transcoder { return avro.NewDecoder(schema) },
		fields:    func(p *format.Projection) format.FieldReader { return avro.NewProjector(schema, p) },
	}, true
}

func encodeAvro(b *builder, c *clause, rest span, o options) (open func() format.Transcriber, ok bool) {
	if !b.nothing(c, rest) || !b.wants(c, o, "file", `encode avro, file "reading.avsc"`) {
		return nil, false
	}
	schema, ok := b.avro(o)
	if !ok {
		return nil, false
	}
	var header []byte
	if _, single := o["single"]; single {
		header = schema.SingleObjectHeader()
	}
	return func() format.Transcriber { return avro.NewEncoder(schema, header) }, true
}

// avro reads the schema in the file that the options name.
func (b *builder) avro(o options) (*avro.Schema, bool) {
	at := o["file"]
	text, err := os.ReadFile(b.quoted(at))
	if err != nil {
		b.fault(at, "the schema can't be read: "+errors.Unwrap(err).Error(), "")
		return nil, false
	}
	schema, err := avro.Parse(string(text))
	if err != nil {
		b.fault(at, err.Error(), "")
		return nil, false
	}
	return schema, true
}

// quoted reads a value in quotes; one without reads as it stands.
func (b *builder) quoted(at span) string {
	text := at.text()
	if plain, ok := syntax.Unquote(text); ok {
		return plain
	}
	return text
}

// wants says where an option is missing.
func (b *builder) wants(c *clause, o options, option, example string) bool {
	if _, ok := o[option]; !ok {
		b.fault(span{c.all.src, c.all.to, c.all.to}, c.word.String()+" needs a "+option+" here", "such as: "+example)
		return false
	}
	return true
}
