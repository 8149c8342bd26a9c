package kinesislocal

import (
	"crypto/md5"
	"encoding/binary"
	"math/big"
	"math/bits"
)

// hashKey is a place in the range over which shards are spread: 128 bits, unsigned.
type hashKey struct{ hi, lo uint64 }

var maxHashKey = hashKey{1<<64 - 1, 1<<64 - 1}

// hashOf returns the place of a partition key: its MD5, read as a number.
func hashOf(key string) hashKey {
	sum := md5.Sum([]byte(key))
	return hashKey{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:])}
}

// parseHashKey reads decimal digits without leading zeros; ok is false for anything else and for more than 128 bits.
func parseHashKey(text string) (k hashKey, ok bool) {
	if text == "" || len(text) > 39 || text[0] == '0' && len(text) > 1 {
		return k, false
	}
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return k, false
		}
		var carry, over uint64
		hi, lo := bits.Mul64(k.lo, 10)
		lo, carry = bits.Add64(lo, uint64(c-'0'), 0)
		over, k.hi = bits.Mul64(k.hi, 10)
		k.hi, carry = bits.Add64(k.hi, hi, carry)
		if k.lo = lo; over+carry > 0 {
			return k, false
		}
	}
	return k, true
}

func (k hashKey) less(l hashKey) bool { return k.hi < l.hi || k.hi == l.hi && k.lo < l.lo }

func (k hashKey) next() hashKey {
	lo, carry := bits.Add64(k.lo, 1, 0)
	return hashKey{k.hi + carry, lo}
}

func (k hashKey) previous() hashKey {
	lo, borrow := bits.Sub64(k.lo, 1, 0)
	return hashKey{k.hi - borrow, lo}
}

func (k hashKey) big() *big.Int {
	n := new(big.Int).SetUint64(k.hi)
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(k.lo))
}

func (k hashKey) String() string { return k.big().String() }

// middle returns where a range splits in two halves: the second half's start.
func middle(lo, hi hashKey) hashKey {
	low, borrow := bits.Sub64(hi.lo, lo.lo, 0)
	high, _ := bits.Sub64(hi.hi, lo.hi, borrow)
	half := hashKey{high >> 1, high<<63 | low>>1}
	sum, carry := bits.Add64(lo.lo, half.lo, 0)
	return hashKey{lo.hi + half.hi + carry, sum}.next()
}

// boundaries returns the starts of n ranges of equal size, the first of them 0; the last takes the remainder, as the
// service's does.
func boundaries(n int) []hashKey {
	size := new(big.Int).Lsh(big.NewInt(1), 128)
	size.Div(size, big.NewInt(int64(n)))
	starts := make([]hashKey, n)
	at, word := new(big.Int), new(big.Int)
	for i := range starts {
		starts[i] = hashKey{word.Rsh(at, 64).Uint64(), low64(at)}
		at.Add(at, size)
	}
	return starts
}

func low64(n *big.Int) uint64 {
	return new(big.Int).And(n, new(big.Int).SetUint64(1<<64-1)).Uint64()
}
