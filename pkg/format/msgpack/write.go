package msgpack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
	"github.com/kstream/kstream/pkg/record"
)

// What a number can be that MessagePack has no form for.
var (
	errInteger = errors.New("an integer beyond 64 bits")
	errFloat   = errors.New("a number beyond the range of float64")
)

// writer writes one document.
type writer struct {
	dst     []byte
	doc     cursor.Cursor
	counts  []uint32 // of the objects and lists that follow
	scratch *scratch
	failed  int // where the value stands that err is of
	err     error
}

// value writes the value that the Cursor stands before, and reports whether it could.
func (w *writer) value() bool {
	switch kind := w.doc.Kind(); kind {
	case '{', '[':
		return w.members(kind == '{')
	}
	at := w.doc.Offset()
	if w.err = w.scalar(w.doc.Value()); w.err != nil {
		w.failed = at
		return false
	}
	return true
}

func (w *writer) members(object bool) bool {
	n := w.counts[0]
	w.counts = w.counts[1:]
	if object {
		w.head(n, fixMap, map16)
	} else {
		w.head(n, fixArray, array16)
	}
	for more := w.doc.Enter(); more; more = w.doc.More() {
		if object {
			w.text(format.Parse(w.doc.Name(), w.scratch).Text)
		}
		if !w.value() {
			return false
		}
	}
	return true
}

// head writes how many members follow: in the one byte from fix on, or behind that of their 16 or 32 bits.
func (w *writer) head(n uint32, fix, long byte) {
	switch {
	case n < 16:
		w.dst = append(w.dst, fix|byte(n))
	case n <= math.MaxUint16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, long), uint16(n))
	default:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, long+1), n)
	}
}

func (w *writer) scalar(raw []byte) error {
	switch v := format.Parse(raw, w.scratch); v.Kind {
	case record.True:
		w.dst = append(w.dst, codeTrue)
	case record.False:
		w.dst = append(w.dst, codeFalse)
	case record.String:
		w.text(v.Text)
	case record.Int:
		n, _ := v.Int()
		w.integer(n)
	case record.Float:
		return w.float(raw, &v)
	default:
		w.dst = append(w.dst, codeNil)
	}
	*w.scratch = (*w.scratch)[:0]
	return nil
}

func (w *writer) text(text []byte) {
	switch n := len(text); {
	case n < 32:
		w.dst = append(w.dst, fixStr|byte(n))
	case n <= math.MaxUint8:
		w.dst = append(w.dst, str8, byte(n))
	case n <= math.MaxUint16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, str8+1), uint16(n))
	default:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, str8+2), uint32(n))
	}
	w.dst = append(w.dst, text...)
}

func (w *writer) integer(n int64) {
	switch {
	case n >= 0:
		w.unsigned(uint64(n))
	case n >= -32:
		w.dst = append(w.dst, byte(n))
	case n >= math.MinInt8:
		w.dst = append(w.dst, int8Code, byte(n))
	case n >= math.MinInt16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, int8Code+1), uint16(n))
	case n >= math.MinInt32:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, int8Code+2), uint32(n))
	default:
		w.dst = binary.BigEndian.AppendUint64(append(w.dst, int8Code+3), uint64(n))
	}
}

func (w *writer) unsigned(n uint64) {
	switch {
	case n < fixMap:
		w.dst = append(w.dst, byte(n))
	case n <= math.MaxUint8:
		w.dst = append(w.dst, uint8Code, byte(n))
	case n <= math.MaxUint16:
		w.dst = binary.BigEndian.AppendUint16(append(w.dst, uint8Code+1), uint16(n))
	case n <= math.MaxUint32:
		w.dst = binary.BigEndian.AppendUint32(append(w.dst, uint8Code+2), uint32(n))
	default:
		w.dst = binary.BigEndian.AppendUint64(append(w.dst, uint8Code+3), n)
	}
}

// float writes a number that is no int64: an integer up to 2^64-1, or a float64. -0 is one.
func (w *writer) float(raw []byte, v *record.Value) error {
	f, _ := v.Float()
	if bytes.ContainsAny(raw, ".eE") || f == 0 {
		if math.IsInf(f, 0) {
			return errFloat
		}
		w.dst = binary.BigEndian.AppendUint64(append(w.dst, float64Code), math.Float64bits(f))
		return nil
	}
	n, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil {
		return errInteger
	}
	w.unsigned(n)
	return nil
}

// scratch is the format.Arena for strings with escapes, which live until the next value.
type scratch []byte

// Scratch is format.Arena's.
func (s *scratch) Scratch() []byte { return *s }

// Kept is format.Arena's.
func (s *scratch) Kept(p []byte, from int) []byte {
	*s = p
	return p[from:]
}
