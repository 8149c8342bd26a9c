package sniff

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/format/cbor"
	"github.com/kstream/kstream/pkg/format/msgpack"
)

// magic tells what a payload is by the bytes that its format puts at its begin, "" where they are none.
func magic(p []byte) (f Format, note string) {
	switch {
	case bytes.HasPrefix(p, []byte("Obj\x01")):
		return AvroOCF, ""
	case len(p) >= 10 && p[0] == 0xc3 && p[1] == 0x01: // then the schema's fingerprint
		return AvroSingle, fmt.Sprintf("schema %016x", binary.LittleEndian.Uint64(p[2:]))
	case len(p) > 20 && bytes.HasPrefix(p, []byte("\xf3\x89\x9a\xc2")):
		return KPL, ""
	case len(p) > 12 && bytes.HasPrefix(p, []byte("PAR1")) && bytes.HasSuffix(p, []byte("PAR1")):
		return Parquet, ""
	case isGlue(p):
		return Glue, glueNote(p)
	case isConfluent(p):
		return Confluent, fmt.Sprintf("schema %d", binary.BigEndian.Uint32(p[1:]))
	}
	return "", ""
}

// isGlue reports whether p begins with the header of AWS's serializers: a version, a compression, and a UUID that was made
// at random.
func isGlue(p []byte) bool {
	const header = 18
	return len(p) > header && p[0] == 3 && (p[1] == 0 || p[1] == 5) && p[8]>>4 == 4 && p[10]>>6 == 2
}

func glueNote(p []byte) string {
	id := p[2:18]
	note := fmt.Sprintf("schema version %x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
	if p[1] == 5 {
		note += ", zlib"
	}
	return note
}

// isConfluent reports whether p begins with a zero and a schema's id that a registry may well have given out: they count
// from 1. No text and no Protobuf message begins with a zero.
func isConfluent(p []byte) bool {
	const header, most = 5, 1_000_000
	if len(p) <= header || p[0] != 0 {
		return false
	}
	id := binary.BigEndian.Uint32(p[1:])
	return id > 0 && id <= most
}

// binaryFormat tells what a payload is that is no text and has no magic: something only where all of it reads as that.
func binaryFormat(p []byte) (f Format, note string) {
	const selfDescribed = "\xd9\xd9\xf7"
	begin := p[0]
	switch {
	case isMessagePackMap(p):
		if doc, err := (msgpack.Transcoder{}).AppendJSON(nil, p); err == nil && len(doc) > len(`{}`) {
			return MessagePack, ""
		}
	case begin>>5 == 5 || bytes.HasPrefix(p, []byte(selfDescribed)):
		var c cbor.Transcoder
		if doc, err := c.AppendJSON(nil, p); err == nil && len(doc) > len(`{}`) {
			return CBOR, ""
		}
	}
	if isProtobuf(p) {
		return Binary, perhapsProto
	}
	return Binary, ""
}

// isMessagePackMap reports whether p begins as a map does whose first name is a string: other names are rare, and other
// binary formats begin so.
func isMessagePackMap(p []byte) bool {
	var name int
	switch c := p[0]; {
	case c > 0x80 && c < 0x90:
		name = 1
	case c == 0xde:
		name = 3
	case c == 0xdf:
		name = 5
	default:
		return false
	}
	return len(p) > name && (p[name]>>5 == 5 || p[name] == 0xd9)
}

// isProtobuf reports whether all of p are fields of Protobuf's wire format, with numbers that people use. Short payloads
// are that by chance.
func isProtobuf(p []byte) bool {
	const least, mostNumber = 8, 1000
	if len(p) < least {
		return false
	}
	for len(p) > 0 {
		number, _, n := protowire.ConsumeField(p)
		if n < 0 || number > mostNumber {
			return false
		}
		p = p[n:]
	}
	return true
}
