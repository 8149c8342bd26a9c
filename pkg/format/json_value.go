package format

import (
	"strconv"
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

// short reads a value of the kinds that most fields have in the step that passes it: a string that stands there as it is, or a
// number of some digits and nothing else. ok is false for every other, which is left for value and Parse.
func (s *scan) short(i int, v *record.Value) (end int, ok bool) {
	if i >= len(s.text) {
		return i, false
	}
	if s.text[i] == '"' {
		end, ok = s.near(i + 1)
		if !ok || s.text[end] != '"' || !utf8.Valid(s.text[i+1:end]) {
			return i, false
		}
		*v = record.Value{Kind: record.String, Text: s.text[i+1 : end]}
		return end + 1, true
	}
	n := int64(0)
	for end = i; end < len(s.text) && '0' <= s.text[end] && s.text[end] <= '9'; end++ {
		n = n*10 + int64(s.text[end]-'0') // which overflows only where there are more digits than below
	}
	const mostDigits = 18
	if end == i || end == len(s.text) || end-i > mostDigits || s.text[i] == '0' || s.text[end] == '.' || s.text[end]|0x20 == 'e' {
		return i, false
	}
	*v = record.IntValue(n)
	v.Text = s.text[i:end]
	return end, true
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
