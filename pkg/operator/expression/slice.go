package expression

import (
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// slice compiles x[from:to]: of a string it counts characters, and what lies past the end is not there.
func (c *compiler) slice(n *syntax.Slice) operand {
	x := c.compile(n.Of)
	if !x.types.Has(String | List | Nil) {
		return c.fault(n, "", "a slice is taken of a list or a string, this is %s", x.types)
	}
	bound := func(n syntax.Node, otherwise int64) operand {
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
