package avro

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// maxDigits is how many digits a decimal may have: those of maxUnscaled bytes, so that what is written can be read.
const maxDigits = 9_800

// digits is a decimal number: an integer, times ten to the power of exponent.
type digits struct {
	negative bool
	text     []byte // without leading zeros; empty is zero
	exponent int
}

// parseDigits takes a number in JSON's form apart, with a sign of + and leading zeros too, as text has them.
func parseDigits(s []byte) (d digits, ok bool) {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		d.negative, s = s[0] == '-', s[1:]
	}
	if i := bytes.IndexAny(s, "eE"); i >= 0 {
		e, err := strconv.ParseInt(string(s[i+1:]), 10, 32)
		if err != nil {
			return d, false
		}
		d.exponent, s = int(e), s[:i]
	}
	whole, fraction, _ := bytes.Cut(s, []byte("."))
	d.text = append(append(d.text, whole...), fraction...)
	for _, c := range d.text {
		if c < '0' || c > '9' {
			return d, false
		}
	}
	ok = len(d.text) > 0
	d.text, d.exponent = bytes.TrimLeft(d.text, "0"), d.exponent-len(fraction)
	return d, ok
}

// decimal appends a number exactly, or says why it can't.
func (w *writer) decimal(dst []byte, n *node, s []byte) ([]byte, error) {
	d, ok := parseDigits(s)
	if !ok {
		return dst, &FieldError{Problem: "is no decimal number"}
	}
	limit, zeros := maxDigits, 0
	if n.logical == decimal {
		limit, zeros = min(n.precision, maxDigits), d.exponent+n.scale
		if trimmed := bytes.TrimRight(d.text, "0"); zeros < 0 {
			if len(d.text)-len(trimmed) < -zeros && len(trimmed) > 0 {
				return dst, &FieldError{Problem: fmt.Sprintf("has more than %d digits behind the point, which is the schema's scale", n.scale)}
			}
			d.text = d.text[:max(0, len(d.text)+zeros)]
		}
	}
	if len(d.text) == 0 {
		zeros = 0
	}
	if zeros = max(0, zeros); zeros > limit || len(d.text)+zeros > limit {
		return dst, &FieldError{Problem: fmt.Sprintf("has more than %d digits", limit)}
	}
	v := complement(d, zeros)
	switch {
	case n.logical == bigDecimal && -d.exponent > math.MaxInt32:
		return dst, &FieldError{Problem: "has too many digits behind the point"}
	case n.logical == bigDecimal:
		inner := appendLong(appendBytes(nil, v), int64(-d.exponent))
		return appendBytes(dst, inner), nil
	case n.kind == blob:
		return appendBytes(dst, v), nil
	case len(v) > n.size:
		return dst, &FieldError{Problem: fmt.Sprintf("does not fit the %d bytes of %s", n.size, n.what())}
	}
	sign := byte(0)
	if v[0] >= 0x80 {
		sign = 0xff
	}
	for range n.size - len(v) {
		dst = append(dst, sign)
	}
	return append(dst, v...), nil
}

// complement returns the digits with so many zeros behind them as a big-endian integer in two's complement, at least one
// byte.
func complement(d digits, zeros int) []byte {
	if len(d.text)+zeros <= 18 {
		return smallComplement(d, zeros)
	}
	v, _ := new(big.Int).SetString("0"+string(d.text)+string(bytes.Repeat([]byte{'0'}, zeros)), 10)
	if !d.negative || v.Sign() == 0 {
		return v.FillBytes(make([]byte, v.BitLen()/8+1))
	}
	v.Neg(v)
	size := new(big.Int).Not(v).BitLen()/8 + 1
	v.Add(v, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	return v.FillBytes(make([]byte, size))
}

// smallComplement is complement of what fits 64 bits.
func smallComplement(d digits, zeros int) []byte {
	v := int64(0)
	for _, c := range d.text {
		v = v*10 + int64(c-'0')
	}
	for range zeros {
		v *= 10
	}
	if d.negative {
		v = -v
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(v))
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	return b
}
