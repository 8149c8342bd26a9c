package syntax

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// number reads a number as far as its letters go: 12, 1_000, 0x1F, 0o17, 0b101, 2.5, .5, 1e-9. Whether they make one is
// value's to say.
func (l *lexer) number() token {
	from := l.at
	l.pass(".", 1)
	digits := "0123456789_"
	if l.pass("0", 1) {
		switch {
		case l.pass("xX", 1):
			digits = "0123456789abcdefABCDEF_"
		case l.pass("oO", 1):
			digits = "01234567_"
		case l.pass("bB", 1):
			digits = "01_"
		}
	}
	l.pass(digits, len(l.src))
	if !strings.HasPrefix(l.src[l.at:], "..") && l.pass(".", 1) { // 1..5 is a range
		l.pass(digits, len(l.src))
	}
	if l.pass("eE", 1) {
		l.pass("+-", 1)
		l.pass(digits, len(l.src))
	}
	if r, _ := utf8.DecodeRuneInString(l.src[l.at:]); isWord(r) {
		l.word()
		return l.bad(from, l.at, notNumber(l.src[from:l.at]), "")
	}
	return l.token(number, from)
}

// pass goes over at most so many bytes that are one of set, and reports whether there were any.
func (l *lexer) pass(set string, most int) bool {
	from := l.at
	for l.at < len(l.src) && l.at-from < most && strings.IndexByte(set, l.src[l.at]) >= 0 {
		l.at++
	}
	return l.at > from
}

// value makes a node of a number.
func (p *parser) value(t token) Node {
	digits := strings.ToLower(strings.ReplaceAll(t.text, "_", ""))
	if !strings.HasPrefix(digits, "0x") && strings.ContainsAny(digits, ".e") {
		x, err := strconv.ParseFloat(digits, 64)
		p.check(t, err, "floats")
		return p.made(&Float{t.Span, x})
	}
	base := 10
	for prefix, b := range map[string]int{"0x": 16, "0o": 8, "0b": 2} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			base, digits = b, rest
			break
		}
	}
	n, err := strconv.ParseUint(digits, base, 63)
	p.check(t, err, "integers")
	return p.made(&Int{t.Span, int64(n)})
}

func (p *parser) check(t token, err error, which string) {
	switch {
	case errors.Is(err, strconv.ErrRange):
		p.fail(t.Span, "the number is beyond 64-bit "+which, "")
	case err != nil:
		p.fail(t.Span, notNumber(t.text), "")
	}
}

func notNumber(s string) string { return fmt.Sprintf("%s is no number", s) }
