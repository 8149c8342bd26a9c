package syntax

// let reads let name = value; rest.
func (p *parser) let() Node {
	p.next()
	name, ok := p.name(letHint)
	if !ok {
		return &Nil{}
	}
	p.expect("=", letHint)
	value := p.expression(0)
	p.expect(";", letHint)
	return p.made(&Let{name.Span, name.text, value, p.sequence()})
}

const letHint = "a let gives a value a name for what stands behind it: let x = a + b; x * 2"

// ifElse reads if condition { value } else { value }, or else if … in the place of the last.
func (p *parser) ifElse() Node {
	defer func() { p.depth-- }()
	if !p.deeper() {
		return &Nil{}
	}
	n := &Conditional{Span: p.token.Span, Words: true}
	p.next()
	n.If = p.expression(0)
	n.Then = p.block()
	p.expect("else", elseHint)
	if p.is("if") {
		n.Else = p.ifElse()
	} else {
		n.Else = p.block()
	}
	return p.made(n)
}

const elseHint = "such as: if a > 5 { b } else { c }, or a > 5 ? b : c"

func (p *parser) block() Node {
	p.expect("{", elseHint)
	n := p.sequence()
	p.expect("}", elseHint)
	return n
}

// ternary reads the ? … : … behind value n, if there is one. There were so many nodes before n.
func (p *parser) ternary(n Node, nodes int) Node {
	for p.is("?") {
		at := p.token.Span
		p.next()
		then := n
		if p.is(":") {
			p.nodes += p.nodes - nodes // of n, which stands in the tree twice
		} else {
			then = p.expression(0)
		}
		p.expect(":", "such as: a > 5 ? b : c")
		n = p.made(&Conditional{Span: at, If: n, Then: then, Else: p.expression(0)})
	}
	return n
}
