package window

import (
	"math"
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

// big returns i in full.
func (i int128) big() *big.Int {
	n := big.NewInt(i.high)
	low := new(big.Int).SetUint64(i.low)
	return n.Add(n.Lsh(n, 64), low)
}

// ratio returns num/den as the nearest float64; ok is false where that is beyond their range.
func ratio(num *big.Rat, den int64) (f float64, ok bool) {
	q := new(big.Rat).Quo(num, new(big.Rat).SetInt64(den))
	f, _ = q.Float64()
	return f, !math.IsInf(f, 0)
}
