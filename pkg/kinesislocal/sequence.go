package kinesislocal

import "math/bits"

// sequence is a sequence number taken apart. Written out it is 56 digits, laid out as the service's are, so that numbers
// of one shard grow with its records and a child's are above its parents':
//
//	bits 184-187  2
//	bits 148-183  epoch: the second in which the shard came to be (a child's is above its parents')
//	bits 144-147  the low four bits of the shard's number
//	bits  80-143  index: the record's number in its shard, from 1
//	bits  72-79   0
//	bits  36-71   second: when the record arrived
//	bits   4-35   the shard's number
//	bits   0-3    2, the layout's version
type sequence struct {
	epoch  uint64
	index  uint64
	second uint64
	shard  uint32
}

const (
	sequenceDigits = 56
	maxField36     = 1<<36 - 1
	// lastIndex is the index in a closed shard's EndingSequenceNumber: above that of any record.
	lastIndex = 1<<63 - 1

	tenTo18 = 1_000_000_000_000_000_000
	tenTo19 = 10_000_000_000_000_000_000
)

// compare orders two numbers of one shard.
func (s sequence) compare(t sequence) int {
	switch {
	case s.index != t.index:
		if s.index < t.index {
			return -1
		}
		return 1
	case s.second < t.second:
		return -1
	case s.second > t.second:
		return 1
	}
	return 0
}

func (s sequence) String() string { return string(s.append(make([]byte, 0, sequenceDigits))) }

// append writes s in decimal. It is on the path of every record that is read: three divisions and no allocation.
func (s sequence) append(dst []byte) []byte {
	lo := 2 | uint64(s.shard)<<4 | s.second<<36
	mid := s.second>>28 | s.index<<16
	hi := s.index>>48 | uint64(s.shard&0xf)<<16 | s.epoch<<20 | 2<<56

	q1, r := bits.Div64(hi, mid, tenTo19)
	q0, low := bits.Div64(r, lo, tenTo19)
	top, middle := bits.Div64(q1, q0, tenTo19)

	n := len(dst)
	dst = append(dst, "00000000000000000000000000000000000000000000000000000000"...)
	putDigits(dst[n:n+18], top)
	putDigits(dst[n+18:n+37], middle)
	putDigits(dst[n+37:n+56], low)
	return dst
}

// putDigits writes v right-aligned over dst, whose bytes are '0'.
func putDigits(dst []byte, v uint64) {
	for i := len(dst) - 1; v > 0; i-- {
		q := v / 10
		dst[i] = byte('0' + v - q*10)
		v = q
	}
}

// parseSequence reads what String wrote; ok is false for anything else.
func parseSequence(text string) (s sequence, ok bool) {
	if len(text) != sequenceDigits {
		return s, false
	}
	top, ok1 := digits(text[:18])
	middle, ok2 := digits(text[18:37])
	low, ok3 := digits(text[37:])
	if !ok1 || !ok2 || !ok3 {
		return s, false
	}
	mid, lo := bits.Mul64(top, tenTo19)
	lo, carry := bits.Add64(lo, middle, 0)
	mid += carry
	h1, l1 := bits.Mul64(lo, tenTo19)
	h2, l2 := bits.Mul64(mid, tenTo19)
	lo, carry = bits.Add64(l1, low, 0)
	mid, carry = bits.Add64(l2, h1, carry)
	hi := h2 + carry

	s = sequence{
		epoch:  hi >> 20 & maxField36,
		index:  hi<<48 | mid>>16,
		second: mid<<28&maxField36 | lo>>36,
		shard:  uint32(lo >> 4),
	}
	ok = hi>>56 == 2 && lo&0xf == 2 && mid>>8&0xff == 0 && hi>>16&0xf == uint64(s.shard&0xf) && s.index <= lastIndex
	return s, ok
}

func digits(text string) (v uint64, ok bool) {
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + uint64(c-'0')
	}
	return v, true
}
