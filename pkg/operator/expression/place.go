package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// place compiles what names a value: a field, this, meta, a let or a predicate's element, and what is inside of it.
func (c *compiler) place(n ast.Node) operand {
	names, dotted, root := c.chain(n)
	switch r := root.(type) {
	case *ast.IdentifierNode:
		for i := len(c.vars) - 1; i >= 0; i-- {
			if c.vars[i] == r.Value {
				return members(variable(i), names)
			}
		}
		switch {
		case r.Value == "meta":
			return c.meta(n, names)
		case r.Value == "this" && len(names) == 0:
			return operand{eval: c.names.Whole(), types: Object}
		case r.Value == "this":
			return c.field(format.Path{Names: names, Dotted: 1})
		}
		return c.field(format.Path{Names: append([]string{r.Value}, names...), Dotted: dotted + 1})
	case *ast.PointerNode:
		return members(c.pointer(r), names)
	case *ast.MemberNode:
		return members(c.index(r), names)
	default:
		return members(c.compile(root), names)
	}
}

// chain takes the constant names off the end of n: for a.b["c d"].e it returns b, c d and e, the place a, and 1: how
// many names, from the first on, stood behind a dot.
func (c *compiler) chain(n ast.Node) (names []string, dotted int, root ast.Node) {
	switch m := n.(type) {
	case *ast.ChainNode:
		return c.chain(m.Node)
	case *ast.MemberNode:
		property, ok := m.Property.(*ast.StringNode)
		if !ok {
			return nil, 0, n
		}
		names, dotted, root = c.chain(m.Node)
		if at := c.offset(m.Location().From); dotted == len(names) && !(at < len(c.src) && c.src[at] == '[') {
			dotted++
		}
		return append(names, property.Value), dotted, root
	}
	return nil, 0, n
}

func (c *compiler) field(p format.Path) operand {
	return operand{eval: c.names.Field(p), types: Any, path: p.Names}
}

func variable(i int) operand {
	return operand{types: Any, eval: func(f *Frame) record.Value { return f.vars[i] }}
}

func (c *compiler) pointer(n *ast.PointerNode) operand {
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
func (c *compiler) index(n *ast.MemberNode) operand {
	x, at := c.compile(n.Node), c.compile(n.Property)
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

// slice compiles x[from:to]: of a string it counts characters, and what lies past the end is not there.
func (c *compiler) slice(n *ast.SliceNode) operand {
	x := c.compile(n.Node)
	if !x.types.Has(String | List | Nil) {
		return c.fault(n, "", "a slice is taken of a list or a string, this is %s", x.types)
	}
	bound := func(n ast.Node, otherwise int64) operand {
		if n == nil {
			return constant(record.IntValue(otherwise))
		}
		b := c.compile(n)
		if !b.types.Has(Number | Nil) {
			c.fault(n, "", "the bound of a slice is a number, this is %s", b.types)
		}
		return b
	}
	const end = 1 << 62
	from, to := bound(n.From, 0), bound(n.To, end)
	return operand{types: x.types&(String|List) | Nil, eval: func(f *Frame) record.Value {
		v, a, b := x.eval(f), from.eval(f), to.eval(f)
		i, ok := a.Int()
		j, ok2 := b.Int()
		switch {
		case v.Nil() || a.Nil() || b.Nil():
			return record.Value{}
		case !ok || !ok2:
			return f.fail(errBounds)
		case v.Kind == record.String && f.read(v.Text):
			return substring(&v, i, j)
		case v.Kind == record.List && f.read(v.Text):
			return f.sublist(&v, i, j)
		}
		return f.wrong("a slice", "a list or a string", &v)
	}}
}

// character returns the i-th character of a string, from the end where i is negative, nil past either end.
func character(v *record.Value, i int64) record.Value {
	n := int64(utf8.RuneCount(v.Text))
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return record.Value{}
	}
	return substring(v, i, i+1)
}

// substring returns the characters of a string from i up to j, which count from the end where negative.
func substring(v *record.Value, i, j int64) record.Value {
	n := int64(utf8.RuneCount(v.Text))
	if i < 0 {
		i += n
	}
	if j < 0 {
		j += n
	}
	i, j = max(i, 0), min(j, n)
	if i >= j {
		return record.Value{Kind: record.String, Text: v.Text[:0]}
	}
	from := runeOffset(v.Text, i)
	return record.Value{Kind: record.String, Text: v.Text[from : from+runeOffset(v.Text[from:], j-i)]}
}

func runeOffset(text []byte, runes int64) int {
	at := 0
	for ; runes > 0; runes-- {
		_, n := utf8.DecodeRune(text[at:])
		at += n
	}
	return at
}

func (f *Frame) sublist(v *record.Value, i, j int64) record.Value {
	if i < 0 || j < 0 {
		n := int64(format.Length(v.Text))
		if i < 0 {
			i = max(0, i+n)
		}
		if j < 0 {
			j += n
		}
	}
	base, k := len(f.stack), int64(0)
	for w := format.NewWalk(v.Text); k < j && w.Next(); k++ {
		if k >= i {
			f.push(f.parse(w.Raw))
		}
	}
	return f.list(base)
}

// metadata is what meta has, in the order in which the documents name it.
var metadata = []struct {
	name string
	read Eval
	t    Types
}{
	{"stream", func(f *Frame) record.Value { return owned(f, f.batch.Partition.Stream) }, String},
	{"shard", func(f *Frame) record.Value { return owned(f, f.batch.Partition.Shard) }, String},
	{"sequence", func(f *Frame) record.Value { return record.Value{Kind: record.String, Text: f.rec.Sequence} }, String},
	{"subsequence", func(f *Frame) record.Value { return record.IntValue(int64(f.rec.Subsequence)) }, Number},
	{"key", func(f *Frame) record.Value { return record.Value{Kind: record.String, Text: f.rec.Key} }, String},
	{"arrival", func(f *Frame) record.Value { return record.TimeValue(f.rec.Arrival.Time()) }, Time},
	{"lag", func(f *Frame) record.Value { return seconds(f.batch.Now.Sub(f.rec.Arrival)) }, Number},
}

func owned(f *Frame, s string) record.Value {
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, append(dst, s...), from)
}

func (c *compiler) meta(n ast.Node, names []string) operand {
	var known []string
	for _, m := range metadata {
		if len(names) > 0 && names[0] == m.name {
			return members(operand{eval: m.read, types: m.t}, names[1:])
		}
		known = append(known, m.name)
	}
	all := "meta has " + strings.Join(known, ", ") + `; a field named meta is this["meta"]`
	if len(names) == 0 {
		return c.fault(n, all, "meta alone is no value")
	}
	if near := nearest.Of(names[0], known); near != "" {
		all = "did you mean meta." + near + "?"
	}
	return c.fault(n, all, "meta has no %s", names[0])
}
