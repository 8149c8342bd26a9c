package cbor

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/literal"
)

// The tags that are read as what they mean (RFC 8949, section 3.4).
const (
	tagTimeText    = 0
	tagTimeNumber  = 1
	tagBignum      = 2
	tagNegative    = 3 // a bignum
	tagDecimal     = 4
	maxBignum      = 1024 // bytes: 2,467 digits. Making digits takes time that grows faster than their number
	maxDecimalZero = 40   // zeros that a decimal fraction is written with before it is written with an exponent
)

// tagged reads what stands behind a tag that begins at.
func (r *reader) tagged(at int, tag uint64, depth int) {
	if tag > tagDecimal {
		r.value(depth)
		return
	}
	if r.mute { // these are rare: they are made, for they may fail, and thrown away
		from := len(r.dst)
		r.mute = false
		defer func() { r.dst, r.mute = r.dst[:from], true }()
	}
	switch tag {
	case tagTimeText:
		r.timeText(at)
	case tagTimeNumber:
		r.timeNumber(at)
	case tagBignum, tagNegative:
		if n := r.bignum(at, tag); n != nil {
			r.dst = n.Append(r.dst, 10)
		}
	case tagDecimal:
		r.decimal(at)
	}
}

// timeText reads a time in RFC 3339, which is moved to UTC.
func (r *reader) timeText(at int) {
	h := r.head()
	if r.err != nil {
		return
	}
	if h.major != majorText {
		r.fail(at, "a time that is no text")
		return
	}
	p := r.bytes(h)
	if r.err != nil {
		return
	}
	t, err := time.Parse(time.RFC3339Nano, string(p))
	ok := err == nil
	if ok {
		r.dst, ok = literal.AppendTime(r.dst, t.Unix(), int64(t.Nanosecond()))
	}
	if !ok { // some write dates and the like: what it says is still worth more than the error
		r.dst = format.AppendString(r.dst, p)
	}
}

// timeNumber reads seconds since 1970, an integer or a float.
func (r *reader) timeNumber(at int) {
	h := r.head()
	var seconds, nanos int64
	var ok bool
	switch {
	case r.err != nil:
		return
	case h.major == majorUnsigned:
		seconds, ok = int64(h.n), h.n <= math.MaxInt64
	case h.major == majorNegative:
		seconds, ok = -1-int64(h.n), h.n <= math.MaxInt64
	case h.major == majorSimple && h.info >= 25:
		seconds, nanos, ok = fromFloat(h)
	default:
		r.fail(at, "a time that is no number")
		return
	}
	if ok {
		r.dst, ok = literal.AppendTime(r.dst, seconds, nanos)
	}
	if !ok {
		r.fail(at, "a time beyond what RFC 3339 can write")
	}
}

// fromFloat splits seconds in a float, to the microsecond: a float64 of today's times holds no more.
func fromFloat(h head) (seconds, nanos int64, ok bool) {
	f := math.Float64frombits(h.n)
	switch h.info {
	case 25:
		f = half(uint16(h.n))
	case 26:
		f = float64(math.Float32frombits(uint32(h.n)))
	}
	if !(math.Abs(f) < 1e12) { // beyond the year 9999, or no number
		return 0, 0, false
	}
	whole := math.Floor(f)
	micros := int64(math.Round((f - whole) * 1e6))
	return int64(whole) + micros/1e6, micros % 1e6 * 1000, true
}

// bignum reads an integer of any size, nil after a fault.
func (r *reader) bignum(at int, tag uint64) *big.Int {
	h := r.head()
	if r.err != nil {
		return nil
	}
	if h.major != majorBytes {
		r.fail(at, "a bignum that is no byte string")
		return nil
	}
	p := r.bytes(h)
	if len(p) > maxBignum {
		r.fail(at, "a bignum of more than 1024 bytes")
	}
	if r.err != nil {
		return nil
	}
	n := new(big.Int).SetBytes(p)
	if tag == tagNegative {
		n.Not(n) // -1-n
	}
	return n
}

// decimal reads an exponent of ten and a mantissa, and writes the number that they are.
func (r *reader) decimal(at int) {
	const problem = "a decimal fraction that is not an exponent and a mantissa"
	if h := r.head(); r.err == nil && (h.major != majorArray || h.indefinite || h.n != 2) {
		r.fail(at, problem)
	}
	h := r.head()
	exponent, ok := h.int()
	if r.err == nil && !ok {
		r.fail(at, problem)
	}
	from := len(r.dst)
	switch h := r.head(); {
	case r.err != nil:
	case h.major == majorUnsigned:
		r.unsigned(h.n)
	case h.major == majorNegative:
		r.negative(h.n)
	case h.major == majorTag && (h.n == tagBignum || h.n == tagNegative):
		if n := r.bignum(at, h.n); n != nil {
			r.dst = n.Append(r.dst, 10)
		}
	default:
		r.fail(at, problem)
	}
	if r.err == nil {
		r.dst = shift(r.dst, from, exponent)
	}
}

// int returns the integer that the head is, if it is one that fits.
func (h head) int() (int64, bool) {
	switch {
	case h.n > math.MaxInt64:
	case h.major == majorUnsigned:
		return int64(h.n), true
	case h.major == majorNegative:
		return -1 - int64(h.n), true
	}
	return 0, false
}

// shift moves the point of the integer dst[from:] by so many places: with digits where those are few, else with an
// exponent.
func shift(dst []byte, from int, exponent int64) []byte {
	digits := from
	if dst[from] == '-' {
		digits++
	}
	n := int64(len(dst) - digits)
	switch {
	case exponent == 0 || n == 1 && dst[digits] == '0' && exponent > 0:
	case exponent > 0 || exponent < -n-maxDecimalZero:
		dst = strconv.AppendInt(append(dst, 'e'), exponent, 10)
	case -exponent < n:
		dst = slices.Insert(dst, len(dst)+int(exponent), '.')
	default:
		zeros := slices.Repeat([]byte{'0'}, int(-exponent-n)+2)
		zeros[1] = '.'
		dst = slices.Insert(dst, digits, zeros...)
	}
	return dst
}
