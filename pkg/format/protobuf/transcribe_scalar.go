package protobuf

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
)

// scalar writes a value without its tag.
func (t *Transcriber) scalar(dst []byte, f *field, raw []byte) ([]byte, *Fault) {
	switch f.kind {
	case protoreflect.StringKind:
		if raw[0] != '"' {
			return dst, wrong("wants a string, and has %s", kindOf(raw))
		}
		return protowire.AppendBytes(dst, t.string(raw)), nil
	case protoreflect.BytesKind:
		if raw[0] != '"' {
			return dst, wrong("wants bytes as a string of base64, and has %s", kindOf(raw))
		}
		return appendBytes(dst, t.string(raw))
	}
	bits, fault := t.bits(f, raw)
	return appendBits(dst, f, bits), fault
}

// string returns a string's plain form.
func (t *Transcriber) string(raw []byte) []byte {
	v := format.Parse(raw, &t.text)
	return v.Text
}

// appendBytes takes base64 with and without padding, of both alphabets.
func appendBytes(dst, text []byte) ([]byte, *Fault) {
	digits := bytes.TrimRight(text, "=")
	padding := len(text) - len(digits)
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(digits, "-_") {
		encoding = base64.RawURLEncoding
	}
	bad := padding > 2 || padding > 0 && len(text)%4 != 0 || bytes.ContainsAny(digits, "\r\n") // which the library passes by
	dst = protowire.AppendVarint(dst, uint64(encoding.DecodedLen(len(digits))))
	dst, err := encoding.AppendDecode(dst, digits)
	if bad || err != nil {
		return dst, wrong("wants bytes as a string of base64, and the string is none")
	}
	return dst, nil
}

// bits returns a number, bool or enum as appendBits takes it.
func (t *Transcriber) bits(f *field, raw []byte) (uint64, *Fault) {
	switch f.kind {
	case protoreflect.BoolKind:
		switch raw[0] {
		case 't':
			return 1, nil
		case 'f':
			return 0, nil
		}
		return 0, wrong("wants true or false, and has %s", kindOf(raw))
	case protoreflect.EnumKind:
		return t.enum(f, raw)
	}
	text := raw
	if raw[0] == '"' { // as Protobuf's JSON writes 64-bit integers, and NaN
		text = t.string(raw)
	} else if c := raw[0]; c != '-' && (c < '0' || c > '9') {
		return 0, wrong("wants a number, and has %s", kindOf(raw))
	}
	switch f.kind {
	case protoreflect.FloatKind:
		return parseFloat(text, 32)
	case protoreflect.DoubleKind:
		return parseFloat(text, 64)
	}
	return parseInteger(f, text)
}

func (t *Transcriber) enum(f *field, raw []byte) (uint64, *Fault) {
	switch c := raw[0]; {
	case c == '"':
		name := t.string(raw)
		n, ok := f.enum.byName[string(name)]
		if !ok {
			if near := nearest(string(name), f.enum.names()); near != "" {
				return 0, wrong("has a name that the enum does not: is it %s?", near)
			}
			return 0, wrong("has a name that the enum does not: there are %s", listed(f.enum.names()))
		}
		return uint64(int64(n)), nil
	case c == 'n' && f.enum.null:
		return 0, nil
	case c == '-' || '0' <= c && c <= '9':
		n, fault := wholeNumber(raw)
		if fault == nil && (n.outside(math.MaxInt32, 1<<31)) {
			return 0, wrong("wants an enum's number of 32 bits")
		}
		return n.bits(), fault
	}
	return 0, wrong("wants an enum's name or number, and has %s", kindOf(raw))
}

func parseFloat(text []byte, size int) (uint64, *Fault) {
	var v float64
	switch string(text) {
	case "NaN":
		v = math.NaN()
	case "Infinity":
		v = math.Inf(1)
	case "-Infinity":
		v = math.Inf(-1)
	default:
		if _, err := format.Skip(text, 0); err != nil || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
			return 0, wrong("wants a number, and has a string that is none")
		}
		var err error
		if v, err = strconv.ParseFloat(string(text), size); err != nil {
			return 0, wrong("the number is none, or beyond the range of a float of %d bits", size)
		}
	}
	if size == 32 {
		return uint64(math.Float32bits(float32(v))), nil
	}
	return math.Float64bits(v), nil
}

// appendBits writes what bits of part reads.
func appendBits(dst []byte, f *field, bits uint64) []byte {
	switch f.wire {
	case protowire.Fixed32Type:
		return protowire.AppendFixed32(dst, uint32(bits))
	case protowire.Fixed64Type:
		return protowire.AppendFixed64(dst, bits)
	}
	if f.kind == protoreflect.Sint32Kind || f.kind == protoreflect.Sint64Kind {
		bits = protowire.EncodeZigZag(int64(bits))
	}
	return protowire.AppendVarint(dst, bits)
}

// kindOf names what a document has.
func kindOf(raw []byte) string {
	switch raw[0] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return "a number"
}
