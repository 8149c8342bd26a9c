package window

import (
	"math"
	"math/big"
)

// scaled is the number n * 2^exponent, of any size and without rounding. It is what exact sums become when a window closes.
type scaled struct {
	n        *big.Int
	exponent int
}

// minus returns s - o.
func (s scaled) minus(o scaled) scaled {
	least := min(s.exponent, o.exponent)
	a, b := s.at(least), o.at(least)
	return scaled{n: a.Sub(a, b), exponent: least}
}

// at returns what times 2^exponent is s; exponent is at most that of s.
func (s scaled) at(exponent int) *big.Int {
	return new(big.Int).Lsh(s.n, uint(s.exponent-exponent))
}

// times returns s * factor.
func (s scaled) times(factor *big.Int) scaled {
	return scaled{n: new(big.Int).Mul(s.n, factor), exponent: s.exponent}
}

// through returns s / div, div above 0, as the nearest float64; ok is false where that is beyond their range.
func (s scaled) through(div *big.Int) (f float64, ok bool) {
	q, exponent, whole := s.quotient(div, 64, 1)
	return nearest(q, exponent, whole)
}

// rootThrough returns the square root of s / div, as through does; s is not below 0.
func (s scaled) rootThrough(div *big.Int) (f float64, ok bool) {
	q, exponent, whole := s.quotient(div, 128, 2)
	root := new(big.Int).Sqrt(q)
	whole = whole && new(big.Int).Mul(root, root).Cmp(q) == 0
	return nearest(root, exponent/2, whole)
}

// quotient returns q * 2^exponent, which is s / div cut to at least so many bits, and whether nothing was cut off. The
// exponent is a multiple of step.
func (s scaled) quotient(div *big.Int, bits, step int) (q *big.Int, exponent int, whole bool) {
	shift := max(0, bits+1+div.BitLen()-s.n.BitLen())
	for (s.exponent-shift)%step != 0 {
		shift++
	}
	q, rest := new(big.Int).Lsh(s.n, uint(shift)), new(big.Int)
	q.QuoRem(q, div, rest)
	return q, s.exponent - shift, rest.Sign() == 0
}

// nearest rounds q * 2^exponent, of which something was cut off unless it is whole, to the nearest float64, the even one of
// two. What was cut off matters only where the rest is just between two: one more bit says so.
func nearest(q *big.Int, exponent int, whole bool) (f float64, ok bool) {
	if !whole {
		bit := big.NewInt(int64(2*max(0, q.Sign()) - 1))
		q.Add(q.Lsh(q, 1), bit)
		exponent--
	}
	exact := new(big.Float).SetInt(q)
	f, _ = exact.SetMantExp(exact, exponent).Float64()
	return f, !math.IsInf(f, 0)
}
