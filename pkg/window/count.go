package window

import (
	"encoding/binary"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

var countFunction = &Function{
	Name:    "count",
	Params:  []Param{{Name: "x", Kind: Expression, Optional: true}},
	Example: "requests = count()",
	Doc:     "count() is how many records there are, count(x) how many have an x that is not nil.",
	New: func(args Args) (Aggregate, error) {
		if args.has("x") {
			return counting(func(in *Input) bool { return !in.Value.Nil() }), nil
		}
		return counting(func(*Input) bool { return true }), nil
	},
}

var countIfFunction = &Function{
	Name:    "count_if",
	Params:  []Param{{Name: "condition", Kind: Condition}},
	Example: "errors = count_if(status >= 500)",
	Doc:     "How many records the condition is true for; nil is not true.",
	New: func(Args) (Aggregate, error) {
		c := counting(func(in *Input) bool { return in.Value.Kind == record.True })
		c.accepts = func(in *Input) error {
			if k := in.Value.Kind; k != record.True && k != record.False && !in.Value.Nil() {
				return fmt.Errorf("count_if needs true or false, got %s", named(&in.Value))
			}
			return nil
		}
		return c, nil
	},
}

// counting returns an aggregate that counts the inputs for which counts is true.
func counting(counts func(*Input) bool) *call {
	return &call{
		fresh:   func() Accumulator { return &counter{counts: counts} },
		load:    func(r *reader) Accumulator { return &counter{counts: counts, n: r.count()} },
		accepts: func(*Input) error { return nil },
	}
}

type counter struct {
	counts func(*Input) bool
	n      int64
}

func (c *counter) Add(in *Input) {
	if c.counts(in) {
		c.n++
	}
}

func (c *counter) Merge(other Accumulator) { c.n += other.(*counter).n }

func (c *counter) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	return record.IntValue(c.n), dst, nil
}

func (c *counter) Append(dst []byte) []byte {
	return binary.AppendUvarint(append(dst, version), uint64(c.n))
}

func (c *counter) Size() int { return 16 }
