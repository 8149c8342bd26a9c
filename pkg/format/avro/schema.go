package avro

import (
	"encoding/binary"
	"errors"
	"fmt"

	lib "github.com/twmb/avro"
)

// Schema is a schema that payloads were written with. It is shared by goroutines and never changes.
type Schema struct {
	root   *node
	header [headerLen]byte // single-object encoding's
}

// Single-object encoding: two marker bytes and the schema's fingerprint, CRC-64-AVRO of its canonical form.
const (
	marker    = "\xc3\x01"
	headerLen = len(marker) + 8
)

// Parse reads a schema in JSON: the text of an .avsc file. Names that it does not define are those of the referenced
// schemas, which stand in such an order that each needs only those before it. What the schema describes must be a record,
// a map or a union of those, as nothing else has fields.
func Parse(text string, referenced ...string) (*Schema, error) {
	return (&compiler{named: make(map[string]*node), defaults: true}).schema(text, referenced)
}

// parseForReading is Parse for a schema that came with a payload: what defaults cost has no bound.
func parseForReading(text string) (*Schema, error) {
	return (&compiler{named: make(map[string]*node)}).schema(text, nil)
}

func (c *compiler) schema(text string, referenced []string) (*Schema, error) {
	var known lib.SchemaCache
	for i, r := range referenced {
		if _, err := c.parse(&known, r); err != nil {
			return nil, fmt.Errorf("reading the referenced Avro schema %d of %d: %w", i+1, len(referenced), err)
		}
	}
	s, err := c.parse(&known, text)
	if err != nil {
		return nil, fmt.Errorf("reading the Avro schema: %w", err)
	}
	if !s.root.hasFields() {
		return nil, fmt.Errorf("the Avro schema is of type %s: only a record, a map or a union of those has fields", s.root.kind)
	}
	return s, nil
}

func (c *compiler) parse(known *lib.SchemaCache, text string) (*Schema, error) {
	parsed, err := known.Parse(text)
	if err != nil {
		return nil, err
	}
	tree := parsed.Root()
	if tree == nil {
		return nil, errors.New("it has no types")
	}
	root, err := c.node(tree, "")
	if err != nil {
		return nil, err
	}
	s := &Schema{root: root}
	copy(s.header[:], marker)
	h := lib.NewRabin()
	h.Write(parsed.Canonical()) // a hash never fails
	binary.LittleEndian.PutUint64(s.header[len(marker):], h.Sum64())
	return s, nil
}

// SingleObjectHeader returns the ten bytes that payloads of this schema begin with in single-object encoding. They are the
// caller's.
func (s *Schema) SingleObjectHeader() []byte { return append([]byte(nil), s.header[:]...) }

// Fingerprint returns CRC-64-AVRO of the schema's canonical form: two schemas with the same one read the same payloads.
func (s *Schema) Fingerprint() uint64 { return binary.LittleEndian.Uint64(s.header[len(marker):]) }
