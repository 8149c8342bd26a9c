package window

import "github.com/kstream/kstream/pkg/record"

const argDoc = " Of several the first by event time, then position. Records in which x or by is nil are skipped; nil if none is left. "

var argMaxFunction = &Function{
	Name:    "argmax",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "by", Kind: Expression}},
	Example: "slowest_path = argmax(path, latency_ms)",
	Doc:     "The x of the record with the greatest by." + argDoc + orderOfKinds,
	New:     fixed(arg("argmax", 1)),
}

var argMinFunction = &Function{
	Name:    "argmin",
	Params:  []Param{{Name: "x", Kind: Expression}, {Name: "by", Kind: Expression}},
	Example: "fastest_path = argmin(path, latency_ms)",
	Doc:     "The x of the record with the least by." + argDoc + orderOfKinds,
	New:     fixed(arg("argmin", -1)),
}

// arg returns argmin for a sign of -1 and argmax for 1.
func arg(name string, sign int) *call {
	return &call{
		fresh: func() Accumulator { return &argument{sign: sign} },
		load: func(r *reader) Accumulator {
			a := &argument{sign: sign}
			by := r.value()
			a.by.set(&by)
			a.best.read(r)
			return a
		},
		accepts: func(in *Input) error {
			if err := writable(name, &in.Value); err != nil {
				return err
			}
			return hasOrder(name, &in.By)
		},
		ordered: true,
	}
}

// argument keeps the x of the best by; nil until there is one.
type argument struct {
	best placed
	by   kept
	sign int
}

func (a *argument) Add(in *Input) {
	if in.Value.Nil() || in.By.Nil() {
		return
	}
	o := orderOf(in)
	a.see(&in.Value, &in.By, &o)
}

func (a *argument) see(v, by *record.Value, o *order) {
	if !a.best.value.Nil() {
		c := compare(by, &a.by.Value) * a.sign
		if c < 0 || c == 0 && a.best.compare(v, o) <= 0 {
			return
		}
	}
	a.best.set(v, o)
	a.by.set(by)
}

func (a *argument) Merge(other Accumulator) {
	if o := other.(*argument); !o.best.value.Nil() {
		a.see(&o.best.value.Value, &o.by.Value, &o.best.order)
	}
}

func (a *argument) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	return a.best.value.result(dst)
}

func (a *argument) Append(dst []byte) []byte {
	return a.best.append(record.AppendValue(append(dst, version), &a.by.Value))
}

func (a *argument) Size() int { return placedSize + 80 + a.best.size() + a.by.size() }
