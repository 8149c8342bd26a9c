package avro

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
)

// scalar appends raw as a value of type n, which has nothing below it.
func (w *writer) scalar(dst []byte, n *node, raw []byte) ([]byte, error) {
	switch raw[0] {
	case 'n':
		if n.kind == null {
			return dst, nil
		}
	case 't', 'f':
		if n.kind == boolean && raw[0] == 't' {
			return append(dst, 1), nil
		} else if n.kind == boolean {
			return append(dst, 0), nil
		}
	case '"':
		w.plain = w.plain[:0]
		v := format.Parse(raw, &w.plain)
		return w.string(dst, n, v.Text, raw)
	case '[', '{':
	default:
		return w.number(dst, n, raw)
	}
	return dst, w.misfit(n, raw)
}

// string appends a JSON string, whose plain form is s.
func (w *writer) string(dst []byte, n *node, s, raw []byte) ([]byte, error) {
	if n.logical == decimal || n.logical == bigDecimal {
		return w.decimal(dst, n, s)
	} else if n.logical != plain {
		out, ok := n.parse(dst, s)
		if !ok {
			return dst, &FieldError{Problem: "is a string that is no " + n.what()}
		}
		return out, nil
	}
	switch n.kind {
	case text:
		return appendBytes(dst, s), nil
	case blob, fixed:
		return w.base64(dst, n, s)
	case enum:
		if i, ok := n.index[string(s)]; ok {
			return appendLong(dst, int64(i)), nil
		}
		return dst, &FieldError{Problem: fmt.Sprintf("is no symbol of %s", n.what())}
	case float, double:
		switch string(s) {
		case notANumber:
			return appendReal(dst, n, math.NaN()), nil
		case infinity:
			return appendReal(dst, n, math.Inf(1)), nil
		case negativeInfinity:
			return appendReal(dst, n, math.Inf(-1)), nil
		}
	}
	return dst, w.misfit(n, raw)
}

// scratch is a format.Arena of one string at a time.
type scratch []byte

// Scratch returns the space.
func (s *scratch) Scratch() []byte { return *s }

// Kept takes the space back.
func (s *scratch) Kept(grown []byte, from int) []byte {
	*s = grown
	return grown[from:]
}

func (w *writer) base64(dst []byte, n *node, s []byte) ([]byte, error) {
	v, err := base64.StdEncoding.AppendDecode(w.raw[:0], s)
	w.raw = v
	switch {
	case err != nil:
		return dst, &FieldError{Problem: fmt.Sprintf("is not base64, which %s is written in", n.what())}
	case n.kind == blob:
		return appendBytes(dst, v), nil
	case len(v) != n.size:
		return dst, &FieldError{Problem: fmt.Sprintf("is of %d bytes, and %s of %d", len(v), n.what(), n.size)}
	}
	return append(dst, v...), nil
}

func (w *writer) number(dst []byte, n *node, raw []byte) ([]byte, error) {
	switch {
	case n.logical == decimal || n.logical == bigDecimal:
		return w.decimal(dst, n, raw)
	case n.kind == integer:
		return w.whole(dst, n, raw, 32)
	case n.kind == long:
		return w.whole(dst, n, raw, 64)
	case n.kind == float, n.kind == double:
		bits := 64
		if n.kind == float {
			bits = 32
		}
		f, err := strconv.ParseFloat(string(raw), bits)
		if err != nil {
			return dst, &FieldError{Problem: "is out of the range of " + n.what()}
		}
		return appendReal(dst, n, f), nil
	}
	return dst, w.misfit(n, raw)
}

// whole appends an integer. Arithmetic may have made it a float: 3.0 and 1e3 are integers too, as far as floats are exact.
func (w *writer) whole(dst []byte, n *node, raw []byte, bits int) ([]byte, error) {
	v, err := strconv.ParseInt(string(raw), 10, bits)
	if err == nil {
		return appendLong(dst, v), nil
	}
	const exact = 1 << 53
	f, err := strconv.ParseFloat(string(raw), 64)
	if v = int64(f); err == nil && math.Abs(f) <= exact && float64(v) == f && (bits == 64 || v == int64(int32(v))) {
		return appendLong(dst, v), nil
	}
	return dst, &FieldError{Problem: fmt.Sprintf("is a number that is no %s of %d bits", n.what(), bits)}
}

func appendReal(dst []byte, n *node, f float64) []byte {
	if n.kind == float {
		return binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(f)))
	}
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}
