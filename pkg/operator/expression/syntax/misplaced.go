package syntax

import (
	"cmp"
	"fmt"
	"strings"
)

// expect goes behind a symbol. Where it is not, hint says what to try; "" says that the symbol is missing.
func (p *parser) expect(symbol, hint string) {
	if p.take(symbol) {
		return
	}
	switch {
	case hint != "":
	case p.token.kind == end:
		hint = symbol + " is missing here"
	case startsValue(p.token):
		hint = "an operator or " + symbol + " is missing in front of it"
	default:
		hint = symbol + " is missing in front of it"
	}
	p.misplaced(hint)
}

// comma goes behind the comma between two values, which the closing bracket does not follow.
func (p *parser) comma(closing string) {
	if p.token.kind == end {
		p.expect(closing, "")
		return
	}
	p.expect(",", "")
}

// name takes a name that is no keyword. Where there is none, hint says what to try.
func (p *parser) name(hint string) (t token, ok bool) {
	if t = p.token; t.kind != name {
		p.misplaced(hint)
		return t, false
	}
	p.next()
	return t, true
}

// noValue says that the next token is no value, where one has to stand.
func (p *parser) noValue() {
	switch {
	case p.is("."):
		p.misplaced(elementHint)
	case p.token.kind == operator:
		p.misplaced("a value is missing in front of it")
	default:
		p.misplaced("a value is missing here")
	}
}

const elementHint = "it is the element inside of any(…), filter(…), map(…) and their like"

// noOperator says that the next token does not go on with what is a whole expression.
func (p *parser) noOperator() {
	src, from := p.lexer.src, p.token.From
	switch {
	case strings.HasSuffix(strings.TrimSpace(src[:from]), "NOT"):
		p.misplaced("did you mean not?")
	case p.token.kind == text && from > 0 && src[from-1] == src[from]:
		p.misplaced(`a quote in a string is \` + src[from:from+1])
	case startsValue(p.token):
		p.misplaced("an operator is missing in front of it")
	case p.is(")"), p.is("]"), p.is("}"):
		p.misplaced("it closes nothing")
	case p.is(":"):
		p.misplaced("such as: a > 5 ? b : c")
	default:
		p.misplaced("")
	}
}

// misplaced says that the next token can't stand where it does; otherwise is what to try where the token itself does not
// show what was meant.
func (p *parser) misplaced(otherwise string) {
	t := p.token
	if t.kind == end {
		p.fail(t.Span, "the expression ends too early", otherwise)
		return
	}
	word := p.lexer.src[t.From:t.To]
	message, hint := word+" can't stand here", ""
	switch {
	case t.kind == operator && keywords[word]:
		message, hint = p.keyword(word)
	case word == "=":
		message, hint = p.equals()
	case t.kind == element:
		hint = elementHint
	case t.kind == operator:
		hint = p.sign(word)
	case t.kind == name:
		message, hint = fmt.Sprintf("%q can't stand here", word), foreign[strings.ToLower(word)]
	case t.kind == number && word[0] == '.':
		hint = "an element of a list is taken in brackets: list[" + word[1:] + "]"
	case t.kind == text, t.kind == octets:
		message = "this string can't stand here"
	}
	p.fail(t.Span, message, cmp.Or(hint, otherwise))
}

// keyword says what there is to say of a word of the language.
func (p *parser) keyword(word string) (message, hint string) {
	message = fmt.Sprintf("%q can't stand here", word)
	switch word {
	case "not":
		return message, "not stands in front of a value, or of in, contains, startsWith, endsWith and matches"
	case "let", "if":
		return message, fmt.Sprintf("it begins an expression, or stands in brackets; a field of that name is this[%q]", word)
	}
	if ahead := p.lexer; word != "else" && ahead.next().text == "(" {
		return word + " is no function", fmt.Sprintf(`it stands between two values: a %s "b"`, word)
	}
	return message, fmt.Sprintf("a field of that name is this[%q]", word)
}

func (p *parser) equals() (message, hint string) {
	src, at := p.lexer.src, p.token.Span
	switch {
	case strings.HasPrefix(src[at.To:], ">"):
		return "=> is not part of the language", "at least is >=; inside of any(list, # > 1) the element is #"
	case at.From > 0 && strings.IndexByte("=!<>", src[at.From-1]) >= 0:
		return "= can't stand here", "== compares, != is unequal, <= and >= order"
	}
	return "= sets a field and can't stand here", "== compares"
}

// sign says what was meant by a sign that other languages have.
func (p *parser) sign(word string) (hint string) {
	switch {
	case word == "&":
		return "&& is and"
	case word == ">" && strings.HasSuffix(p.lexer.src[:p.token.From], "<"):
		return "!= is unequal"
	case word == "!":
		return "!= is unequal"
	}
	return ""
}

// foreign are words that stand between two values in other languages.
var foreign = map[string]string{
	"and": "did you mean and?", "or": "did you mean or?", "not": "did you mean not?", "in": "did you mean in?",
	"is": "x == nil asks for what is missing", "like": "contains, startsWith, endsWith and matches look into strings",
	"between": "n in 1..10, or 1 <= n <= 10", "eq": "== compares", "ne": "!= is unequal", "mod": "% is the rest",
}

// startsValue reports whether a value may begin with t.
func startsValue(t token) bool {
	switch t.kind {
	case end, bad:
		return false
	case operator:
		return t.text == "(" || t.text == "[" || t.text == "{" || t.text == "::"
	}
	return true
}
