// Package kpl takes apart and packs the aggregates of the Kinesis Producer Library (KPL): several user records in the
// payload of one Kinesis record.
//
// The layout is F3 89 9A C2, a protobuf message, and the MD5 of that message:
//
//	message AggregatedRecord {
//	  repeated string partition_key_table     = 1;
//	  repeated string explicit_hash_key_table = 2;
//	  repeated Record records                 = 3;
//	}
//	message Record {
//	  required uint64 partition_key_index     = 1;
//	  optional uint64 explicit_hash_key_index = 2;
//	  required bytes  data                    = 3;
//	  repeated Tag    tags                    = 4; // nobody writes or reads them
//	}
//
// What is an aggregate, and which of its records count, is decided as the Kinesis Client Library (KCL) decides it in
// AggregatorUtil, so that both read the same records from one stream; aggregation-format.md of the KPL has the layout.
package kpl

import (
	"crypto/md5"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
)

const (
	magic      = "\xF3\x89\x9A\xC2"
	digestSize = md5.Size
)

// The fields of the two messages.
const (
	fieldKeys      = 1
	fieldHashKeys  = 2
	fieldRecords   = 3
	recordKey      = 1
	recordHashKey  = 2
	recordData     = 3
	maxFieldNumber = 1<<29 - 1
)

// Hash is a hash key of Kinesis: an unsigned number of 128 bits. The zero Hash is the least.
type Hash struct{ Hi, Lo uint64 }

// Compare returns -1, 0 or 1 as h is less than, equal to or greater than g.
func (h Hash) Compare(g Hash) int {
	switch {
	case h == g:
		return 0
	case h.Hi < g.Hi, h.Hi == g.Hi && h.Lo < g.Lo:
		return -1
	}
	return 1
}

// ParseHash reads a hash key in decimal, as explicit hash keys and the ranges of shards are written.
func ParseHash[T ~string | ~[]byte](decimal T) (Hash, error) {
	if len(decimal) == 0 {
		return Hash{}, errors.New("parsing hash key: it is empty")
	}
	var h Hash
	for i := range len(decimal) {
		d := decimal[i] - '0'
		if d > 9 {
			return Hash{}, fmt.Errorf("parsing hash key %q: not a decimal number", decimal)
		}
		over, lo := bits.Mul64(h.Lo, 10)
		far, hi := bits.Mul64(h.Hi, 10)
		lo, carry := bits.Add64(lo, uint64(d), 0)
		hi, carry = bits.Add64(hi, over, carry)
		if far != 0 || carry != 0 {
			return Hash{}, fmt.Errorf("parsing hash key %q: more than 128 bits", decimal)
		}
		h = Hash{hi, lo}
	}
	return h, nil
}

// String returns h in decimal.
func (h Hash) String() string {
	const chunk = 1e19 // the largest power of ten in 64 bits: a Hash has at most three digits to this base
	rest := h.Hi % chunk
	quotient, low := bits.Div64(rest, h.Lo, chunk)
	top, mid := bits.Div64(h.Hi/chunk, quotient, chunk)
	switch {
	case top != 0:
		return fmt.Sprintf("%d%019d%019d", top, mid, low)
	case mid != 0:
		return fmt.Sprintf("%d%019d", mid, low)
	}
	return strconv.FormatUint(low, 10)
}

// HashOf returns what decides the shard of a record: its explicit hash key, or where that is empty the MD5 of its
// partition key.
func HashOf(key, explicit []byte) (Hash, error) {
	if len(explicit) > 0 {
		return ParseHash(explicit)
	}
	sum := md5.Sum(key)
	var h Hash
	for i := range 8 {
		h.Hi, h.Lo = h.Hi<<8|uint64(sum[i]), h.Lo<<8|uint64(sum[8+i])
	}
	return h, nil
}

// Range is the part of the hash keys that a shard takes, both ends included.
type Range struct{ Start, End Hash }

// All is the range of every hash key.
var All = Range{End: Hash{math.MaxUint64, math.MaxUint64}}

// Contains tells whether h lies in r.
func (r Range) Contains(h Hash) bool { return r.Start.Compare(h) <= 0 && h.Compare(r.End) <= 0 }
