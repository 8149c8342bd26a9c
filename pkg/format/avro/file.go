package avro

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/packed"
)

// magic is what object container files begin with.
const magic = "Obj\x01"

const (
	syncLen = 16
	// maxSchemaText is how long the schema in a file may be: reading one costs 250 times its text in memory, and of this
	// length some 150 ms.
	maxSchemaText = 256 << 10
	// recordCost is what a record costs besides its JSON, so that a file of very many that are next to nothing has a bound.
	recordCost = 256
)

// IsFile reports whether payload begins as object container files do.
func IsFile(payload []byte) bool { return bytes.HasPrefix(payload, []byte(magic)) }

// Files takes object container files apart, which have their schema with them. Each part is one record as a JSON object,
// as the package says. It is a format.Splitter.
type Files struct {
	unpacker packed.Unpacker
	// text and schema are the last file's: those of a stream mostly have the same.
	text   []byte
	schema *Schema
}

// NewFiles returns a Files for which the blocks of one payload may unpack to maxBytes together; 0 is
// packed.DefaultMaxBytes.
func NewFiles(maxBytes int) *Files {
	if maxBytes == 0 {
		maxBytes = packed.DefaultMaxBytes
	}
	return &Files{unpacker: packed.Unpacker{MaxBytes: maxBytes}}
}

// file is one payload.
type file struct {
	cursor
	schema *Schema
	codec  codec
	sync   []byte
	left   int // what its blocks may unpack to yet
	output int // what its records may cost yet
	empty  int // how many records that take no bytes may come yet
}

// Split calls each for every record of the file.
func (f *Files) Split(payload []byte, a format.Arena, each func(part []byte) error) error {
	r := file{cursor: cursor{src: payload}, left: f.unpacker.MaxBytes, output: maxOutput, empty: maxEmpty}
	if err := f.header(&r); err != nil {
		return fmt.Errorf("reading the header of an Avro file: %w", err)
	}
	for i := 1; r.cursor.left() > 0; i++ {
		block, count, err := r.block()
		if err != nil {
			return fmt.Errorf("reading block %d of an Avro file: %w", i, err)
		}
		if err := r.records(block, count, a, each); err != nil {
			return err
		}
	}
	return nil
}

// header reads the metadata, a map of bytes, and the mark that parts blocks.
func (f *Files) header(r *file) error {
	if !IsFile(r.src) {
		return r.fault(0, "no Avro file begins like this")
	}
	r.at = len(magic)
	var name []byte
	var text []byte
	values := node{kind: mapping, items: &node{kind: blob}}
	for {
		count, err := r.cursor.block(&values)
		if err != nil {
			return err
		}
		if count == 0 {
			break
		}
		for ; count > 0; count-- {
			key, err := r.bytes()
			if err != nil {
				return err
			}
			value, err := r.bytes()
			if err != nil {
				return err
			}
			switch string(key) {
			case "avro.schema":
				text = value
			case "avro.codec":
				name = value
			}
		}
	}
	var err error
	if r.sync, err = r.take(syncLen); err != nil {
		return err
	}
	if r.codec, err = codecOf(name); err != nil {
		return err
	}
	r.schema, err = f.schemaOf(text)
	return err
}

// schemaOf reads the schema of a file. Its text is the payload's, and in no error.
func (f *Files) schemaOf(text []byte) (*Schema, error) {
	if f.schema != nil && bytes.Equal(text, f.text) {
		return f.schema, nil
	}
	if len(text) > maxSchemaText {
		return nil, fmt.Errorf("its schema has %d bytes: at most %d", len(text), maxSchemaText)
	}
	s, err := parseForReading(string(text))
	if err != nil {
		return nil, errors.New("its schema is missing, or is no Avro schema of a record")
	}
	f.text, f.schema = append(f.text[:0], text...), s
	return s, nil
}

// block returns what the next block unpacks to, and its count of records.
func (r *file) block() (data []byte, count int64, err error) {
	at := r.at
	if count, err = r.long(); err != nil {
		return nil, 0, err
	}
	packedData, err := r.bytes()
	if err != nil {
		return nil, 0, err
	}
	end := r.at
	switch sync, err := r.take(syncLen); {
	case err != nil:
		return nil, 0, err
	case !bytes.Equal(sync, r.sync):
		return nil, 0, r.fault(end, "the mark at the block's end is another")
	}
	if data, err = r.codec.unpack(packedData, r.left); err != nil {
		return nil, 0, err
	}
	r.left -= len(data)
	room := int64(len(data))
	if r.schema.root.empty {
		room = int64(r.empty)
	}
	if count < 0 || count > room {
		return nil, 0, r.fault(at, "a count of %d records in %d bytes", count, len(data))
	}
	if r.schema.root.empty {
		r.empty -= int(count)
	}
	return data, count, nil
}

// records reads the records of one block. Offsets are those in what it unpacks to.
func (r *file) records(block []byte, count int64, a format.Arena, each func(part []byte) error) error {
	in := reader{cursor: cursor{src: block}}
	for i := range count {
		dst := a.Scratch()
		from := len(dst)
		in.max = from + min(in.budget(), r.output)
		dst, err := in.root(dst, r.schema.root)
		if err != nil {
			return fmt.Errorf("reading record %d of a block of an Avro file: %w", i+1, err)
		}
		if r.output -= len(dst) - from + recordCost; r.output < 0 {
			return fmt.Errorf("an Avro file reads as more than %d MiB", maxOutput>>20)
		}
		if err := each(a.Kept(dst, from)); err != nil {
			return err
		}
	}
	if in.left() > 0 {
		return fmt.Errorf("reading a block of an Avro file: %w", in.fault(in.at, tooMany, in.left()))
	}
	return nil
}
