package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/avro"
	"github.com/kstream/kstream/pkg/format/packed"
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
	notice := b.notice
	schemas := registry.NewResolver(registry.ResolverConfig{Waiting: func(o registry.Outage) {
		notice(fmt.Sprintf("the schema registry does not answer for schema %s, asking again in %s: %v", o.ID, o.Next.Round(time.Second), o.Err))
	}}, source, func(s *registry.Schema) (*avro.Schema, error) {
		if err := s.Is(registry.Avro); err != nil {
			return nil, err
		}
		return avro.Parse(s.Text, s.Texts()...)
	})
	return decoding{
		ahead: func(ctx context.Context, payload []byte) error {
			if id, missing := schemas.Missing(payload); missing {
				return schemas.Fetch(ctx, id)
			}
			return nil
		},
		transcode: func() format.Transcoder { return avro.NewRegistryDecoder(schemas) },
		fields:    func(p *format.Projection) format.FieldReader { return avro.NewRegistryProjector(schemas, p) },
	}, true
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
// protobuf is true where Confluent's list of a message's place stands behind the header.
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
		if protobuf && h.ID.Kind == registry.Confluent {
			if _, body, err = registry.ReadMessageIndexes(body); err != nil {
				return nil, err
			}
		}
		return body, nil
	}
}
