package window

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// exact is a sum of floats, or of squares of floats, without any rounding, so that it does not depend on their order. It is
// one long fixed-point number in two's complement: limb i counts multiples of 2^(64*(low+i)). Only the limbs that the inputs
// have reached are there, three or four for numbers of a like size. The zero value is 0.
//
// The topmost limb takes carries and the sign and nothing else, so that 2^63 additions can't overflow it.
type exact struct {
	limbs []uint64
	low   int
}

// What a float64 and its square can reach: bits from 2^-2148 up to 2^2048, a limb of carries on top.
const (
	lowestLimb  = -34
	highestLimb = 33
)

// addFloat adds a finite f.
func (e *exact) addFloat(f float64) {
	m, exponent := mantissa(f)
	e.add(0, m, exponent, f < 0)
}

// addSquare adds the square of a finite f, which no float64 holds in general.
func (e *exact) addSquare(f float64) {
	m, exponent := mantissa(f)
	high, low := bits.Mul64(m, m)
	e.add(high, low, 2*exponent, false)
}

// mantissa returns |f| = m * 2^exponent.
func mantissa(f float64) (m uint64, exponent int) {
	b := math.Float64bits(f)
	m, exponent = b&(1<<52-1), int(b>>52&0x7ff)
	if exponent == 0 {
		return m, -1074
	}
	return m | 1<<52, exponent - 1075
}

// add adds the 128 bits of high and low, times 2^exponent, or subtracts them.
func (e *exact) add(high, low uint64, exponent int, negative bool) {
	place, shift := exponent>>6, uint(exponent&63)
	// Shifting by 64 bits gives 0, as it should.
	words := [3]uint64{low << shift, low>>(64-shift) | high<<shift, high >> (64 - shift)}
	n := 3
	for n > 0 && words[n-1] == 0 {
		n--
	}
	first := 0
	for first < n && words[first] == 0 {
		first++
	}
	if first == n {
		return
	}
	e.reach(place+first, place+n)
	limbs := e.limbs[place+first-e.low:]
	if negative {
		subtractWords(limbs, words[first:n])
	} else {
		addWords(limbs, words[first:n])
	}
}

func addWords(limbs, words []uint64) {
	var carry uint64
	for i, w := range words {
		limbs[i], carry = bits.Add64(limbs[i], w, carry)
	}
	for i := len(words); carry != 0 && i < len(limbs); i++ {
		limbs[i], carry = bits.Add64(limbs[i], 0, carry)
	}
}

func subtractWords(limbs, words []uint64) {
	var borrow uint64
	for i, w := range words {
		limbs[i], borrow = bits.Sub64(limbs[i], w, borrow)
	}
	for i := len(words); borrow != 0 && i < len(limbs); i++ {
		limbs[i], borrow = bits.Sub64(limbs[i], 0, borrow)
	}
}

// reach makes room for limbs from place from up to to, and for one that takes the carries.
func (e *exact) reach(from, to int) {
	top := e.low + len(e.limbs)
	if len(e.limbs) > 0 && e.low <= from && to < top {
		return
	}
	if len(e.limbs) == 0 {
		e.low, top = from, from
	}
	low, high := min(e.low, from), max(top, to+1)
	limbs := make([]uint64, high-low)
	copy(limbs[e.low-low:], e.limbs)
	if e.negative() {
		for i := top - low; i < len(limbs); i++ {
			limbs[i] = math.MaxUint64
		}
	}
	e.limbs, e.low = limbs, low
}

func (e *exact) negative() bool {
	return len(e.limbs) > 0 && int64(e.limbs[len(e.limbs)-1]) < 0
}

// merge adds o.
func (e *exact) merge(o *exact) {
	if len(o.limbs) == 0 {
		return
	}
	e.reach(o.low, o.low+len(o.limbs))
	limbs := e.limbs[o.low-e.low:]
	addWords(limbs, o.limbs)
	if o.negative() { // its sign goes on through the limbs above
		subtractWords(limbs[len(o.limbs):], []uint64{1})
	}
}

// scaled returns the sum in full.
func (e *exact) scaled() scaled {
	limbs := slices.Clone(e.limbs)
	negative := e.negative()
	if negative {
		clear(limbs)
		subtractWords(limbs, e.limbs)
	}
	bytes := make([]byte, 0, 8*len(limbs))
	for _, limb := range slices.Backward(limbs) {
		bytes = binary.BigEndian.AppendUint64(bytes, limb)
	}
	n := new(big.Int).SetBytes(bytes)
	if negative {
		n.Neg(n)
	}
	return scaled{n: n, exponent: 64 * e.low}
}

// append appends the binary form: the lowest place, how many limbs, and these; those that say nothing are left out.
func (e *exact) append(dst []byte) []byte {
	limbs, low := e.limbs, e.low
	for len(limbs) > 1 && limbs[len(limbs)-1] == uint64(int64(limbs[len(limbs)-2])>>63) {
		limbs = limbs[:len(limbs)-1]
	}
	for len(limbs) > 0 && limbs[0] == 0 {
		limbs, low = limbs[1:], low+1
	}
	if len(limbs) == 0 {
		low = 0
	}
	dst = binary.AppendVarint(dst, int64(low))
	dst = binary.AppendUvarint(dst, uint64(len(limbs)))
	for _, limb := range limbs {
		dst = binary.BigEndian.AppendUint64(dst, limb)
	}
	return dst
}

// readExact reads what append wrote.
func readExact(r *reader) exact {
	low, n := r.varint(), r.length(8)
	if low < lowestLimb || low+int64(n) > highestLimb+1 || n > highestLimb+1-lowestLimb {
		r.fail()
		return exact{}
	}
	e := exact{}
	for range n {
		e.limbs = append(e.limbs, r.uint64())
	}
	if n > 0 {
		e.low = int(low)
	}
	return e
}

func (e *exact) size() int { return 8 * cap(e.limbs) }
