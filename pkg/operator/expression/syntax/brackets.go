package syntax

import "math"

// bracketed appends n, in brackets where it needs them.
func bracketed(dst []byte, n Node, needed bool) []byte {
	if !needed {
		return n.text(dst)
	}
	return append(n.text(append(dst, '(')), ')')
}

// wraps reports whether the value of a sign or a negation needs brackets.
func (n *Unary) wraps() bool {
	b, ok := n.Of.(*Binary)
	return branches(n.Of) || ok && operators[b.Op].precedence < unary[n.Op]
}

// wrapsLeft reports whether the left value of an operator needs brackets. Logic of two kinds has them for the reader, as
// expr writes it.
func (n *Binary) wrapsLeft() bool {
	of := operators[n.Op]
	if l, ok := n.Left.(*Binary); ok {
		order := operators[l.Op]
		switch {
		case order.precedence < of.precedence, order.precedence == of.precedence && of.right,
			l.Op == "??", // which goes with nothing else
			logical(l.Op) && l.Op != n.Op,
			ordering(l.Op) && ordering(n.Op): // would be a chain
			return true
		}
	}
	return branches(n.Left) || edge(n.Left) < of.precedence
}

// wrapsRight reports whether the right value of an operator needs brackets.
func (n *Binary) wrapsRight() bool {
	of := operators[n.Op]
	r, ok := n.Right.(*Binary)
	if !ok {
		return branches(n.Right)
	}
	order := operators[r.Op]
	return order.precedence < of.precedence || order.precedence == of.precedence && !of.right || logical(r.Op) && r.Op != n.Op
}

// edge returns how tightly an operator behind n has to bind for a sign or a negation at n's end to take it.
func edge(n Node) int {
	switch n := n.(type) {
	case *Unary:
		if n.wraps() {
			return unary[n.Op]
		}
		return min(unary[n.Op], edge(n.Of))
	case *Binary:
		if !n.wrapsRight() {
			return edge(n.Right)
		}
	}
	return math.MaxInt
}

// takesPostfix reports whether a member or a slice may follow n as it stands.
func takesPostfix(n Node) bool {
	switch n.(type) {
	case *Nil, *Bool, *Int, *Float, *Unary, *Binary, *Conditional, *Let:
		return false
	}
	return true
}

// branches reports whether n goes as far to the right as it can.
func branches(n Node) bool {
	_, let := n.(*Let)
	return let || isConditional(n)
}

func isConditional(n Node) bool {
	_, ok := n.(*Conditional)
	return ok
}

// endsInLet reports whether a ; behind n would be part of it.
func endsInLet(n Node) bool {
	switch n := n.(type) {
	case *Let:
		return true
	case *Conditional:
		return !n.Words && endsInLet(n.Else)
	}
	return false
}
