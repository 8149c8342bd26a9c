package window

import (
	"math"

	"github.com/DataDog/sketches-go/ddsketch/mapping"
)

// sketchError is how far a quantile of a sketch may be from the exact one, as a part of it.
const sketchError = 0.01

// scale gives the index of a number's bin. It is part of the state's format. Of the library the mapping is taken, which makes
// the sketch what it is, and not the stores: they count in floats and can't say what memory they take.
var scale = newScale()

func newScale() *mapping.CubicallyInterpolatedMapping {
	m, err := mapping.NewCubicallyInterpolatedMapping(sketchError)
	if err != nil {
		panic(err) // it says that the error must be between 0 and 1
	}
	return m
}

// sketch is a DDSketch: it counts how many numbers fell into each bin of a scale whose bins grow with the numbers. What is too
// small for the scale, below 2.3e-308, counts as zero.
type sketch struct {
	positive, negative bins
	zeros              int64
	least, greatest    float64
}

func newSketch() *sketch { return &sketch{least: math.Inf(1), greatest: math.Inf(-1)} }

func (s *sketch) add(f float64) {
	switch smallest := scale.MinIndexableValue(); {
	case f > smallest:
		s.positive.add(int32(scale.Index(f)), 1)
	case f < -smallest:
		s.negative.add(int32(scale.Index(-f)), 1)
	default:
		s.zeros++
	}
	s.least, s.greatest = min(s.least, f), max(s.greatest, f)
}

func (s *sketch) merge(o *sketch) {
	s.positive.merge(&o.positive)
	s.negative.merge(&o.negative)
	s.zeros += o.zeros
	s.least, s.greatest = min(s.least, o.least), max(s.greatest, o.greatest)
}

func (s *sketch) count() int64 { return s.negative.total + s.zeros + s.positive.total }

// quantile returns about the number at the rank of q of those that were added; there must be one.
func (s *sketch) quantile(q float64) float64 {
	rank := rankOf(q, s.count())
	switch rank {
	case 0:
		return s.least
	case s.count() - 1:
		return s.greatest
	}
	return min(max(s.at(rank), s.least), s.greatest)
}

// rankOf returns the rank, counted from 0, of the least of n numbers that at least a part q of them does not exceed: SQL's
// PERCENTILE_DISC.
func rankOf(q float64, n int64) int64 {
	const rounding = 1e-9 // of q times n: 0.07 of 100 is 7, not the eighth
	return min(max(int64(math.Ceil(q*float64(n)-rounding))-1, 0), n-1)
}

// at returns the middle of the bin that holds the number at a rank.
func (s *sketch) at(rank int64) float64 {
	if rank < s.negative.total {
		return -scale.Value(int(s.negative.at(s.negative.total - 1 - rank)))
	}
	if rank -= s.negative.total; rank < s.zeros {
		return 0
	}
	return scale.Value(int(s.positive.at(rank - s.zeros)))
}

func (s *sketch) append(dst []byte) []byte {
	dst = appendFloat(appendFloat(dst, s.least), s.greatest)
	return s.negative.append(s.positive.append(appendCount(dst, s.zeros)))
}

// readSketch reads what append wrote.
func readSketch(r *reader) *sketch {
	first, last := int32(scale.Index(scale.MinIndexableValue())), int32(scale.Index(scale.MaxIndexableValue()))
	s := &sketch{least: r.finite(), greatest: r.finite(), zeros: r.count()}
	s.positive, s.negative = readBins(r, first, last), readBins(r, first, last)
	if s.positive.total > math.MaxInt64-s.negative.total || s.count() <= 0 || s.least > s.greatest {
		r.fail()
	}
	return s
}

func (s *sketch) size() int { return 144 + s.positive.size() + s.negative.size() }
