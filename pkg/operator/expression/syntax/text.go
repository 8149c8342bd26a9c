package syntax

import (
	"bytes"
	"slices"
	"strconv"
)

// Text returns a tree as text, the same for all ways to space and bracket an expression: with one space around operators,
// strings in ", calls in place of pipes, and brackets where Parse needs them, which gives the same tree for it again. Saved
// state is compared by it: its form is part of a checkpoint's.
func Text(n Node) string { return string(n.text(nil)) }

func (*Nil) text(dst []byte) []byte { return append(dst, "nil"...) }

func (n *Bool) text(dst []byte) []byte { return strconv.AppendBool(dst, n.Value) }

func (n *Int) text(dst []byte) []byte { return strconv.AppendInt(dst, n.Value, 10) }

func (n *Float) text(dst []byte) []byte {
	from := len(dst)
	dst = strconv.AppendFloat(dst, n.Value, 'g', -1, 64)
	if !bytes.ContainsAny(dst[from:], ".e") {
		dst = append(dst, ".0"...) // lest it is a whole number
	}
	return dst
}

func (n *String) text(dst []byte) []byte { return strconv.AppendQuote(dst, n.Value) }

func (n *Name) text(dst []byte) []byte { return append(dst, n.Value...) }

func (n *Element) text(dst []byte) []byte { return append(append(dst, '#'), n.Name...) }

func (n *Member) text(dst []byte) []byte {
	property, ok := n.Property.(*String)
	dotted := ok && isName(property.Value)
	if e, ok := n.Of.(*Element); !ok || e.Name != "" || n.Optional || !dotted {
		dst = bracketed(dst, n.Of, !takesPostfix(n.Of))
	}
	if n.Optional {
		dst = append(dst, '?')
	}
	if n.Optional || dotted {
		dst = append(dst, '.')
	}
	if dotted {
		return append(dst, property.Value...)
	}
	return append(n.Property.text(append(dst, '[')), ']')
}

func (n *Slice) text(dst []byte) []byte {
	dst = append(bracketed(dst, n.Of, !takesPostfix(n.Of)), '[')
	if n.From != nil {
		dst = n.From.text(dst)
	}
	dst = append(dst, ':')
	if n.To != nil {
		dst = n.To.text(dst)
	}
	return append(dst, ']')
}

func (n *Unary) text(dst []byte) []byte {
	dst = append(dst, n.Op...)
	if n.Op == "not" {
		dst = append(dst, ' ')
	}
	return bracketed(dst, n.Of, n.wraps())
}

func (n *Binary) text(dst []byte) []byte {
	dst = bracketed(dst, n.Left, n.wrapsLeft())
	if n.Op == ".." {
		dst = append(dst, n.Op...)
	} else {
		dst = append(append(append(dst, ' '), n.Op...), ' ')
	}
	return bracketed(dst, n.Right, n.wrapsRight())
}

func (n *Conditional) text(dst []byte) []byte {
	if n.Words {
		return n.words(dst)
	}
	dst = bracketed(dst, n.If, branches(n.If))
	dst = bracketed(append(dst, " ? "...), n.Then, isConditional(n.Then))
	return bracketed(append(dst, " : "...), n.Else, isConditional(n.Else))
}

func (n *Conditional) words(dst []byte) []byte {
	dst = n.If.text(append(dst, "if "...))
	dst = n.Then.text(append(dst, " { "...))
	dst = append(dst, " } else "...)
	if c, ok := n.Else.(*Conditional); ok && c.Words {
		return c.words(dst)
	}
	return append(n.Else.text(append(dst, "{ "...)), " }"...)
}

func (n *Call) text(dst []byte) []byte {
	_, predicate := predicates[n.Name]
	if constant(n.Name, n.Span) != nil {
		dst = append(dst, "::"...) // lest it is the constant
	}
	dst = append(append(dst, n.Name...), '(')
	for i, arg := range n.Args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		from := len(dst)
		if dst = arg.text(dst); predicate && i == 1 && dst[from] == '{' { // which would not be an object's
			dst = append(slices.Insert(dst, from, '('), ')')
		}
	}
	return append(dst, ')')
}

func (n *Let) text(dst []byte) []byte {
	dst = append(append(append(dst, "let "...), n.Name...), " = "...)
	dst = bracketed(dst, n.Value, endsInLet(n.Value))
	return n.Rest.text(append(dst, "; "...))
}

func (n *List) text(dst []byte) []byte {
	dst = append(dst, '[')
	for i, e := range n.Of {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = e.text(dst)
	}
	return append(dst, ']')
}

func (n *Object) text(dst []byte) []byte {
	dst = append(dst, '{')
	for i, p := range n.Pairs {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		switch key, ok := p.Key.(*String); {
		case !ok:
			dst = bracketed(dst, p.Key, true)
		case isName(key.Value) && !keywords[key.Value]:
			dst = append(dst, key.Value...)
		default:
			dst = key.text(dst)
		}
		dst = p.Value.text(append(dst, ": "...))
	}
	return append(dst, '}')
}
