package syntax

// operand reads a value without operators between values: a sign or a negation in front, members and slices behind. Numbers
// and constants have neither.
func (p *parser) operand() Node {
	t := p.token
	if precedence, ok := unary[t.text]; ok && t.kind == operator {
		p.next()
		return p.postfix(p.made(&Unary{t.Span, t.text, p.expression(precedence)}))
	}
	if t.kind == number {
		p.next()
		return p.value(t)
	}
	if n := constant(t.text, t.Span); n != nil && t.kind == name {
		p.next()
		return p.made(n)
	}
	return p.postfix(p.primary())
}

// constant returns the value that a word is, or nil.
func constant(word string, at Span) Node {
	switch word {
	case "nil":
		return &Nil{at}
	case "true", "false":
		return &Bool{at, word == "true"}
	}
	return nil
}

// primary reads a value behind which members and slices may stand.
func (p *parser) primary() Node {
	t := p.token
	switch {
	case p.take("("):
		n := p.sequence()
		if p.is(",") {
			p.misplaced("several values are a list: [a, b]")
		}
		p.expect(")", "")
		return n
	case p.is(".") && p.loops > 0: // of .name, which postfix reads
		return p.made(&Element{Span: t.Span})
	case t.kind == element && p.loops > 0:
		p.next()
		return p.made(&Element{t.Span, t.text[len("#"):]})
	case p.take("::"): // expr's way to mean its own function and none of the program's
		if t, ok := p.name("a function has to stand here: ::len(list)"); ok {
			return p.call(t, nil)
		}
		return &Nil{}
	case t.kind == name:
		if p.next(); p.is("(") {
			return p.call(t, nil)
		}
		return p.made(&Name{t.Span, t.text})
	case t.kind == octets:
		p.fault(t.Span, `write "…"`, "byte strings are not part of the language")
		fallthrough
	case t.kind == text:
		p.next()
		return p.made(&String{t.Span, t.text})
	case p.is("["):
		return p.list()
	case p.is("{"):
		return p.object()
	}
	p.noValue()
	return &Nil{}
}

// postfix reads the members and slices that stand behind a value.
func (p *parser) postfix(n Node) Node {
	for {
		at := p.token.Span
		switch {
		case p.take("."):
			n = p.member(n, false)
		case p.take("?."):
			if at = p.token.Span; p.take("[") {
				n = p.bracket(n, at, true)
			} else {
				n = p.member(n, true)
			}
		case p.take("["):
			n = p.bracket(n, at, false)
		default:
			return n
		}
	}
}

// member reads the name behind a dot. A call there is a method's, and values have none.
func (p *parser) member(of Node, optional bool) Node {
	t := p.token
	if word := t.kind == name || t.kind == operator && keywords[t.text]; !word {
		hint := `a name has to stand here; one in quotes stands in brackets: user["first name"]`
		if _, ok := of.(*Element); ok {
			hint = "the element itself is #, a member of it #.name or .name"
		}
		p.misplaced(hint)
		return of
	}
	p.next()
	n := p.made(&Member{Span: t.Span, Of: of, Property: p.made(&String{t.Span, t.text}), Optional: optional})
	if p.is("(") {
		p.fault(t.Span, "functions take their value in brackets: lower(name)", "values have no methods")
		p.arguments(nil)
	}
	return n
}

// bracket reads [index], or the bounds of a slice. The bracket at at has been read.
func (p *parser) bracket(of Node, at Span, optional bool) Node {
	var from, to Node
	if !p.is(":") {
		from = p.expression(0)
		if !p.is(":") {
			p.expect("]", "")
			return p.made(&Member{at, of, from, true, optional})
		}
	}
	p.next()
	if !p.is("]") {
		to = p.expression(0)
	}
	p.expect("]", "")
	return p.made(&Slice{at, of, from, to})
}
