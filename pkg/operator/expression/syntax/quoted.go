package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Unquote returns what a string of the language stands for. ok is false where quoted is not one string and nothing else.
func Unquote(quoted string) (content string, ok bool) {
	l := &lexer{src: quoted}
	t := l.next()
	return t.text, t.kind == text && t.Span == Span{0, len(quoted)} && utf8.ValidString(quoted)
}

// quoted reads a string in " or '. Its token begins at from, which is in front of the quote where a letter stands there.
func (l *lexer) quoted(from int) token {
	quote := l.src[l.at]
	l.at++
	begin := l.at
	n := strings.IndexAny(l.src[begin:], "\\\r\n"+string(quote))
	if n >= 0 && l.src[begin+n] == quote {
		l.at = begin + n + 1 // as nearly all are: what stands there is what is meant
		return token{Span: Span{from, l.at}, kind: text, text: l.src[begin : begin+n]}
	}
	var b strings.Builder
	for l.at < len(l.src) {
		switch c := l.src[l.at]; c {
		case quote:
			l.at++
			return token{Span: Span{from, l.at}, kind: text, text: b.String()}
		case '\n':
			return l.bad(from, l.at, neverClosed, "a string ends on its line, but for one in `…`")
		case '\r': // the end of a line, as everywhere in a string
			l.at++
			b.WriteByte('\n')
		case '\\':
			r, fault := l.escape(quote)
			if fault != nil {
				return token{Span: fault.Span, kind: bad, fault: fault}
			}
			b.WriteRune(r)
		default:
			l.at++
			b.WriteByte(c)
		}
	}
	return l.bad(from, l.at, neverClosed, "")
}

const neverClosed = "this string is never closed"

// raw reads a string in back quotes: nothing in it is an escape, but for two back quotes, which are one.
func (l *lexer) raw() token {
	from := l.at
	for l.at++; l.at < len(l.src); l.at++ {
		if l.src[l.at] != '`' {
			continue
		}
		if l.at++; !strings.HasPrefix(l.src[l.at:], "`") {
			inner := strings.ReplaceAll(l.src[from+1:l.at-1], "``", "`")
			return token{Span: Span{from, l.at}, kind: text, text: inner}
		}
	}
	return l.bad(from, l.at, neverClosed, "")
}

// plain are the escapes of one letter, besides the quote that a string stands in.
var plain = map[byte]rune{'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\'}

// escape reads what a backslash begins: a letter, \x41, \101, \u0041, \u{41} or \U00000041.
func (l *lexer) escape(quote byte) (rune, *Fault) {
	from := l.at
	rest := l.src[from+1:]
	if rest == "" {
		l.at++
		return 0, l.bad(from, l.at, neverClosed, "").fault
	}
	if r, ok := plain[rest[0]]; ok || rest[0] == quote {
		l.at += 2
		if !ok {
			r = rune(quote)
		}
		return r, nil
	}
	digits, base, width := escaped(rest)
	l.at += 1 + width
	n, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil || width == 0:
		_, size := utf8.DecodeRuneInString(rest)
		return 0, l.bad(from, from+1+max(size, width), fmt.Sprintf("%s is no escape", l.src[from:from+1+max(size, width)]),
			"a backslash itself is \\\\; a string in back quotes has no escapes: `\\d+`").fault
	case 0xD800 <= n && n < 0xE000:
		return 0, l.bad(from, l.at, fmt.Sprintf("%s is half of a character", l.src[from:l.at]), `write it whole: "\u{1F600}"`).fault
	case n > utf8.MaxRune:
		return 0, l.bad(from, l.at, fmt.Sprintf("%s is beyond the last character", l.src[from:l.at]), "").fault
	}
	return rune(n), nil
}

// escaped returns the digits of an escape by number, their base, and how wide it is behind its backslash; 0: it is none.
func escaped(s string) (digits string, base, width int) {
	if s[0] == 'u' && strings.HasPrefix(s[1:], "{") {
		digits, _, closed := strings.Cut(s[2:], "}")
		if !closed || len(digits) > 6 {
			return "", 16, 0
		}
		return digits, 16, len("u{}") + len(digits)
	}
	wide := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[0]]
	switch {
	case '0' <= s[0] && s[0] <= '3' && len(s) >= 3:
		return s[:3], 8, 3
	case wide > 0 && len(s) > wide:
		return s[1 : 1+wide], 16, 1 + wide
	}
	return "", 16, 0
}
