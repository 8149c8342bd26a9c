package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	end      kind = iota
	bad           // nothing of the language: fault says why
	name          // a word that is no keyword
	operator      // a keyword, a bracket or any other sign
	number
	text    // a string; the token's text is what it stands for
	octets  // a byte string, which the language has not
	element // # and what stands at it
)

// token is one word of an expression.
type token struct {
	Span
	kind  kind
	text  string
	fault *Fault // why it is bad
}

// lexer cuts an expression into tokens. A copy of it looks ahead.
type lexer struct {
	src string // UTF-8
	at  int
}

// next returns the token at or behind at, and goes behind it. At the end it stays.
func (l *lexer) next() token {
	if from, open := l.skip(); open {
		return l.bad(from, from+len("/*"), "this comment is never closed", "")
	}
	if l.at == len(l.src) {
		return token{Span: Span{l.at, l.at}}
	}
	from := l.at
	switch c := l.src[from]; {
	case c == '"', c == '\'':
		return l.quoted(from)
	case c == '`':
		return l.raw()
	case (c == 'b' || c == 'B') && (l.behind() == '"' || l.behind() == '\''):
		l.at++
		t := l.quoted(from)
		if t.kind == text {
			t.kind = octets
		}
		return t
	case isDigit(c), c == '.' && isDigit(l.behind()):
		return l.number()
	case c == '#':
		l.at++
		l.word()
		return l.token(element, from)
	case c < utf8.RuneSelf && l.sign():
		return l.token(operator, from)
	}
	switch word := l.word(); {
	case word == "":
		return l.stranger()
	case keywords[word]:
		return l.token(operator, from)
	}
	return l.token(name, from)
}

// behind returns the byte behind the one at at, 0 at the end.
func (l *lexer) behind() byte {
	if l.at+1 < len(l.src) {
		return l.src[l.at+1]
	}
	return 0
}

// skip goes over white space and comments. open reports a comment that begins at from and does not end.
func (l *lexer) skip() (from int, open bool) {
	for {
		l.at = len(l.src) - len(strings.TrimLeftFunc(l.src[l.at:], unicode.IsSpace))
		rest := l.src[l.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			line, _, _ := strings.Cut(rest, "\n")
			l.at += len(line)
		case strings.HasPrefix(rest, "/*"):
			inner, _, closed := strings.Cut(rest[len("/*"):], "*/")
			if !closed {
				return l.at, true
			}
			l.at += len("/*") + len(inner) + len("*/")
		default:
			return 0, false
		}
	}
}

// sign goes behind a sign, the longest one that stands there, and reports whether there is one.
func (l *lexer) sign() bool {
	rest := l.src[l.at:]
	switch rest[:min(2, len(rest))] {
	case "&&", "||", "==", "!=", "<=", ">=", "**", "..", "?.", "??", "::":
		l.at += 2
		return true
	}
	if strings.IndexByte("()[]{},;:.?|&!=<>+-*/%^", rest[0]) < 0 {
		return false
	}
	l.at++
	return true
}

// word goes behind letters and digits, and returns them.
func (l *lexer) word() string {
	rest := l.src[l.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) })
	if n < 0 {
		n = len(rest)
	}
	l.at += n
	return rest[:n]
}

// stranger is the token of a character that nothing begins with.
func (l *lexer) stranger() token {
	r, n := utf8.DecodeRuneInString(l.src[l.at:])
	hint := ""
	if strings.ContainsRune("“”„‘’‚«»´", r) {
		hint = `a string stands in "…", '…' or back quotes`
	}
	message := fmt.Sprintf("%c is not part of the language", r)
	if !unicode.IsGraphic(r) {
		message = fmt.Sprintf("the character %U is not part of the language", r)
	}
	return l.bad(l.at, l.at+n, message, hint)
}

func (l *lexer) token(k kind, from int) token {
	return token{Span: Span{from, l.at}, kind: k, text: l.src[from:l.at]}
}

func (l *lexer) bad(from, to int, message, hint string) token {
	at := Span{from, to}
	return token{Span: at, kind: bad, fault: &Fault{at, message, hint}}
}

func isWord(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isName reports whether s can stand behind a dot.
func isName(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && !unicode.IsDigit(first) && strings.IndexFunc(s, func(r rune) bool { return !isWord(r) }) < 0
}
