package window

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/kstream/kstream/pkg/record"
)

const sampleDoc = "It is that of a sample (n-1 below the line), as SQL's; nil for fewer than two. " +
	"It is computed exactly and rounded once, whatever the order of records."

var stddevFunction = &Function{
	Name:    "stddev",
	Params:  justX,
	Example: "jitter = stddev(latency_ms)",
	Doc:     "The standard deviation of x. " + sampleDoc,
	New:     fixed(spreading("stddev", rootOf)),
}

var varianceFunction = &Function{
	Name:    "variance",
	Params:  justX,
	Example: "spread = variance(latency_ms)",
	Doc:     "The variance of x. " + sampleDoc,
	New: fixed(spreading("variance", func(variance *big.Rat) float64 {
		f, _ := variance.Float64()
		return f
	})),
}

// rootOf returns the square root. Its 200 bits before the one rounding are more than any two neighbouring floats need.
func rootOf(variance *big.Rat) float64 {
	wide := new(big.Float).SetPrec(200).SetRat(variance)
	f, _ := wide.Sqrt(wide).Float64()
	return f
}

// spreading returns an aggregate whose result is made of the exact variance.
func spreading(name string, finish func(variance *big.Rat) float64) *call {
	return &call{
		fresh: func() Accumulator { return &spread{name: name, finish: finish} },
		load: func(r *reader) Accumulator {
			return &spread{name: name, finish: finish, total: readTotal(r), squares: readExact(r)}
		},
		accepts: numbers(name),
	}
}

// spread holds the exact sums of x and of its squares. The usual ways of one pass (Welford's) round at each step, and so
// depend on the order.
type spread struct {
	total
	squares exact
	finish  func(variance *big.Rat) float64
	name    string
}

func (s *spread) Add(in *Input) {
	s.add(&in.Value)
	if n, ok := in.Value.Int(); ok {
		m := uint64(max(n, -n)) // -n is n for the least integer, and right as unsigned
		high, low := bits.Mul64(m, m)
		s.squares.add(high, low, 0, false)
	} else if f, ok := in.Value.Float(); ok {
		s.squares.addSquare(f)
	}
}

func (s *spread) Merge(other Accumulator) {
	o := other.(*spread)
	s.merge(&o.total)
	s.squares.merge(&o.squares)
}

func (s *spread) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	if s.n < 2 {
		return null, dst, nil
	}
	// (squares - sum*sum/n) / (n-1)
	sum, n := s.rat(), new(big.Rat).SetInt64(s.n)
	square := new(big.Rat).Mul(sum, sum)
	variance := s.squares.rat()
	variance.Sub(variance, square.Quo(square, n))
	variance.Quo(variance, n.SetInt64(s.n-1))
	if variance.Sign() < 0 { // no inputs give that; damaged state may
		return record.Value{}, dst, errDamaged
	}
	f := s.finish(variance)
	if math.IsInf(f, 0) {
		return record.Value{}, dst, errBeyondFloat(s.name)
	}
	return record.FloatValue(f), dst, nil
}

func (s *spread) Append(dst []byte) []byte {
	return s.squares.append(s.append(append(dst, version)))
}

func (s *spread) Size() int { return 56 + s.size() + s.squares.size() }
