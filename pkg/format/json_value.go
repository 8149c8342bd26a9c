package format

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// Arena is where the bytes of new strings go: a record.Batch.
type Arena interface {
	Scratch() []byte
	Kept(scratch []byte, from int) []byte
}

// Parse returns the value whose source text is raw, which Skip has passed. Its Text aliases raw but for a string with
// escapes, whose plain form goes to a. A string's bytes that are no UTF-8, and lone surrogates, read as U+FFFD.
//
// An integer that fits 64 bits is an Int; every other number is a Float that keeps its digits in Text. Beyond a float64's
// range it is an infinity, with which comparing works and arithmetic fails.
func Parse(raw []byte, a Arena) record.Value {
	switch raw[0] {
	case '"':
		return record.Value{Kind: record.String, Text: plain(raw[1:len(raw)-1], a)}
	case '{':
		return record.Value{Kind: record.Object, Text: raw}
	case '[':
		return record.Value{Kind: record.List, Text: raw}
	case 't':
		return record.Value{Kind: record.True}
	case 'f':
		return record.Value{Kind: record.False}
	case 'n':
		return record.Value{Kind: record.Null}
	}
	return number(raw)
}

func number(raw []byte) record.Value {
	if n, ok := integer(raw); ok {
		v := record.IntValue(n)
		v.Text = raw
		return v
	}
	// The error can only be that it is out of range, for which the result is an infinity.
	f, _ := strconv.ParseFloat(string(raw), 64)
	v := record.FloatValue(f)
	v.Text = raw
	return v
}

// integer reads an integer without a fraction or exponent that fits 64 bits.
func integer(raw []byte) (n int64, ok bool) {
	digits := raw
	if raw[0] == '-' {
		digits = raw[1:]
	}
	if len(digits) > 18 { // 19 digits may overflow
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return n, err == nil
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if raw[0] == '-' {
		if n == 0 { // -0 is a float
			return 0, false
		}
		n = -n
	}
	return n, true
}

// plain returns the text of a string whose source, without its quotes, is raw.
func plain(raw []byte, a Arena) []byte {
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return raw
	}
	dst := a.Scratch()
	from := len(dst)
	return a.Kept(appendPlain(dst, raw), from)
}

func appendPlain(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '\\':
			var r rune
			r, i = unescape(raw, i)
			dst = utf8.AppendRune(dst, r)
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRune(raw[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
		}
	}
	return dst
}

func unescape(raw []byte, i int) (r rune, next int) {
	switch c := raw[i+1]; c {
	case 'b':
		return '\b', i + 2
	case 'f':
		return '\f', i + 2
	case 'n':
		return '\n', i + 2
	case 'r':
		return '\r', i + 2
	case 't':
		return '\t', i + 2
	case 'u':
		r = unit(raw, i)
		if utf16.IsSurrogate(r) {
			if i+12 <= len(raw) && raw[i+6] == '\\' && raw[i+7] == 'u' {
				if pair := utf16.DecodeRune(r, unit(raw, i+6)); pair != utf8.RuneError {
					return pair, i + 12
				}
			}
			return utf8.RuneError, i + 6
		}
		return r, i + 6
	default:
		return rune(c), i + 2
	}
}

func unit(raw []byte, i int) (r rune) {
	for _, c := range raw[i+2 : i+6] {
		r = r<<4 | rune(hexDigit(c))
	}
	return r
}

// name returns the plain form of a member's name with its quotes, in buf where it has escapes.
func name(quoted, buf []byte) []byte {
	raw := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	return appendPlain(buf[:0], raw)
}
