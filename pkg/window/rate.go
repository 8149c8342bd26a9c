package window

import "github.com/kstream/kstream/pkg/record"

var rateFunction = &Function{
	Name:    "rate",
	Params:  []Param{{Name: "x", Kind: Expression, Optional: true}},
	Example: "per_second = rate()",
	Doc: "rate() is how many records came per second of the window, rate(x) the sum of x per second, nil if there is no x. " +
		"The seconds are the window's whole length, a session's gap included.",
	New: func(args Args) (Aggregate, error) {
		if args.has("x") {
			return rateOfSum, nil
		}
		return rateOfRecords, nil
	},
}

var rateOfRecords = &call{
	fresh:   func() Accumulator { return &recordRate{} },
	load:    func(r *reader) Accumulator { return &recordRate{counter: counter{n: r.count()}} },
	accepts: func(*Input) error { return nil },
}

var rateOfSum = &call{
	fresh:   func() Accumulator { return &sumRate{} },
	load:    func(r *reader) Accumulator { return &sumRate{total: readTotal(r)} },
	accepts: numbers("rate"),
}

// recordRate is a count of all records, told per second.
type recordRate struct{ counter }

func (c *recordRate) Add(*Input) { c.n++ }

func (c *recordRate) Merge(other Accumulator) { c.n += other.(*recordRate).n }

func (c *recordRate) Result(dst []byte, s Span) (record.Value, []byte, error) {
	t := total{ints: wide(c.n)}
	return perSecond(dst, &t, s)
}

type sumRate struct{ total }

func (t *sumRate) Add(in *Input) { t.add(&in.Value) }

func (t *sumRate) Merge(other Accumulator) { t.merge(&other.(*sumRate).total) }

func (t *sumRate) Result(dst []byte, s Span) (record.Value, []byte, error) {
	if t.n == 0 {
		return null, dst, nil
	}
	return perSecond(dst, &t.total, s)
}

func (t *sumRate) Append(dst []byte) []byte { return t.append(append(dst, version)) }

func (t *sumRate) Size() int { return t.size() }

func perSecond(dst []byte, t *total, s Span) (record.Value, []byte, error) {
	if s.End <= s.Start {
		return null, dst, nil
	}
	f, ok := t.over(1000, int64(s.End-s.Start))
	if !ok {
		return record.Value{}, dst, errBeyondFloat("rate")
	}
	return record.FloatValue(f), dst, nil
}
