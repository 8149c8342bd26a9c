package window

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

var sumFunction = &Function{
	Name:    "sum",
	Params:  justX,
	Example: "bytes = sum(size)",
	Doc: "The sum of x; nil if there is none. Integers give an integer, and an error if it is beyond 64 bits; with a float among " +
		"them the sum is a float, the one nearest to the exact sum, whatever the order of records.",
	New: fixed(&call{
		fresh:   func() Accumulator { return &sum{} },
		load:    func(r *reader) Accumulator { return &sum{total: readTotal(r)} },
		accepts: numbers("sum"),
	}),
}

// total is an exact sum of numbers and how many they were.
type total struct {
	ints   int128
	floats exact
	n      int64 // numbers
	fracts int64 // of these, floats
}

func (t *total) add(v *record.Value) {
	if n, ok := v.Int(); ok {
		t.ints.add(wide(n))
		t.n++
	} else if f, ok := v.Float(); ok {
		t.floats.addFloat(f)
		t.n++
		t.fracts++
	}
}

func (t *total) merge(o *total) {
	t.ints.add(o.ints)
	t.floats.merge(&o.floats)
	t.n += o.n
	t.fracts += o.fracts
}

// scaled returns the sum in full.
func (t *total) scaled() scaled {
	sum := exact{limbs: slices.Clone(t.floats.limbs), low: t.floats.low}
	high, low := t.ints.magnitude()
	sum.add(high, low, 0, t.ints.high < 0)
	return sum.scaled()
}

// value returns the sum as a number of the language.
func (t *total) value() (record.Value, error) {
	if t.fracts == 0 {
		if n, ok := t.ints.int64(); ok {
			return record.IntValue(n), nil
		}
		return record.Value{}, fmt.Errorf("the sum %s is beyond a 64-bit integer", t.ints.big())
	}
	f, ok := t.scaled().through(one)
	if !ok {
		return record.Value{}, errBeyondFloat("sum")
	}
	return record.FloatValue(f), nil
}

// over returns the sum times by, through div, as the nearest float64.
func (t *total) over(by, div int64) (f float64, ok bool) {
	// One division of two floats that are exact is rounded once; the product is exact if it is not beyond 2^53.
	if f, ok := t.ints.float(); ok && t.fracts == 0 && div <= 1<<53 {
		if product := f * float64(by); max(product, -product) <= 1<<53 {
			return product / float64(div), true
		}
	}
	return t.scaled().times(big.NewInt(by)).through(big.NewInt(div))
}

// one is what a sum is divided by.
var one = big.NewInt(1)

func errBeyondFloat(what string) error {
	return fmt.Errorf("the %s is beyond the range of 64-bit floats", what)
}

func (t *total) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(t.n))
	dst = binary.AppendUvarint(dst, uint64(t.fracts))
	dst = binary.AppendVarint(dst, t.ints.high)
	dst = binary.BigEndian.AppendUint64(dst, t.ints.low)
	if t.fracts > 0 {
		dst = t.floats.append(dst)
	}
	return dst
}

func readTotal(r *reader) total {
	t := total{n: r.count(), fracts: r.count()}
	t.ints.high, t.ints.low = r.varint(), r.uint64()
	if t.fracts > 0 {
		t.floats = readExact(r)
	}
	if t.fracts > t.n {
		r.fail()
	}
	return t
}

func (t *total) size() int { return 64 + t.floats.size() }

type sum struct{ total }

func (s *sum) Add(in *Input) { s.add(&in.Value) }

func (s *sum) Merge(other Accumulator) { s.merge(&other.(*sum).total) }

func (s *sum) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	if s.n == 0 {
		return null, dst, nil
	}
	v, err := s.value()
	return v, dst, err
}

func (s *sum) Append(dst []byte) []byte { return s.append(append(dst, version)) }

func (s *sum) Size() int { return s.size() }
