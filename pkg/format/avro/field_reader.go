package avro

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// Projector reads wanted fields straight from the wire: the same values as of AppendJSON's record, and errors for the same
// payloads. It is a format.FieldReader.
type Projector struct {
	schema    *Schema
	projector *projector
}

// NewProjector returns a Projector of what a Decoder of s reads.
func NewProjector(s *Schema, p *format.Projection) *Projector {
	return &Projector{s, newProjector(s, p)}
}

// Project puts the wanted fields of payload into row. Values alias payload, the schema, or are a's.
func (p *Projector) Project(payload []byte, a format.Arena, row []record.Value) error {
	return p.projector.project(payload, p.schema.begin(payload), a, row)
}

// RegistryProjector reads wanted fields of what a RegistryDecoder reads. It is a format.FieldReader.
type RegistryProjector struct {
	opener     Opener
	projection *format.Projection
	projectors map[*Schema]*projector
}

// maxProjectors is how many schemas' plans are kept.
const maxProjectors = 1000

// NewRegistryProjector returns a Projector of payloads that o knows the schemas of.
func NewRegistryProjector(o Opener, p *format.Projection) *RegistryProjector {
	return &RegistryProjector{o, p, make(map[*Schema]*projector)}
}

// Project puts the wanted fields of payload into row. Values alias payload, its schema, or are a's.
func (p *RegistryProjector) Project(payload []byte, a format.Arena, row []record.Value) error {
	s, body, err := p.opener.Open(payload)
	if err != nil {
		return err
	}
	known, ok := p.projectors[s]
	if !ok {
		if len(p.projectors) >= maxProjectors {
			clear(p.projectors)
		}
		known = newProjector(s, p.projection)
		p.projectors[s] = known
	}
	return known.project(body, 0, a, row)
}
