package window

import "github.com/kstream/kstream/pkg/record"

const orderOfKinds = "Kinds stand in the order false, true, numbers, times, strings; strings go by their bytes."

var minFunction = &Function{
	Name:    "min",
	Params:  justX,
	Example: "fastest = min(latency_ms)",
	Doc:     "The least x, as it came; nil if there is none. " + orderOfKinds,
	New:     fixed(extreme("min", -1)),
}

var maxFunction = &Function{
	Name:    "max",
	Params:  justX,
	Example: "slowest = max(latency_ms)",
	Doc:     "The greatest x, as it came; nil if there is none. " + orderOfKinds,
	New:     fixed(extreme("max", 1)),
}

// extreme returns min for a sign of -1 and max for 1.
func extreme(name string, sign int) *call {
	return &call{
		fresh: func() Accumulator { return &extremum{sign: sign} },
		load: func(r *reader) Accumulator {
			e, v := &extremum{sign: sign}, r.value()
			e.best.set(&v)
			return e
		},
		accepts: ordered(name),
	}
}

// extremum keeps the least or the greatest value; nil until there is one.
type extremum struct {
	best kept
	sign int
}

func (e *extremum) Add(in *Input) { e.see(&in.Value) }

// see goes by exact comparison, so that which of 1 and 1.0 it keeps does not depend on which came first.
func (e *extremum) see(v *record.Value) {
	if v.Nil() || !e.best.Nil() && compareExactly(v, &e.best.Value)*e.sign <= 0 {
		return
	}
	e.best.set(v)
}

func (e *extremum) Merge(other Accumulator) { e.see(&other.(*extremum).best.Value) }

func (e *extremum) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	return e.best.result(dst)
}

func (e *extremum) Append(dst []byte) []byte {
	return record.AppendValue(append(dst, version), &e.best.Value)
}

func (e *extremum) Size() int { return 80 + e.best.size() }
