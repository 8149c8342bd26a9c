package protobuf

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// scalar appends the value at byte at, which skip has passed.
func (t *Transcoder) scalar(dst []byte, f *field, p part, at int) ([]byte, *Fault) {
	switch f.kind {
	case protoreflect.StringKind:
		text := p.content(at, f.number, f.wire)
		if fault := text.checkText(); fault != nil {
			return dst, fault
		}
		return format.AppendString(dst, text.b), nil
	case protoreflect.BytesKind:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, p.content(at, f.number, f.wire).b)
		return append(dst, '"'), nil
	}
	bits := p.bits(f, at)
	switch f.kind {
	case protoreflect.BoolKind:
		return strconv.AppendBool(dst, bits != 0), nil
	case protoreflect.EnumKind:
		return f.enum.append(dst, protoreflect.EnumNumber(int32(bits))), nil
	case protoreflect.FloatKind:
		return appendFloat(dst, float64(math.Float32frombits(uint32(bits))), 32), nil
	case protoreflect.DoubleKind:
		return appendFloat(dst, math.Float64frombits(bits), 64), nil
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return strconv.AppendUint(dst, bits, 10), nil
	}
	return strconv.AppendInt(dst, int64(bits), 10), nil
}

// bits returns the number, bool or enum at byte at: a float's bits, an integer's value with its sign in all 64 bits.
func (p part) bits(f *field, at int) uint64 {
	switch f.wire {
	case protowire.Fixed32Type:
		if f.kind == protoreflect.Sfixed32Kind {
			return uint64(int64(int32(p.fixed32(at))))
		}
		return uint64(p.fixed32(at))
	case protowire.Fixed64Type:
		return p.fixed64(at)
	}
	v, _, _ := p.varint(at)
	switch f.kind {
	case protoreflect.Int32Kind, protoreflect.EnumKind:
		return uint64(int64(int32(v)))
	case protoreflect.Sint32Kind:
		return uint64(int64(int32(protowire.DecodeZigZag(v & math.MaxUint32))))
	case protoreflect.Uint32Kind:
		return v & math.MaxUint32
	case protoreflect.Sint64Kind:
		return uint64(protowire.DecodeZigZag(v))
	}
	return v
}

func (p part) checkText() *Fault {
	if utf8.Valid(p.b) {
		return nil
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(p.b[i:])
		if r == utf8.RuneError && n <= 1 {
			return p.fault(i, problemText)
		}
		i += n
	}
}

// appendFloat appends the shortest digits that give f again, as JSON has them everywhere: 3 for 3.0, exponents only for the
// very large and very small.
func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	if bits == 64 {
		v := record.FloatValue(f)
		return format.Append(dst, &v)
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (float32(a) < 1e-6 || float32(a) >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, 32)
}
