package expression

import (
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

var errBounds = errors.New("the bound of a slice is no integer")

// wrong fails with what an operator or function needs and what it got.
func (f *Frame) wrong(who, needs string, got *record.Value) record.Value {
	hint := ""
	if got.Nil() {
		hint = " (x ?? 0 gives a default)"
	}
	return f.fail(fmt.Errorf("%s needs %s, got %s%s", who, needs, Describe(got), hint))
}

// truth compiles n as a condition. nil is false; what is neither that nor a boolean fails.
func (c *compiler) truth(n syntax.Node, who string) condition {
	x := c.compile(n)
	if !x.types.Has(Bool | Nil) {
		c.fault(n, "compare it with something: x == 1, x != nil", "%s needs true or false, this is %s", who, x.types)
	}
	if x.holds != nil {
		return x.holds
	}
	return func(f *Frame) bool {
		v := x.eval(f)
		return f.truth(&v, who)
	}
}

func (f *Frame) truth(v *record.Value, who string) bool {
	switch v.Kind {
	case record.True:
		return true
	case record.False, record.Missing, record.Null:
		return false
	}
	f.wrong(who, "true or false", v)
	return false
}

func (c *compiler) unary(n *syntax.Unary) operand {
	switch n.Op {
	case "!", "not":
		x := c.truth(n.Of, n.Op)
		return boolean(func(f *Frame) bool { return !x(f) })
	}
	x := c.compile(n.Of)
	if !x.types.Has(Number) {
		return c.fault(n, "", "%s needs a number, this is %s", n.Op, x.types)
	}
	if n.Op == "+" {
		return operand{types: Number, eval: func(f *Frame) record.Value {
			v := x.eval(f)
			if _, ok := v.Float(); !ok {
				return f.wrong("+", "a number", &v)
			}
			return v
		}}
	}
	zero := constant(record.IntValue(0))
	if x.constant {
		return constant(negated(x.value))
	}
	return operand{types: Number, eval: func(f *Frame) record.Value {
		v := x.eval(f)
		return f.arithmetic(&zero.value, &v, subtract)
	}}
}

func negated(v record.Value) record.Value {
	if n, ok := v.Int(); ok {
		return record.IntValue(-n)
	}
	x, _ := v.Float()
	return record.FloatValue(-x)
}

func (c *compiler) binary(n *syntax.Binary) operand {
	switch n.Op {
	case "&&", "and":
		l, r := c.truth(n.Left, n.Op), c.truth(n.Right, n.Op)
		return boolean(func(f *Frame) bool { return l(f) && r(f) })
	case "||", "or":
		l, r := c.truth(n.Left, n.Op), c.truth(n.Right, n.Op)
		return boolean(func(f *Frame) bool { return l(f) || r(f) })
	case "??":
		l, r := c.compile(n.Left), c.compile(n.Right)
		return operand{types: l.types&^Nil | r.types, eval: func(f *Frame) record.Value {
			if v := l.eval(f); !v.Nil() {
				return v
			}
			return r.eval(f)
		}}
	case "==", "!=":
		return c.equality(n)
	case "<", "<=", ">", ">=":
		return c.ordering(n)
	case "in":
		return c.in(n)
	case "matches":
		return c.matches(n)
	case "contains", "startsWith", "endsWith":
		return c.stringOperator(n)
	case "..":
		return c.rangeOf(n)
	}
	return c.math(n)
}

// equality compiles == and !=, which never fail: nil equals nil alone, and values of different types are unequal.
func (c *compiler) equality(n *syntax.Binary) operand {
	l, r := c.compile(n.Left), c.compile(n.Right)
	same := n.Op == "=="
	if !l.types.Has(r.types) {
		c.fault(n, negatedLeft(n), "this is always %t: %s is never %s", !same, l.types, r.types)
	}
	if r.constant && r.types != Nil {
		c.want(l, r.types)
	}
	if r.constant && r.types == String {
		want := string(r.value.Text)
		return boolean(func(f *Frame) bool {
			v := l.eval(f)
			return (v.Kind == record.String && string(v.Text) == want) == same
		})
	}
	return operand{types: Bool, eval: func(f *Frame) record.Value {
		a, b := l.eval(f), r.eval(f)
		return record.BoolValue(f.equal(&a, &b) == same)
	}}
}

// negatedLeft is the hint for not a == b, which compares not a; "" where that is not what was written.
func negatedLeft(n *syntax.Binary) string {
	u, ok := n.Left.(*syntax.Unary)
	if !ok || u.Op != "not" && u.Op != "!" {
		return ""
	}
	if _, ok := u.Of.(*syntax.Binary); ok {
		return ""
	}
	return u.Op + " goes with what stands right behind it; with all it goes as " + u.Op + " (a " + n.Op + " b)"
}
