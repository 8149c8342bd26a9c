package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/avro"
	"github.com/kstream/kstream/pkg/format/packed"
	"github.com/kstream/kstream/pkg/format/protobuf"
	"github.com/kstream/kstream/pkg/format/registry"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// Payloads that begin with the header of a schema registry.

// registries are those that a chain may name.
var registries = []string{"confluent", "glue"}

// decodeAvroRegistry plans `avro, registry confluent` or glue: payloads name their schema, which is asked for when it is first
// met. While the registry does not answer, the lane waits.
func decodeAvroRegistry(b *builder, at span) (how decoding, ok bool) {
	source, ok := b.schemas(at)
	if !ok {
		return how, false
	}
	schemas := registry.NewResolver(b.asking(), source, func(s *registry.Schema) (*avro.Schema, error) {
		if err := s.Is(registry.Avro); err != nil {
			return nil, err
		}
		return avro.Parse(s.Text, s.Texts()...)
	})
	return decoding{
		ahead:     fetch(b.plan, schemas),
		transcode: func() format.Transcoder { return avro.NewRegistryDecoder(schemas) },
		fields:    func(p *format.Projection) format.FieldReader { return avro.NewRegistryProjector(schemas, p) },
	}, true
}

// decodeProtobufRegistry plans `protobuf, registry glue` or confluent, whose payloads say which message of the schema they are.
// With message what is another one is refused.
func decodeProtobufRegistry(b *builder, at span, message string) (how decoding, ok bool) {
	source, ok := b.schemas(at)
	if !ok {
		return how, false
	}
	schemas := registry.NewResolver(b.asking(), source, func(s *registry.Schema) (*protobuf.File, error) {
		if err := s.Is(registry.Protobuf); err != nil {
			return nil, err
		}
		imports := map[string][]byte{}
		for _, r := range s.References {
			imports[r.Name] = []byte(r.Text)
		}
		return protobuf.ParseFile([]byte(s.Text), imports)
	})
	return decoding{ahead: fetch(b.plan, schemas), transcode: func() format.Transcoder {
		return &protobufReader{schemas: schemas, kind: source.Kind(), message: message, readers: map[*protobuf.Schema]*protobuf.Transcoder{}}
	}}, true
}

// protobufReader reads messages whose payloads name their schema.
type protobufReader struct {
	schemas *registry.Resolver[*protobuf.File]
	kind    registry.Kind
	message string // asked for; empty: any
	readers map[*protobuf.Schema]*protobuf.Transcoder
}

// AppendJSON implements format.Transcoder.
func (r *protobufReader) AppendJSON(dst, payload []byte) ([]byte, error) {
	file, body, err := r.schemas.Open(payload)
	if err != nil {
		return dst, err
	}
	schema, body, err := r.choose(file, body)
	if err != nil {
		return dst, err
	}
	if r.message != "" && schema.Message() != r.message {
		return dst, fmt.Errorf("the payload is a message %s: %s is asked for", schema.Message(), r.message)
	}
	reader := r.readers[schema]
	if reader == nil {
		reader = schema.Transcoder()
		r.readers[schema] = reader
	}
	return reader.AppendJSON(dst, body)
}

// choose returns the message that body says it is, and what is behind that.
func (r *protobufReader) choose(file *protobuf.File, body []byte) (s *protobuf.Schema, message []byte, err error) {
	if r.kind == registry.Confluent {
		indexes, message, err := registry.ReadMessageIndexes(body)
		if err != nil {
			return nil, nil, err
		}
		s, err = file.At(indexes)
		return s, message, err
	}
	n, message, err := registry.ReadMessageIndex(body)
	if err != nil {
		return nil, nil, err
	}
	s, err = file.Sorted(n)
	return s, message, err
}

// asking is how registries are asked: the user hears of each question that has no answer.
func (b *builder) asking() registry.ResolverConfig {
	notice := b.notice
	return registry.ResolverConfig{Waiting: func(o registry.Outage) {
		notice(fmt.Sprintf("the schema registry does not answer for schema %s, asking again in %s: %v", o.ID, o.Next.Round(time.Second), o.Err))
	}}
}

// fetch returns what asks for the schemas that payloads name and that are not known yet.
func fetch[S any](p *Plan, schemas *registry.Resolver[S]) func(ctx context.Context, payload []byte) error {
	return func(ctx context.Context, payload []byte) error {
		id, missing := schemas.Missing(payload)
		if !missing {
			return nil
		}
		p.waiting.Add(1)
		defer p.waiting.Add(-1)
		return schemas.Fetch(ctx, id)
	}
}

// schemas opens the registry that an option names.
func (b *builder) schemas(at span) (registry.Source, bool) {
	name := at.String()
	if name != registries[0] && name != registries[1] {
		hint := "there are confluent and glue"
		if near := nearest.Of(name, registries); near != "" {
			hint = "did you mean " + near + "?"
		}
		b.fault(at, fmt.Sprintf("there is no registry %s", name), hint)
		return nil, false
	}
	if b.registry == nil {
		b.fault(at, "no schema registry can be asked here", "")
		return nil, false
	}
	source, err := b.registry(name)
	if err != nil {
		b.fault(at, err.Error(), "")
		return nil, false
	}
	return source, true
}

// withoutHeader takes a registry's header off a payload, whose schema the chain knows by itself, and unpacks what is behind it.
// protobuf is true where it says behind the header which message of the schema it is.
func withoutHeader(protobuf bool) func(b *record.Batch, payload []byte) ([]byte, error) {
	return func(b *record.Batch, payload []byte) ([]byte, error) {
		h, err := registry.ReadHeader(payload)
		if err != nil {
			return nil, err
		}
		body := payload[h.Len:]
		if h.Zlib {
			scratch := b.Scratch()
			from := len(scratch)
			out, err := packed.Unpacker{}.As(packed.Zlib, scratch, body)
			if err != nil {
				return nil, fmt.Errorf("unpacking zlib: %w", err)
			}
			body = b.Kept(out, from)
		}
		switch {
		case protobuf && h.ID.Kind == registry.Confluent:
			_, body, err = registry.ReadMessageIndexes(body)
		case protobuf:
			_, body, err = registry.ReadMessageIndex(body)
		}
		return body, err
	}
}
