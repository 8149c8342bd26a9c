package syntax

import "fmt"

// predicates are the functions that evaluate their second argument for each element of the list that is their first, and
// how many arguments each takes.
var predicates = map[string]struct{ least, most int }{
	"all": {2, 2}, "none": {2, 2}, "any": {2, 2}, "one": {2, 2},
	"filter": {2, 2}, "map": {2, 2}, "groupBy": {2, 2},
	"find": {2, 2}, "findIndex": {2, 2}, "findLast": {2, 2}, "findLastIndex": {2, 2},
	"count": {1, 2}, "sum": {1, 2}, "sortBy": {2, 3}, "reduce": {2, 3},
}

// piped reads the call behind a |, whose first argument is what stands in front of it.
func (p *parser) piped(left Node) Node {
	t, ok := p.name("behind | stands a function with its brackets: (name | lower())")
	if !ok {
		return left
	}
	return p.call(t, []Node{left})
}

// call reads the arguments of a function; those in args are there already.
func (p *parser) call(function token, args []Node) Node {
	takes, ok := predicates[function.text]
	if !ok {
		return p.made(&Call{function.Span, function.text, p.arguments(args)})
	}
	p.expect("(", "such as: "+function.text+"(list, # > 1)")
	for first := true; len(args) < takes.most && (len(args) < takes.least || !p.is(")")); first = false {
		if p.is(")") {
			p.fail(p.token.Span, "an argument is missing", "such as: "+function.text+"(list, # > 1)")
		}
		if !first {
			p.comma(")")
		}
		if len(args) == 1 {
			args = append(args, p.body())
		} else {
			args = append(args, p.expression(0))
		}
	}
	if at := p.token.Span; p.take(",") && !p.is(")") {
		p.fail(at, fmt.Sprintf("%s takes at most %d arguments", function.text, takes.most), "")
	}
	p.expect(")", "")
	return p.made(&Call{function.Span, function.text, args})
}

// body reads what a predicate evaluates for each element. Braces around it may hold a let, and so don't make an object.
func (p *parser) body() (n Node) {
	p.loops++
	if p.take("{") {
		n = p.sequence()
		p.expect("}", "an object here stands in brackets: map(list, ({name: #}))")
	} else if n = p.expression(0); p.is(";") {
		p.fail(p.token.Span, "; can't stand here", "a let in a predicate may stand in braces: map(list, {let x = #; x * x})")
	}
	p.loops--
	return n
}

// arguments reads what stands in brackets behind the name of a function.
func (p *parser) arguments(args []Node) []Node {
	p.expect("(", "a function takes its arguments in brackets: lower(name)")
	return p.values(")", args)
}

// values reads values parted by commas up to the closing bracket, and goes behind it. The last may have a comma too.
func (p *parser) values(closing string, values []Node) []Node {
	for first := true; !p.failed && !p.is(closing); first = false {
		if !first {
			if p.comma(closing); p.is(closing) {
				break
			}
		}
		values = append(values, p.expression(0))
	}
	p.expect(closing, "")
	return values
}

// list reads [a, b].
func (p *parser) list() Node {
	at := p.token.Span
	p.next()
	return p.made(&List{at, p.values("]", nil)})
}

// object reads {name: value}.
func (p *parser) object() Node {
	n := &Object{Span: p.token.Span}
	p.next()
	for !p.failed && !p.is("}") {
		if len(n.Pairs) > 0 {
			if p.comma("}"); p.is("}") {
				break
			}
		}
		key := p.key()
		p.expect(":", `such as: {name: a, "two words": b}`)
		n.Pairs = append(n.Pairs, Pair{key, p.expression(0)})
	}
	p.expect("}", "")
	return p.made(n)
}

// key reads the name of a member: a word, a number, a string, or an expression in brackets.
func (p *parser) key() Node {
	t := p.token
	switch {
	case t.kind == name, t.kind == number, t.kind == text:
		p.next()
		return p.made(&String{t.Span, t.text})
	case p.is("("):
		return p.expression(0)
	case t.kind == operator && keywords[t.text]:
		p.fail(t.Span, fmt.Sprintf("%q can't stand here", t.text), fmt.Sprintf("a name that is a word of the language stands in quotes: {%q: a}", t.text))
	default:
		p.misplaced("a name has to stand here")
	}
	return &Nil{}
}
