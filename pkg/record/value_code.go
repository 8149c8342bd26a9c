package record

import (
	"encoding/binary"
	"errors"
)

// ErrValue is a value in a binary form that can't be read: it was cut short, or is none.
var ErrValue = errors.New("the stored value is damaged")

// AppendValue appends v in the binary form in which state and key groups keep values. It is part of the state's format: a
// byte with the kind, then 8 bytes for a number or a time, or the text behind its length. An Int loses its text, which its
// digits give again; a Float keeps it.
func AppendValue(dst []byte, v *Value) []byte {
	dst = append(dst, byte(v.Kind))
	switch v.Kind {
	case Int, Time:
		return binary.BigEndian.AppendUint64(dst, v.bits)
	case Float:
		dst = binary.BigEndian.AppendUint64(dst, v.bits)
		fallthrough
	case String, List, Object:
		dst = binary.AppendUvarint(dst, uint64(len(v.Text)))
		return append(dst, v.Text...)
	}
	return dst
}

// ReadValue reads what AppendValue wrote at the begin of src, and returns what is behind it. The value's text is src's.
func ReadValue(src []byte) (v Value, rest []byte, err error) {
	if len(src) == 0 || src[0] > byte(Time) {
		return v, src, ErrValue
	}
	v.Kind, rest = Kind(src[0]), src[1:]
	if v.Kind == Int || v.Kind == Float || v.Kind == Time {
		if len(rest) < 8 {
			return Value{}, src, ErrValue
		}
		v.bits, rest = binary.BigEndian.Uint64(rest), rest[8:]
	}
	if v.Kind == Float || v.Kind == String || v.Kind == List || v.Kind == Object {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return Value{}, src, ErrValue
		}
		if rest = rest[size:]; n > 0 {
			v.Text = rest[:n:n]
		}
		rest = rest[n:]
	}
	return v, rest, nil
}
