package window

import (
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
	New:     fixed(spreading("stddev", scaled.rootThrough)),
}

var varianceFunction = &Function{
	Name:    "variance",
	Params:  justX,
	Example: "spread = variance(latency_ms)",
	Doc:     "The variance of x. " + sampleDoc,
	New:     fixed(spreading("variance", scaled.through)),
}

// spreading returns an aggregate whose result finish makes of the variance, which it gets as two parts of a fraction.
func spreading(name string, finish func(over scaled, under *big.Int) (float64, bool)) *call {
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
	finish  func(over scaled, under *big.Int) (float64, bool)
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
	// (n*squares - sum*sum) / (n*(n-1))
	n, sum := big.NewInt(s.n), s.scaled()
	square := scaled{n: sum.n.Mul(sum.n, sum.n), exponent: 2 * sum.exponent}
	over := s.squares.scaled().times(n).minus(square)
	if over.n.Sign() < 0 { // no inputs give that; damaged state may
		return record.Value{}, dst, errDamaged
	}
	f, ok := s.finish(over, n.Mul(n, big.NewInt(s.n-1)))
	if !ok {
		return record.Value{}, dst, errBeyondFloat(s.name)
	}
	return record.FloatValue(f), dst, nil
}

func (s *spread) Append(dst []byte) []byte {
	return s.squares.append(s.append(append(dst, version)))
}

func (s *spread) Size() int { return 56 + s.size() + s.squares.size() }
