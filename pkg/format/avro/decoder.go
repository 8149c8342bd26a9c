package avro

import (
	"bytes"
	"fmt"
)

// Decoder reads payloads of one schema as JSON. It is a format.Transcoder.
type Decoder struct {
	schema *Schema
	header []byte
}

// NewDecoder returns a Decoder of payloads that are the header and then one record: no header for a bare record, the
// schema's SingleObjectHeader for single-object encoding.
func NewDecoder(s *Schema, header []byte) *Decoder { return &Decoder{s, header} }

// AppendJSON appends the record in payload to dst as a JSON object, as the package says. An error is a *SyntaxError, or
// says which header is wrong.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if err := checkHeader(d.header, payload); err != nil {
		return dst, err
	}
	return d.schema.record(dst, payload, len(d.header))
}

func checkHeader(header, payload []byte) error {
	switch {
	case bytes.HasPrefix(payload, header):
		return nil
	case !bytes.HasPrefix(header, []byte(marker)) || len(header) != headerLen:
		return fmt.Errorf("the payload does not begin with the %d bytes of its header", len(header))
	case !bytes.HasPrefix(payload, []byte(marker)):
		return fmt.Errorf("the payload does not begin with 0x%x, so it is no Avro in single-object encoding", marker)
	case len(payload) < headerLen:
		return &SyntaxError{Offset: len(payload), Problem: early}
	}
	return fmt.Errorf("the payload's schema has the fingerprint %x, the given schema %x",
		payload[len(marker):headerLen], header[len(marker):])
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
