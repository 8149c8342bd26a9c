package window

import (
	"math/big"
	"math/bits"
)

// int128 is a sum of 64-bit integers in two's complement: 2^63 of them can't overflow it.
type int128 struct {
	high int64
	low  uint64
}

// wide returns n in 128 bits.
func wide(n int64) int128 { return int128{high: n >> 63, low: uint64(n)} }

func (i *int128) add(j int128) {
	low, carry := bits.Add64(i.low, j.low, 0)
	i.low, i.high = low, i.high+j.high+int64(carry)
}

// int64 returns i if 64 bits hold it.
func (i int128) int64() (n int64, ok bool) {
	n = int64(i.low)
	return n, i.high == n>>63
}

// float returns i if a float64 surely holds it exactly.
func (i int128) float() (f float64, ok bool) {
	n, ok := i.int64()
	return float64(n), ok && -1<<53 <= n && n <= 1<<53
}

// magnitude returns |i| as the two halves of an unsigned number.
func (i int128) magnitude() (high, low uint64) {
	if i.high >= 0 {
		return uint64(i.high), i.low
	}
	low, borrow := bits.Sub64(0, i.low, 0)
	high, _ = bits.Sub64(0, uint64(i.high), borrow)
	return high, low
}

// big returns i in full.
func (i int128) big() *big.Int {
	n := big.NewInt(i.high)
	low := new(big.Int).SetUint64(i.low)
	return n.Add(n.Lsh(n, 64), low)
}
