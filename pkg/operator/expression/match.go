package expression

import (
	"regexp"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// in never fails either: it looks for an element of a list, a name in an object or a whole number in a range, and finds
// none in anything else.
func (c *compiler) in(n *syntax.Binary) operand {
	x := c.compile(n.Left)
	if list, ok := n.Right.(*syntax.List); ok {
		parts := c.all(list.Of)
		return operand{types: Bool, eval: func(f *Frame) record.Value {
			v := x.eval(f)
			for i := range parts {
				if p := parts[i].eval(f); f.equal(&v, &p) {
					return record.BoolValue(true)
				}
			}
			return record.BoolValue(false)
		}}
	}
	if span, ok := n.Right.(*syntax.Binary); ok && span.Op == ".." {
		return c.inRange(x, span)
	}
	all := c.compile(n.Right)
	if !all.types.Has(List | Object | Nil) {
		c.fault(n, `a part of a string is found by contains`, "in needs a list or an object on its right, this is %s", all.types)
	}
	return operand{types: Bool, eval: func(f *Frame) record.Value {
		v, in := x.eval(f), all.eval(f)
		return record.BoolValue(f.contained(&v, &in))
	}}
}

func (f *Frame) contained(v, in *record.Value) bool {
	switch {
	case in.Kind == record.Object && v.Kind == record.String && f.read(in.Text):
		return format.Member(in.Text, v.Text) != nil
	case in.Kind == record.List:
		for w := format.NewWalk(in.Text); w.Next(); {
			if !f.read(w.Raw) {
				return false
			}
			if e := f.parse(w.Raw); f.equal(v, &e) {
				return true
			}
		}
	}
	return false
}

// matches compiles its pattern once, with the chain: one made from a record's fields would have to be compiled for each.
func (c *compiler) matches(n *syntax.Binary) operand {
	x, p := c.compile(n.Left), c.compile(n.Right)
	if !p.constant || p.types != String {
		return c.fault(n.Right, `as in: path matches "^/api/"`, "matches needs its pattern written out")
	}
	re, err := regexp.Compile(string(p.value.Text))
	switch {
	case err != nil && p.secret:
		return c.fault(n.Right, "", "what this variable holds is no regular expression")
	case err != nil:
		return c.fault(n.Right, "", "%v", err)
	}
	if !x.types.Has(String) {
		return c.fault(n, "", "matches needs a string, this is %s", x.types)
	}
	c.want(x, String)
	return operand{types: Bool, eval: func(f *Frame) record.Value {
		v := x.eval(f)
		if v.Kind != record.String {
			return f.mismatch()
		}
		return record.BoolValue(f.read(v.Text) && re.Match(v.Text))
	}}
}
