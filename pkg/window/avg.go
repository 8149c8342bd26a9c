package window

import "github.com/kstream/kstream/pkg/record"

var avgFunction = &Function{
	Name:    "avg",
	Params:  justX,
	Example: "mean = avg(latency_ms)",
	Doc:     "The arithmetic mean of x, a float; nil if there is no x. It is the float nearest to the exact mean, whatever the order of records.",
	New: fixed(&call{
		fresh:   func() Accumulator { return &avg{} },
		load:    func(r *reader) Accumulator { return &avg{total: readTotal(r)} },
		accepts: numbers("avg"),
	}),
}

type avg struct{ total }

func (a *avg) Add(in *Input) { a.add(&in.Value) }

func (a *avg) Merge(other Accumulator) { a.merge(&other.(*avg).total) }

func (a *avg) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	if a.n == 0 {
		return null, dst, nil
	}
	f, ok := a.over(1, a.n)
	if !ok { // not even the sum of the greatest floats has such a mean
		return record.Value{}, dst, errBeyondFloat("mean")
	}
	return record.FloatValue(f), dst, nil
}

func (a *avg) Append(dst []byte) []byte { return a.append(append(dst, version)) }

func (a *avg) Size() int { return a.size() }
