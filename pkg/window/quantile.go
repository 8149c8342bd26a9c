package window

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// quantileExact is up to how many numbers a quantile is exact: most keys of most windows have fewer, and so many take no more
// memory than their sketch.
const quantileExact = 64

// quantileRoom is how many numbers there is room for at the first: growing from one, most keys would allocate three times.
const quantileRoom = 4

const quantileDoc = "It is one of the values (SQL's PERCENTILE_DISC); nil if there is no x. It is exact up to 64 records, beyond that within 1 % of " +
	"the exact one (DDSketch); the least and the greatest always are exact. Integers beyond 2^53 are rounded to floats."

var quantileFunction = &Function{
	Name:    "quantile",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "q", Kind: Number}},
	Example: "p99 = quantile(latency_ms, 0.99)",
	Doc:     "The least x that a part q of them does not exceed, q from 0 to 1. " + quantileDoc,
	New: func(args Args) (Aggregate, error) {
		q, err := args.number("q", "0.99")
		if err != nil {
			return nil, err
		}
		if q > 1 && q <= 100 {
			return nil, fmt.Errorf("q is a part from 0 to 1: for %v %% write %v", q, q/100)
		}
		if !(q >= 0 && q <= 1) {
			return nil, errors.New("q must be from 0 to 1, such as 0.99")
		}
		return quantileAt("quantile", q), nil
	},
}

var medianFunction = &Function{
	Name:    "median",
	Params:  justX,
	Example: "typical = median(latency_ms)",
	Doc:     "quantile(x, 0.5): the least x that half of them does not exceed. " + quantileDoc,
	New:     fixed(quantileAt("median", 0.5)),
}

func quantileAt(name string, q float64) *call {
	number := numbers(name)
	return &call{
		fresh: func() Accumulator { return &quantile{q: q} },
		load:  func(r *reader) Accumulator { return readQuantile(r, q) },
		accepts: func(in *Input) error {
			if f, _ := in.Value.Float(); max(f, -f) > scale.MaxIndexableValue() && finite(&in.Value) {
				return fmt.Errorf("%s counts numbers up to %.3g", name, scale.MaxIndexableValue())
			}
			return number(in)
		},
	}
}

// quantile holds the numbers themselves, and a sketch of them once they are too many. Which of the two it is depends on how
// many they are only.
type quantile struct {
	few  []float64 // in any order
	many *sketch
	q    float64
}

func (q *quantile) Add(in *Input) {
	if f, ok := in.Value.Float(); ok {
		q.see(f)
	}
}

func (q *quantile) see(f float64) {
	if f == 0 {
		f = 0 // -0 is not told apart
	}
	if q.many != nil {
		q.many.add(f)
		return
	}
	if q.few == nil {
		q.few = make([]float64, 0, quantileRoom)
	}
	if q.few = append(q.few, f); len(q.few) > quantileExact {
		q.sketch()
	}
}

// sketch moves on to the sketch.
func (q *quantile) sketch() {
	q.many = newSketch()
	for _, f := range q.few {
		q.many.add(f)
	}
	q.few = nil
}

func (q *quantile) Merge(other Accumulator) {
	o := other.(*quantile)
	if o.many == nil {
		for _, f := range o.few {
			q.see(f)
		}
		return
	}
	if q.many == nil {
		q.sketch()
	}
	q.many.merge(o.many)
}

func (q *quantile) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	if q.many != nil {
		return record.FloatValue(q.many.quantile(q.q)), dst, nil
	}
	if len(q.few) == 0 {
		return null, dst, nil
	}
	slices.Sort(q.few)
	return record.FloatValue(q.few[rankOf(q.q, int64(len(q.few)))]), dst, nil
}

// Append writes the numbers, sorted, behind how many they are and one; or 0 and the sketch.
func (q *quantile) Append(dst []byte) []byte {
	dst = append(dst, version)
	if q.many != nil {
		return q.many.append(append(dst, 0))
	}
	dst = appendCount(dst, int64(len(q.few))+1)
	slices.Sort(q.few)
	for _, f := range q.few {
		dst = appendFloat(dst, f)
	}
	return dst
}

func readQuantile(r *reader, at float64) *quantile {
	q := &quantile{q: at}
	n := r.uvarint()
	if n == 0 {
		q.many = readSketch(r)
		return q
	}
	if n-1 > quantileExact {
		r.fail()
	}
	for ; n > 1 && !r.damaged; n-- {
		q.see(r.finite())
	}
	return q
}

func (q *quantile) Size() int {
	if q.many != nil {
		return 40 + q.many.size()
	}
	return 40 + 8*cap(q.few)
}
