// Package scalar tells what a piece of text stands for in formats that have nothing but text: a number, a truth value, a
// string, or nothing.
package scalar

import (
	"bytes"
	"errors"

	"github.com/kstream/kstream/pkg/format"
)

// Type is what a field's text is read as.
type Type uint8

// The types of fields.
const (
	// Inferred goes by the text alone: a number as JSON writes it, true, false, nothing (null), else a string. Nothing is
	// lost by it, since what it makes of a text is written as that text again: 007, +1 and True are strings. So is 12e4,
	// which is more often part of a hash; an exponent counts behind a fraction or with a sign, as programs write it.
	Inferred Type = iota
	// String takes every text as it stands.
	String
	// Number takes decimal numbers with all their digits, a plus, zeros ahead and space around them too; nothing is null.
	Number
	// Bool takes true and false, yes and no, t and f, y and n, 1 and 0, in any case; nothing is null.
	Bool
)

// What Append says of a text that is not of its type.
var (
	ErrNotNumber = errors.New("the text is no number")
	ErrNotBool   = errors.New("the text is neither true nor false (nor yes, no, t, f, y, n, 1, 0)")
)

// TypeOf returns the type that users write as string, number or bool.
func TypeOf(name string) (t Type, ok bool) {
	switch name {
	case "string":
		return String, true
	case "number":
		return Number, true
	case "bool":
		return Bool, true
	}
	return Inferred, false
}

// Append appends what text stands for as JSON. The error says what a text that is not of the type should have been; dst is
// as it was then.
func Append(dst, text []byte, t Type) ([]byte, error) {
	switch t {
	case String:
		return format.AppendString(dst, text), nil
	case Number:
		return appendNumber(dst, bytes.TrimSpace(text))
	case Bool:
		word, err := truth(bytes.TrimSpace(text))
		return append(dst, word...), err
	}
	return AppendInferred(dst, text), nil
}

// AppendInferred is Append for Inferred, which takes every text.
func AppendInferred(dst, text []byte) []byte {
	switch {
	case len(text) == 0:
		return append(dst, "null"...)
	case Plain(text):
		return append(dst, text...)
	}
	return format.AppendString(dst, text)
}

// Plain reports whether Inferred takes text for a number, true or false: for something other than a string.
func Plain(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	switch c := text[0]; {
	case c == 't':
		return string(text) == "true"
	case c == 'f':
		return string(text) == "false"
	case c == '-' || isDigit(c):
		return isNumber(text) && !likeHash(text)
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isNumber reports whether text is a number of JSON. (format.Skip would do, but for what it allocates to say why not.)
func isNumber(text []byte) bool {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	whole := digits(text, i)
	if whole == i || whole > i+1 && text[i] == '0' {
		return false
	}
	if i = whole; i < len(text) && text[i] == '.' {
		from := i + 1
		if i = digits(text, from); i == from {
			return false
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		if i++; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		from := i
		if i = digits(text, from); i == from {
			return false
		}
	}
	return i == len(text)
}

// digits returns where the digits end that begin at text[i].
func digits(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

// likeHash reports whether the number has an exponent that no program would have written.
func likeHash(number []byte) bool {
	for i, c := range number {
		switch c {
		case '.', '+':
			return false
		case '-':
			if i > 0 {
				return false
			}
		case 'e', 'E':
			return isDigit(number[i+1])
		}
	}
	return false
}

func appendNumber(dst, text []byte) ([]byte, error) {
	if len(text) == 0 {
		return append(dst, "null"...), nil
	}
	from := len(dst)
	if text[0] == '-' {
		dst = append(dst, '-')
	}
	if text[0] == '-' || text[0] == '+' {
		text = text[1:]
	}
	for len(text) > 1 && text[0] == '0' && isDigit(text[1]) {
		text = text[1:]
	}
	if len(text) > 0 && text[0] == '.' {
		dst = append(dst, '0')
	} else if len(text) == 0 || !isDigit(text[0]) {
		return dst[:from], ErrNotNumber
	}
	dst = append(dst, text...)
	if !isNumber(dst[from:]) {
		return dst[:from], ErrNotNumber
	}
	return dst, nil
}

// truth returns the word of JSON that text stands for.
func truth(text []byte) (word string, err error) {
	if len(text) == 0 {
		return "null", nil
	}
	for _, yes := range [...]string{"true", "t", "yes", "y", "1"} {
		if same(text, yes) {
			return "true", nil
		}
	}
	for _, no := range [...]string{"false", "f", "no", "n", "0"} {
		if same(text, no) {
			return "false", nil
		}
	}
	return "", ErrNotBool
}

// same compares text in any case with a word in lower case.
func same(text []byte, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
