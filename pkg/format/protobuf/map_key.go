package protobuf

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// parseKey reads the name of a key that is no string, as appendKey writes it: 007 is none.
func parseKey(f *field, name string) (bits uint64, ok bool) {
	bits, ok = readKey(f, name)
	const longest = 20 // digits of 64 bits, or 19 and a sign
	var buf [longest]byte
	return bits, ok && string(appendKey(buf[:0], f, bits)) == name
}

func readKey(f *field, name string) (bits uint64, ok bool) {
	var err error
	var n int64
	switch f.kind {
	case protoreflect.BoolKind:
		if name == "true" {
			return 1, true
		}
		return 0, name == "false"
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		bits, err = strconv.ParseUint(name, 10, 32)
		return bits, err == nil
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		bits, err = strconv.ParseUint(name, 10, 64)
		return bits, err == nil
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		n, err = strconv.ParseInt(name, 10, 32)
	default:
		n, err = strconv.ParseInt(name, 10, 64)
	}
	return uint64(n), err == nil
}

// appendKey appends a key that is no string.
func appendKey(dst []byte, f *field, bits uint64) []byte {
	switch f.kind {
	case protoreflect.BoolKind:
		return strconv.AppendBool(dst, bits != 0)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return strconv.AppendUint(dst, bits, 10)
	}
	return strconv.AppendInt(dst, int64(bits), 10)
}
