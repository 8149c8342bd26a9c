package expression

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

var errZero = errors.New("division by zero")

func (c *compiler) math(n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	sign := n.Op
	allowed := Number
	switch sign {
	case "+":
		allowed |= String | Time
	case "-":
		allowed |= Time
	}
	if !l.types.Has(allowed) || !r.types.Has(allowed) || !l.types.Has(Time) && !r.types.Has(Time) && !(l.types&r.types).Has(allowed) {
		return c.fault(n, "", "%s can't take %s and %s", sign, l.types, r.types)
	}
	if !strings.Contains("+ - * / % ** ^", sign) {
		return c.fault(n, "", "%s is not part of the language", sign)
	}
	return operand{types: resultTypes(sign, l.types, r.types), eval: func(f *Frame) record.Value {
		a, b := l.eval(f), r.eval(f)
		return f.math(sign, &a, &b)
	}}
}

// math applies an operator. It is a switch and no table of functions: through one the operands would go to the heap.
func (f *Frame) math(sign string, a, b *record.Value) record.Value {
	switch sign {
	case "+":
		return f.plus(a, b)
	case "-":
		return f.minus(a, b)
	case "*":
		return f.arithmetic(a, b, multiply)
	case "/":
		return f.quotient(a, b)
	case "%":
		return f.remainder(a, b)
	}
	return f.power(a, b)
}

func resultTypes(sign string, l, r Types) Types {
	switch {
	case sign == "+" && (l == String || r == String):
		return String
	case sign == "+" && (l == Number || r == Number):
		return (l | r) & (Number | Time)
	case sign == "+":
		return (l | r) & (Number | String | Time)
	case sign == "-" && l.Has(Time):
		return Number | Time
	}
	return Number
}

// arithmetic does op exactly on integers, and on floats where one is a float. It fails on anything else, nil too, and
// where the result has no number.
func (f *Frame) arithmetic(a, b *record.Value, op *operation) record.Value {
	n, aInt := a.Int()
	m, bInt := b.Int()
	if aInt && bInt {
		if k, ok := op.ints(n, m); ok {
			return record.IntValue(k)
		}
		return f.fail(fmt.Errorf("%s goes beyond 64-bit integers", op.sign))
	}
	x, y, ok := f.floats(a, b, op.sign)
	if !ok {
		return record.Value{}
	}
	return f.finite(op.floats(x, y), op.sign)
}

// floats returns a and b as floats. An integer of more than 64 bits fails: as a float it would lose digits in silence.
func (f *Frame) floats(a, b *record.Value, sign string) (x, y float64, ok bool) {
	x, aOk := a.Float()
	y, bOk := b.Float()
	switch {
	case !aOk:
		f.wrong(sign, "numbers", a)
	case !bOk:
		f.wrong(sign, "numbers", b)
	case isHuge(a) || isHuge(b):
		f.fail(fmt.Errorf("%s got an integer beyond 64 bits", sign))
	default:
		return x, y, true
	}
	return 0, 0, false
}

func (f *Frame) finite(x float64, sign string) record.Value {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return f.fail(fmt.Errorf("the result of %s is no number", sign))
	}
	return record.FloatValue(x)
}

func (f *Frame) plus(a, b *record.Value) record.Value {
	switch {
	case a.Kind == record.String && b.Kind == record.String:
		if !f.room(len(a.Text) + len(b.Text)) {
			return record.Value{}
		}
		dst := f.batch.Scratch()
		from := len(dst)
		return f.text(record.String, append(append(dst, a.Text...), b.Text...), from)
	case a.Kind == record.Time:
		return f.later(a, b, 1)
	case b.Kind == record.Time:
		return f.later(b, a, 1)
	case a.Kind == record.String || b.Kind == record.String:
		return f.fail(fmt.Errorf("+ needs two numbers or two strings, got %s and %s", Describe(a), Describe(b)))
	}
	return f.arithmetic(a, b, add)
}

func (f *Frame) minus(a, b *record.Value) record.Value {
	t, aTime := a.Time()
	u, bTime := b.Time()
	switch {
	case aTime && bTime:
		return seconds(t.Sub(u))
	case aTime:
		return f.later(a, b, -1)
	}
	return f.arithmetic(a, b, subtract)
}

// later returns time t moved by a number of seconds.
func (f *Frame) later(t, by *record.Value, sign float64) record.Value {
	s, ok := by.Float()
	if !ok {
		return f.wrong("a time", "a number of seconds to move by", by)
	}
	at, _ := t.Time()
	if math.Abs(s) > 1<<33 { // 272 years: more than the range of times
		return f.fail(errTime)
	}
	return f.time(at.Add(time.Duration(math.Round(sign * s * float64(time.Second)))))
}

// seconds is how durations look: an integer where they are whole.
func seconds(d time.Duration) record.Value {
	if d%time.Second == 0 {
		return record.IntValue(int64(d / time.Second))
	}
	return record.FloatValue(d.Seconds())
}

// quotient stays exact where integers divide without a rest.
func (f *Frame) quotient(a, b *record.Value) record.Value {
	x, y, ok := f.floats(a, b, "/")
	if !ok {
		return record.Value{}
	}
	if y == 0 {
		return f.fail(errZero)
	}
	n, aInt := a.Int()
	m, bInt := b.Int()
	switch {
	case aInt && bInt && n == math.MinInt64 && m == -1:
		return f.fail(errors.New("/ goes beyond 64-bit integers"))
	case aInt && bInt && n%m == 0:
		return record.IntValue(n / m)
	}
	return f.finite(x/y, "/")
}

func (f *Frame) remainder(a, b *record.Value) record.Value {
	n, aInt := a.Int()
	m, bInt := b.Int()
	switch {
	case !aInt:
		return f.wrong("%", "integers", a)
	case !bInt:
		return f.wrong("%", "integers", b)
	case m == 0:
		return f.fail(errZero)
	case m == -1: // the smallest integer % -1 overflows in hardware
		return record.IntValue(0)
	}
	return record.IntValue(n % m)
}

func (f *Frame) power(a, b *record.Value) record.Value {
	if m, ok := b.Int(); ok && m < 0 {
		y := record.FloatValue(float64(m))
		return f.arithmetic(a, &y, power)
	}
	return f.arithmetic(a, b, power)
}
