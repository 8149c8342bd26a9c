package cbor

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/literal"
)

// Major types of CBOR (RFC 8949, section 3.1).
const (
	majorUnsigned = iota
	majorNegative
	majorBytes
	majorText
	majorArray
	majorMap
	majorTag
	majorSimple
)

// breakByte ends what has an indefinite length.
const breakByte = 0xff

// head is the head of an item: its major type, and its number or length, or that the length is not known.
type head struct {
	n          uint64
	major      byte
	info       byte // the five bits that tell how n is written
	indefinite bool
}

// head reads the head of an item.
func (r *reader) head() (h head) {
	if r.at >= len(r.in) {
		r.fail(r.at, endsEarly)
		return h
	}
	h.major, h.info = r.in[r.at]>>5, r.in[r.at]&0x1f
	r.at++
	switch {
	case h.info < 24:
		h.n = uint64(h.info)
	case h.info <= 27:
		h.n = number(r.take(1 << (h.info - 24)))
	case h.info == 31 && h.major >= majorBytes && h.major <= majorMap:
		h.indefinite = true
	case h.info == 31 && h.major == majorSimple:
		r.fail(r.at-1, "a break where a value is due")
	default:
		r.fail(r.at-1, "a byte that begins no value")
	}
	return h
}

// take passes n bytes and returns them, nil where there are fewer.
func (r *reader) take(n uint64) []byte {
	if uint64(len(r.in)-r.at) < n {
		r.fail(len(r.in), endsEarly)
		return nil
	}
	p := r.in[r.at : r.at+int(n)]
	r.at += int(n)
	return p
}

func number(p []byte) uint64 {
	switch len(p) {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(p))
	case 4:
		return uint64(binary.BigEndian.Uint32(p))
	case 8:
		return binary.BigEndian.Uint64(p)
	}
	return 0
}

// put writes text, unless the reader is mute.
func (r *reader) put(text string) {
	if !r.mute {
		r.dst = append(r.dst, text...)
	}
}

func (r *reader) unsigned(n uint64) {
	if !r.mute {
		r.dst = strconv.AppendUint(r.dst, n, 10)
	}
}

func (r *reader) float(f float64, bits int) {
	if !r.mute {
		r.dst = literal.AppendFloat(r.dst, f, bits)
	}
}

// negative writes -1-n.
func (r *reader) negative(n uint64) {
	if n == math.MaxUint64 {
		r.put("-18446744073709551616")
		return
	}
	r.put("-")
	r.unsigned(n + 1)
}

// text writes a text or byte string.
func (r *reader) text(h head) {
	p := r.bytes(h)
	switch {
	case r.err != nil || r.mute:
	case h.major == majorText:
		r.dst = format.AppendString(r.dst, p)
	default:
		r.dst = literal.AppendBytes(r.dst, p)
	}
}

// bytes returns what a string holds: a part of the payload, or, where it comes in chunks, the reader's until the next one.
func (r *reader) bytes(h head) []byte {
	if !h.indefinite {
		return r.take(h.n)
	}
	r.chunks = r.chunks[:0]
	for i := uint64(0); r.more(h, i); i++ {
		at := r.at
		chunk := r.head()
		if r.err == nil && (chunk.major != h.major || chunk.indefinite) {
			r.fail(at, "a string in chunks with a chunk that is none of it")
		}
		r.chunks = append(r.chunks, r.take(chunk.n)...)
	}
	return r.chunks
}

// simple writes a float, true, false, null or a simple value.
func (r *reader) simple(at int, h head) {
	switch {
	case h.info == 25:
		r.float(half(uint16(h.n)), 32)
	case h.info == 26:
		r.float(float64(math.Float32frombits(uint32(h.n))), 32)
	case h.info == 27:
		r.float(math.Float64frombits(h.n), 64)
	case h.info == 24 && h.n < 32: // RFC 8949, 3.3: not well-formed
		r.fail(at, "a simple value in two bytes that has one")
	case h.n == 20:
		r.put("false")
	case h.n == 21:
		r.put("true")
	case h.n == 22 || h.n == 23: // null and undefined
		r.put("null")
	default:
		r.unsigned(h.n)
	}
}

// half is the value of a float of 16 bits: a sign, five bits of exponent, ten of fraction.
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&0x1f), float64(bits&0x3ff)
	var f float64
	switch exponent {
	case 0:
		f = math.Ldexp(fraction, -24)
	case 31:
		f = math.Inf(1)
		if fraction != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(fraction+1024, exponent-25)
	}
	if bits>>15 != 0 {
		f = -f
	}
	return f
}
