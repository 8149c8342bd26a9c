package protobuf

import (
	"bytes"
	"math"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// whole is an integer: its size and its sign.
type whole struct {
	size     uint64
	negative bool
}

// bits returns the integer in two's complement.
func (n whole) bits() uint64 {
	if n.negative {
		return -n.size
	}
	return n.size
}

// outside reports whether n is above most, or below 0 by more than least.
func (n whole) outside(most, least uint64) bool {
	return n.negative && n.size > least || !n.negative && n.size > most
}

// parseInteger reads an integer that fits f.
func parseInteger(f *field, text []byte) (uint64, *Fault) {
	n, fault := wholeNumber(text)
	if fault != nil {
		return 0, fault
	}
	var out bool
	switch f.kind {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		out = n.outside(math.MaxInt32, 1<<31)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		out = n.outside(math.MaxUint32, 0)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		out = n.outside(math.MaxUint64, 0)
	default:
		out = n.outside(math.MaxInt64, 1<<63)
	}
	if out {
		return 0, wrong("the number does not fit %s", f.kind)
	}
	return n.bits(), nil
}

// wholeNumber reads a JSON number that is an integer, however it is written: 5, 5.0 and 0.5e1 are one.
func wholeNumber(text []byte) (n whole, fault *Fault) {
	d, ok := parseDigits(text)
	if !ok {
		return n, wrong("wants an integer, and has what is no number")
	}
	n.negative = d.negative
	for _, c := range d.whole {
		digit := uint64(c - '0')
		if n.size > (math.MaxUint64-digit)/10 {
			return n, wrong("the number goes beyond 64 bits")
		}
		n.size = n.size*10 + digit
	}
	exponent := d.exponent
	for len(d.fraction) > 0 && exponent > 0 {
		digit := uint64(d.fraction[0] - '0')
		if n.size > (math.MaxUint64-digit)/10 {
			return n, wrong("the number goes beyond 64 bits")
		}
		n.size = n.size*10 + digit
		d.fraction = d.fraction[1:]
		exponent--
	}
	if len(d.fraction) > 0 {
		return n, wrong("wants an integer, and the number has a fraction")
	}
	return scaled(n, exponent)
}

func scaled(n whole, exponent int) (whole, *Fault) {
	if n.size == 0 {
		return n, nil
	}
	for ; exponent > 0; exponent-- {
		if n.size > math.MaxUint64/10 {
			return n, wrong("the number goes beyond 64 bits")
		}
		n.size *= 10
	}
	for ; exponent < 0; exponent++ {
		if n.size%10 != 0 {
			return n, wrong("wants an integer, and the number has a fraction")
		}
		n.size /= 10
	}
	return n, nil
}

// digits are the parts of a JSON number. The fraction ends without zeros.
type digits struct {
	negative        bool
	whole, fraction []byte
	exponent        int // kept within ±1e6, which is beyond every number that is looked at
}

func parseDigits(text []byte) (d digits, ok bool) {
	if len(text) > 0 && text[0] == '-' {
		d.negative, text = true, text[1:]
	}
	d.whole, text = leading(text)
	if len(d.whole) == 0 || len(d.whole) > 1 && d.whole[0] == '0' {
		return d, false
	}
	if len(text) > 0 && text[0] == '.' {
		if d.fraction, text = leading(text[1:]); len(d.fraction) == 0 {
			return d, false
		}
		d.fraction = bytes.TrimRight(d.fraction, "0")
	}
	if len(text) == 0 {
		return d, true
	}
	if text[0]|0x20 != 'e' {
		return d, false
	}
	text = text[1:]
	down := len(text) > 0 && text[0] == '-'
	if down || len(text) > 0 && text[0] == '+' {
		text = text[1:]
	}
	exponent, rest := leading(text)
	for _, c := range exponent {
		d.exponent = min(d.exponent*10+int(c-'0'), 1e6)
	}
	if down {
		d.exponent = -d.exponent
	}
	return d, len(exponent) > 0 && len(rest) == 0
}

func leading(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}
