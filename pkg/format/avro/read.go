package avro

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
)

// What a payload of n bytes may read as is bounded by spareOutput + outputFactor*n bytes of JSON, and by maxOutput: names
// of fields come out of the schema, and a field that is null takes one byte of the payload, or none.
const (
	spareOutput  = 1 << 20
	outputFactor = 128
	maxOutput    = 64 << 20
)

// reader reads values as JSON.
type reader struct {
	cursor
	max int // what the destination may grow to
}

// record appends the one record that src holds from at on: a JSON object.
func (s *Schema) record(dst, src []byte, at int) ([]byte, error) {
	r := reader{cursor: cursor{src, at}}
	r.max = len(dst) + r.budget()
	dst, err := r.root(dst, s.root)
	if err == nil && r.left() > 0 {
		err = r.fault(r.at, tooMany, r.left())
	}
	return dst, err
}

// budget is how many bytes of JSON the rest may read as.
func (c *cursor) budget() int { return min(maxOutput, spareOutput+outputFactor*c.left()) }

// root appends the record that comes next.
func (r *reader) root(dst []byte, n *node) (_ []byte, err error) {
	if n.kind == union {
		at := r.at
		if n, err = n.choose(&r.cursor); err == nil && !n.hasFields() {
			err = r.fault(at, "a value of type %s in place of a record", n.kind)
		}
		if err != nil {
			return dst, err
		}
	}
	return r.value(dst, n, 0)
}

// value appends the value of type n that comes next. depth is how many objects and lists are open.
func (r *reader) value(dst []byte, n *node, depth int) ([]byte, error) {
	if len(dst) > r.max {
		return dst, r.fault(r.at, "more JSON than a payload of %d bytes may read as", len(r.src))
	}
	if n.logical != plain {
		return r.logical(dst, n)
	}
	switch n.kind {
	case boolean:
		v, err := r.boolean()
		return strconv.AppendBool(dst, v), err
	case integer:
		v, err := r.int()
		return strconv.AppendInt(dst, v, 10), err
	case long:
		v, err := r.long()
		return strconv.AppendInt(dst, v, 10), err
	case float, double:
		return r.float(dst, n)
	case text:
		v, err := r.bytes()
		return format.AppendString(dst, v), err
	case blob, fixed:
		v, err := r.raw(n)
		return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v), '"'), err
	case enum:
		i, err := r.choice(len(n.symbols), "symbol")
		if err != nil {
			return dst, err
		}
		return append(dst, n.symbols[i].quoted...), nil
	case union:
		b, err := n.choose(&r.cursor)
		if err != nil {
			return dst, err
		}
		return r.value(dst, b, depth)
	case array, mapping, object:
		return r.open(dst, n, depth+1)
	}
	return append(dst, "null"...), nil
}

// open appends a list or an object.
func (r *reader) open(dst []byte, n *node, depth int) ([]byte, error) {
	if depth > maxDepth {
		return dst, r.fault(r.at, tooDeep)
	}
	switch n.kind {
	case array:
		return r.list(dst, n, depth)
	case mapping:
		return r.mapping(dst, n, depth)
	}
	var err error
	for i := range n.fields {
		f := &n.fields[i]
		if dst, err = r.value(append(dst, f.key...), f.node, depth); err != nil {
			return dst, within(f.name, err)
		}
	}
	if len(n.fields) == 0 {
		dst = append(dst, '{')
	}
	return append(dst, '}'), nil
}

func (r *reader) list(dst []byte, n *node, depth int) ([]byte, error) {
	dst = append(dst, '[')
	for first := true; ; {
		count, err := r.block(n)
		if err != nil || count == 0 {
			return append(dst, ']'), err
		}
		for ; count > 0; count-- {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			if dst, err = r.value(dst, n.items, depth); err != nil {
				return dst, err
			}
		}
	}
}

func (r *reader) mapping(dst []byte, n *node, depth int) ([]byte, error) {
	dst = append(dst, '{')
	for first := true; ; {
		count, err := r.block(n)
		if err != nil || count == 0 {
			return append(dst, '}'), err
		}
		for ; count > 0; count-- {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			key, err := r.bytes()
			if err != nil {
				return dst, err
			}
			if dst, err = r.value(append(format.AppendString(dst, key), ':'), n.items, depth); err != nil {
				return dst, err
			}
		}
	}
}

// raw returns the bytes of a bytes or fixed.
func (c *cursor) raw(n *node) ([]byte, error) {
	if n.kind == fixed {
		return c.take(n.size)
	}
	return c.bytes()
}

func (r *reader) float(dst []byte, n *node) ([]byte, error) {
	if n.kind == float {
		b, err := r.take(4)
		if err != nil {
			return dst, err
		}
		return appendFloat(dst, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 32), nil
	}
	b, err := r.take(8)
	if err != nil {
		return dst, err
	}
	return appendFloat(dst, math.Float64frombits(binary.LittleEndian.Uint64(b)), 64), nil
}

// What JSON has no numbers for is a string, with the names that protobuf's JSON and Avro's own have.
const (
	notANumber       = "NaN"
	infinity         = "Infinity"
	negativeInfinity = "-Infinity"
)

// appendFloat appends the shortest number that reads back as f in so many bits.
func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, `"`+notANumber+`"`...)
	case math.IsInf(f, 1):
		return append(dst, `"`+infinity+`"`...)
	case math.IsInf(f, -1):
		return append(dst, `"`+negativeInfinity+`"`...)
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, bits)
}
