package expression

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// place compiles what names a value: a field, this, meta, a let or a predicate's element, and what is inside of it.
func (c *compiler) place(n syntax.Node) operand {
	names, dotted, root := chain(n)
	switch r := root.(type) {
	case *syntax.Name:
		for i := len(c.vars) - 1; i >= 0; i-- {
			if c.vars[i] == r.Value {
				return members(variable(i), names)
			}
		}
		if table := c.names.Table(r.Value); table != nil {
			return c.lookUp(r, table, names, dotted)
		}
		switch {
		case r.Value == "meta":
			return c.meta(n, names)
		case r.Value == "this" && len(names) == 0:
			return operand{eval: c.names.Whole(), types: Object}
		case r.Value == "this":
			return c.field(n, format.Path{Names: names, Dotted: 1})
		}
		return c.field(n, format.Path{Names: append([]string{r.Value}, names...), Dotted: dotted + 1})
	case *syntax.Element:
		return members(c.pointer(r), names)
	case *syntax.Member:
		return members(c.index(r), names)
	default:
		return members(c.compile(root), names)
	}
}

// chain takes the constant names off the end of n: for a.b["c d"].e it returns b, c d and e, the place a, and 1: how
// many names, from the first on, stood behind a dot.
func chain(n syntax.Node) (names []string, dotted int, root syntax.Node) {
	m, ok := n.(*syntax.Member)
	if !ok {
		return nil, 0, n
	}
	property, ok := m.Property.(*syntax.String)
	if !ok {
		return nil, 0, n
	}
	names, dotted, root = chain(m.Of)
	if dotted == len(names) && !m.Bracket {
		dotted++
	}
	return append(names, property.Value), dotted, root
}

func (c *compiler) field(n syntax.Node, p format.Path) operand {
	if try, absent := c.names.Absent(p); absent {
		return c.fault(n, try, "the record has no field %s here", p.Names[0])
	}
	return operand{eval: c.names.Field(p), types: Any, path: p.Names}
}

func variable(i int) operand {
	return operand{types: Any, eval: func(f *Frame) record.Value { return f.vars[i] }}
}

func (c *compiler) pointer(n *syntax.Element) operand {
	switch n.Name {
	case "":
		return operand{types: Any, eval: func(f *Frame) record.Value { return f.loop.element }}
	case "index":
		return operand{types: Number, eval: func(f *Frame) record.Value { return record.IntValue(f.loop.index) }}
	case "acc":
		return operand{types: Any, eval: func(f *Frame) record.Value { return f.loop.acc }}
	}
	return c.fault(n, "# is the element; there are #index and #acc", "there is no #%s", n.Name)
}

// members compiles x.a.b: a member of what is no object is nil.
func members(x operand, names []string) operand {
	if len(names) == 0 {
		return x
	}
	keys := make([][]byte, len(names))
	for i, name := range names {
		keys[i] = []byte(name)
	}
	return operand{types: Any, eval: func(f *Frame) record.Value {
		v := x.eval(f)
		for _, key := range keys {
			if v = f.member(&v, key); v.Kind == record.Missing {
				break
			}
		}
		return v
	}}
}

func (f *Frame) member(v *record.Value, name []byte) record.Value {
	if v.Kind != record.Object || !f.read(v.Text) {
		return record.Value{}
	}
	return f.parse(format.Member(v.Text, name))
}

// index compiles x[i], whose i is an expression.
func (c *compiler) index(n *syntax.Member) operand {
	if table := c.table(n.Of); table != nil {
		return lookedUp(table, c.compile(n.Property))
	}
	x, at := c.compile(n.Of), c.compile(n.Property)
	if !at.types.Has(Number | String | Nil) {
		return c.fault(n.Property, "", "an index is a number or a name, this is %s", at.types)
	}
	return operand{types: Any, eval: func(f *Frame) record.Value {
		v, i := x.eval(f), at.eval(f)
		if v.Kind == record.Object && i.Kind == record.String {
			return f.member(&v, i.Text)
		}
		k, ok := i.Int()
		switch {
		case !ok:
			return record.Value{}
		case v.Kind == record.List && f.read(v.Text):
			return f.parse(format.Element(v.Text, k))
		case v.Kind == record.String && f.read(v.Text):
			return character(&v, k)
		}
		return record.Value{}
	}}
}
