package window

import (
	"errors"
	"math"
	"slices"
	"sort"

	"github.com/kstream/kstream/pkg/record"
)

// histogramMost is how many bounds a histogram may have.
const histogramMost = 1000

var histogramFunction = &Function{
	Name:    "histogram",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "bounds", Kind: Number, Repeated: true}},
	Example: "latencies = histogram(latency_ms, 10, 100, 1000)",
	Doc: "How many x fall between the bounds: a list of {from, to, count} in ascending order, each from (included) up to to (not " +
		"included). The first has no from and the last no to (null), so that every x is in one; n bounds give n+1 of them, empty ones too.",
	New: func(args Args) (Aggregate, error) {
		bounds, ok := args["bounds"].([]float64)
		if !ok || len(bounds) == 0 || len(bounds) > histogramMost {
			return nil, errors.New("histogram needs 1 to 1,000 bounds, such as histogram(latency_ms, 10, 100, 1000)")
		}
		for i, b := range bounds {
			if math.IsNaN(b) || math.IsInf(b, 0) || i > 0 && b <= bounds[i-1] {
				return nil, errors.New("the bounds of a histogram must ascend, such as 10, 100, 1000")
			}
		}
		bounds = slices.Clone(bounds)
		return &call{
			fresh:   func() Accumulator { return newHistogram(bounds) },
			load:    func(r *reader) Accumulator { return readHistogram(r, bounds) },
			accepts: numbers("histogram"),
		}, nil
	},
}

// histogram counts the numbers below each of its bounds and above the one before; the bounds are the call's.
type histogram struct {
	bounds []float64
	counts []int64 // one more than bounds
}

func newHistogram(bounds []float64) *histogram {
	return &histogram{bounds: bounds, counts: make([]int64, len(bounds)+1)}
}

func (h *histogram) Add(in *Input) {
	if in.Value.Nil() {
		return
	}
	h.counts[sort.Search(len(h.bounds), func(i int) bool {
		bound := record.FloatValue(h.bounds[i])
		return compareNumbers(&bound, &in.Value) > 0
	})]++
}

func (h *histogram) Merge(other Accumulator) {
	for i, n := range other.(*histogram).counts {
		h.counts[i] += n
	}
}

func (h *histogram) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	from := len(dst)
	for i, n := range h.counts {
		dst = append(dst, `,{"from":`...)
		if i > 0 {
			dst = appendNumber(dst, h.bounds[i-1])
		} else {
			dst = append(dst, "null"...)
		}
		dst = append(dst, `,"to":`...)
		if i < len(h.bounds) {
			dst = appendNumber(dst, h.bounds[i])
		} else {
			dst = append(dst, "null"...)
		}
		dst = appendField(dst, "count", n)
		dst = append(dst, '}')
	}
	dst[from] = '['
	dst = append(dst, ']')
	return record.Value{Kind: record.List, Text: dst[from:len(dst):len(dst)]}, dst, nil
}

func (h *histogram) Append(dst []byte) []byte {
	dst = appendCount(append(dst, version), int64(len(h.counts)))
	for _, n := range h.counts {
		dst = appendCount(dst, n)
	}
	return dst
}

func readHistogram(r *reader, bounds []float64) *histogram {
	h := newHistogram(bounds)
	if r.uvarint() != uint64(len(h.counts)) {
		r.fail()
	}
	for i := range h.counts {
		h.counts[i] = r.count()
	}
	return h
}

func (h *histogram) Size() int { return 48 + 8*len(h.counts) }
