package syntax

// sequence reads one expression, or several of which the last one counts. The language has no use for more than one: what
// is not the last can't do anything.
func (p *parser) sequence() Node {
	n := p.expression(0)
	at := p.token.Span
	for several := false; p.take(";") && p.token.kind != end; several = true {
		if !several {
			p.fault(at, "", "an expression is one value: what stands before the ; does nothing")
		}
		n = p.expression(0)
	}
	return n
}

// expression reads a value whose operators bind at least so tightly; with 0 all of them do, branches too.
func (p *parser) expression(least int) Node {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return &Nil{}
	}
	if least == 0 && p.is("let") {
		return p.let()
	}
	if least == 0 && p.is("if") {
		return p.ifElse()
	}
	nodes := p.nodes
	left := p.operand()
	before := ""
	for {
		op, negated, ok := p.operator(least)
		if !ok {
			break
		}
		switch {
		case op.text == "|":
			left = p.piped(left)
		case before == "??" && op.text != "??":
			word := p.lexer.src[op.From:op.To]
			p.fail(op.Span, "?? and "+word+" need brackets to say which comes first", "such as: (a ?? b) "+word+" c")
		case ordering(op.text):
			left = p.ordered(left, op)
		default:
			left = p.binary(left, op)
		}
		if negated {
			left = p.made(&Unary{op.Span, "not", left})
		}
		before = op.text
	}
	if least == 0 {
		left = p.ternary(left, nodes)
	}
	return left
}

// operator goes behind the operator that stands between two values, if one is next and binds at least so tightly. negated
// reports a not in front of it, which is part of its place.
func (p *parser) operator(least int) (op token, negated, ok bool) {
	if p.token.kind != operator {
		return op, false, false
	}
	op = p.token
	ahead := p.lexer
	if negated = p.is("not"); negated {
		op = ahead.next()
		if op.kind != operator || !negatable(op.text) {
			p.noOperator()
			return op, false, false
		}
		op.From = p.token.From
	}
	order, known := operators[op.text]
	if !known || order.precedence < least {
		return op, false, false
	}
	p.lexer = ahead
	p.next()
	return op, negated, true
}

func (p *parser) binary(left Node, op token) Node {
	least := operators[op.text].precedence
	if !operators[op.text].right {
		least++
	}
	return p.made(&Binary{op.Span, op.text, left, p.expression(least)})
}

// ordered reads a comparison, or a chain of them: 1 < x < 3 is 1 < x && x < 3.
func (p *parser) ordered(left Node, op token) (all Node) {
	for {
		nodes := p.nodes
		right := p.expression(comparing + 1)
		size := p.nodes - nodes
		one := p.made(&Binary{op.Span, op.text, left, right})
		if all == nil {
			all = one
		} else {
			all = p.made(&Binary{op.Span, "&&", all, one})
		}
		if p.token.kind != operator || !ordering(p.token.text) {
			return all
		}
		left, op = right, p.token
		p.nodes += size // which stands in the tree twice
		p.next()
	}
}
