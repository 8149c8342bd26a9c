package expression

import (
	"math"
	"math/bits"
)

// operation is arithmetic on two numbers: on integers where both are, and ok is false where the result does not fit 64
// bits.
type operation struct {
	sign   string
	ints   func(a, b int64) (n int64, ok bool)
	floats func(a, b float64) float64
}

var (
	add = &operation{"+", func(a, b int64) (int64, bool) {
		n := a + b
		return n, (n > a) == (b > 0)
	}, func(a, b float64) float64 { return a + b }}
	subtract = &operation{"-", func(a, b int64) (int64, bool) {
		n := a - b
		return n, (n < a) == (b > 0)
	}, func(a, b float64) float64 { return a - b }}
	multiply = &operation{"*", product, func(a, b float64) float64 { return a * b }}
	power    = &operation{"**", powerOf, math.Pow}
)

func product(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	if hi != 0 || lo > 1<<63 || lo == 1<<63 && !negative {
		return 0, false
	}
	if negative {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func powerOf(a, b int64) (n int64, ok bool) {
	if n = 1; a == 0 || a == 1 {
		if b > 0 {
			return a, true
		}
		return n, true
	}
	if a == -1 {
		return 1 - 2*(b&1), true
	}
	for ok = true; b > 0 && ok; b-- {
		n, ok = product(n, a)
	}
	return n, ok
}
