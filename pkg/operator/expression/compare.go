package expression

import (
	"bytes"
	"math"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// ordering compiles < <= > >=, which order numbers, strings and times; they are false between anything else, and counted.
func (c *compiler) ordering(n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	const ordered = Number | String | Time
	if !(l.types & r.types).Has(ordered) {
		hint := ""
		if (l.types | r.types).Has(Time) {
			hint = `date("2024-05-01T10:00:00Z") makes a time of a string`
		}
		return c.fault(n, hint, "%s can't order %s and %s", n.Op, l.types, r.types)
	}
	c.want(l, r.types&ordered)
	c.want(r, l.types&ordered)
	holds := map[string]func(int) bool{
		"<":  func(sign int) bool { return sign < 0 },
		"<=": func(sign int) bool { return sign <= 0 },
		">":  func(sign int) bool { return sign > 0 },
		">=": func(sign int) bool { return sign >= 0 },
	}[n.Op]
	if m, ok := r.value.Int(); ok && r.constant {
		return boolean(against(l.eval, m, holds))
	}
	return boolean(func(f *Frame) bool {
		a, b := l.eval(f), r.eval(f)
		return f.ordered(&a, &b, holds)
	})
}

// against compares with an integer that stands in the expression, which is what most filters do.
func against(eval Eval, m int64, holds func(sign int) bool) condition {
	constant := record.IntValue(m)
	below, equal, above := holds(-1), holds(0), holds(1)
	return func(f *Frame) bool {
		v := eval(f)
		n, ok := v.Int()
		switch {
		case !ok:
			return f.ordered(&v, &constant, holds)
		case n < m:
			return below
		case n > m:
			return above
		}
		return equal
	}
}

// ordered tells whether holds does of a and b; what can't be compared is a mismatch, and false.
func (f *Frame) ordered(a, b *record.Value, holds func(sign int) bool) bool {
	sign, ok := order(a, b)
	if !ok {
		f.Mismatch = true
		return false
	}
	return holds(sign)
}

// order compares two numbers, strings or times; ok is false for anything else.
func order(a, b *record.Value) (sign int, ok bool) {
	if n, isInt := a.Int(); isInt {
		if m, isInt := b.Int(); isInt {
			return compare(n, m), true
		}
	}
	switch t := TypeOf(a); {
	case t != TypeOf(b):
		return 0, false
	case t == Number:
		return orderNumbers(a, b), true
	case t == String:
		return bytes.Compare(a.Text, b.Text), true
	case t == Time:
		x, _ := a.Time()
		y, _ := b.Time()
		return x.Compare(y), true
	}
	return 0, false
}

func compare[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// orderNumbers compares numbers by what they are, not by what a float64 makes of them: integers of 64 bits and more keep
// all their digits.
func orderNumbers(a, b *record.Value) int {
	n, aInt := a.Int()
	m, bInt := b.Int()
	x, _ := a.Float()
	y, _ := b.Float()
	switch {
	case aInt && bInt:
		return compare(n, m)
	case aInt:
		return orderMixed(n, y)
	case bInt:
		return -orderMixed(m, x)
	case x == y && isHuge(a) && isHuge(b):
		return orderDigits(a.Text, b.Text)
	}
	return compare(x, y)
}

func orderMixed(n int64, y float64) int {
	switch {
	case y >= math.MaxInt64: // as a float64 it is 2^63
		return -1
	case y < math.MinInt64:
		return 1
	}
	whole := math.Trunc(y)
	if sign := compare(n, int64(whole)); sign != 0 {
		return sign
	}
	return compare(0, y-whole)
}

// isHuge reports whether v is an integer of a document that does not fit 64 bits.
func isHuge(v *record.Value) bool {
	if v.Kind != record.Float || len(v.Text) < 19 {
		return false
	}
	return !bytes.ContainsAny(v.Text, ".eE")
}

func orderDigits(a, b []byte) int {
	negative := a[0] == '-'
	switch {
	case negative && b[0] != '-':
		return -1
	case !negative && b[0] == '-':
		return 1
	}
	sign := compare(int64(len(a)), int64(len(b)))
	if sign == 0 {
		sign = bytes.Compare(a, b)
	}
	if negative {
		return -sign
	}
	return sign
}

// stringOperator compiles contains, startsWith and endsWith, which are false on what is no string, and counted.
func (c *compiler) stringOperator(n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	for _, side := range []struct {
		node  syntax.Node
		types Types
	}{{n.Left, l.types}, {n.Right, r.types}} {
		if side.types.Has(String) {
			continue
		}
		hint := ""
		if side.types.Has(List) {
			hint = "an element of a list is found by in: x in list"
		}
		return c.fault(side.node, hint, "%s needs strings, this is %s", n.Op, side.types)
	}
	c.want(l, String)
	c.want(r, String)
	test := map[string]func(s, part []byte) bool{
		"contains": bytes.Contains, "startsWith": bytes.HasPrefix, "endsWith": bytes.HasSuffix,
	}[n.Op]
	return operand{types: Bool, eval: func(f *Frame) record.Value {
		s, part := l.eval(f), r.eval(f)
		if s.Kind != record.String || part.Kind != record.String {
			return f.mismatch()
		}
		return record.BoolValue(f.read(s.Text) && test(s.Text, part.Text))
	}}
}
