package window

import "github.com/kstream/kstream/pkg/record"

var firstFunction = &Function{
	Name:    "first",
	Params:  justX,
	Example: "opened_at = first(price)",
	Doc:     "The x that is not nil of the first record by event time, then position in the stream; nil if there is none.",
	New:     fixed(end("first", -1)),
}

var lastFunction = &Function{
	Name:    "last",
	Params:  justX,
	Example: "state = last(status)",
	Doc:     "The x that is not nil of the last record by event time, then position in the stream; nil if there is none.",
	New:     fixed(end("last", 1)),
}

// end returns first for a sign of -1 and last for 1.
func end(name string, sign int) *call {
	return &call{
		fresh: func() Accumulator { return &ending{sign: sign} },
		load: func(r *reader) Accumulator {
			e := &ending{sign: sign}
			e.best.read(r)
			return e
		},
		accepts: anything(name),
		ordered: true,
	}
}

// ending keeps the first or the last value; nil until there is one.
type ending struct {
	best placed
	sign int
}

func (e *ending) Add(in *Input) {
	if in.Value.Nil() {
		return
	}
	o := orderOf(in)
	e.see(&in.Value, &o)
}

func (e *ending) see(v *record.Value, o *order) {
	if e.best.value.Nil() || e.best.compare(v, o)*e.sign < 0 {
		e.best.set(v, o)
	}
}

func (e *ending) Merge(other Accumulator) {
	if o := other.(*ending); !o.best.value.Nil() {
		e.see(&o.best.value.Value, &o.best.order)
	}
}

func (e *ending) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	return e.best.value.result(dst)
}

func (e *ending) Append(dst []byte) []byte { return e.best.append(append(dst, version)) }

func (e *ending) Size() int { return placedSize + 8 + e.best.size() }
