package avro

import "bytes"

// Decoder reads payloads of one schema as JSON. It is a format.Transcoder.
type Decoder struct{ schema *Schema }

// NewDecoder returns a Decoder of records, bare and in single-object encoding.
func NewDecoder(s *Schema) *Decoder { return &Decoder{s} }

// AppendJSON appends the record in payload to dst as a JSON object, as the package says. An error is a *SyntaxError.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	return d.schema.record(dst, payload, d.schema.begin(payload))
}

// begin returns where the record in payload begins: behind the header of single-object encoding, where it has one. That a bare
// record begins with the ten bytes of its own schema's header is out of the question.
func (s *Schema) begin(payload []byte) int {
	if bytes.HasPrefix(payload, s.header[:]) {
		return headerLen
	}
	return 0
}

// Opener takes off the header by which payloads of a schema registry name their schema. A registry.Resolver of *Schema is
// one. Goroutines may share it.
type Opener interface {
	// Open returns the schema that payload names, and the record behind the header: a part of payload, or bytes of its own
	// if it had to be unpacked. It never waits. An error is the record's.
	Open(payload []byte) (s *Schema, body []byte, err error)
}

// RegistryDecoder reads payloads that name their schema. It is a format.Transcoder.
type RegistryDecoder struct{ opener Opener }

// NewRegistryDecoder returns a decoder of payloads that o knows the schemas of.
func NewRegistryDecoder(o Opener) *RegistryDecoder { return &RegistryDecoder{o} }

// AppendJSON appends the record in payload to dst as a JSON object, as the package says. Offsets in a *SyntaxError count
// from behind the header.
func (d *RegistryDecoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	s, body, err := d.opener.Open(payload)
	if err != nil {
		return dst, err
	}
	return s.record(dst, body, 0)
}
