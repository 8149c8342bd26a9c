package expression

import (
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// maxRange is how many numbers a..b may give as a list.
const maxRange = 10_000

// rangeOf compiles a..b as a list of the integers from a to b.
func (c *compiler) rangeOf(n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	if !l.types.Has(Number) || !r.types.Has(Number) {
		return c.fault(n, "", ".. needs integers")
	}
	return operand{types: List, eval: func(f *Frame) record.Value {
		a, b := l.eval(f), r.eval(f)
		from, ok := a.Int()
		to, ok2 := b.Int()
		switch {
		case !ok:
			return f.wrong("..", "integers", &a)
		case !ok2:
			return f.wrong("..", "integers", &b)
		case to >= from && (uint64(to)-uint64(from)) >= maxRange:
			return f.fail(fmt.Errorf("a range gives at most %d numbers", maxRange))
		}
		base := len(f.stack)
		for n := from; n <= to && f.spend(1); n++ {
			f.push(record.IntValue(n))
			if n == to { // n++ would overflow at the largest integer
				break
			}
		}
		return f.list(base)
	}}
}

// inRange compiles x in a..b without making the list.
func (c *compiler) inRange(x operand, n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	if !l.types.Has(Number) || !r.types.Has(Number) {
		return c.fault(n, "", ".. needs integers")
	}
	return operand{types: Bool, eval: func(f *Frame) record.Value {
		v, a, b := x.eval(f), l.eval(f), r.eval(f)
		if TypeOf(&v) != Number || TypeOf(&a) != Number || TypeOf(&b) != Number {
			return record.BoolValue(false)
		}
		return record.BoolValue(isWhole(&v) && orderNumbers(&a, &v) <= 0 && orderNumbers(&v, &b) <= 0)
	}}
}

func isWhole(v *record.Value) bool {
	if v.Kind == record.Int {
		return true
	}
	x, _ := v.Float()
	return x == float64(int64(x))
}
