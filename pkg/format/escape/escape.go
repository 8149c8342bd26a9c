// Package escape undoes the escapes that programs put into quoted texts of their logs: those of Go, JSON, C, nginx and
// Apache.
package escape

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// End returns where the text ends that begins at text[from] and stands in double quotes: the place of the first quote that
// no backslash takes, or -1.
func End(text []byte, from int) int {
	for i := from; ; {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return -1
		}
		quote, before := i+n, i+n
		for before > from && text[before-1] == '\\' {
			before--
		}
		if (quote-before)%2 == 0 {
			return quote
		}
		i = quote + 1
	}
}

// Append appends text with its escapes undone: \n and its kin, \", \\, \/, \xHH, \uHHHH (surrogate pairs too) and
// \UHHHHHHHH. \xHH are bytes of UTF-8; such as are none stay as they stand, and so does every escape that is not one: what
// they stand for is not known, and nothing is lost.
func Append(dst, text []byte) []byte {
	for {
		n := bytes.IndexByte(text, '\\')
		if n < 0 || n+1 == len(text) {
			return append(dst, text...)
		}
		dst = append(dst, text[:n]...)
		text = text[n:]
		r, size := read(text)
		if size == 0 {
			dst = append(dst, '\\')
			text = text[1:]
			continue
		}
		dst = utf8.AppendRune(dst, r)
		text = text[size:]
	}
}

// read returns the character that the escape at the begin of text stands for, and its length, 0 where it is none.
func read(text []byte) (r rune, size int) {
	switch c := text[1]; c {
	case '"', '\\', '/', '\'':
		return rune(c), 2
	case 'x':
		return readBytes(text)
	case 'u':
		return readUnits(text)
	case 'U':
		r, ok := hex(text, 2, 8)
		if !ok || !utf8.ValidRune(r) {
			return 0, 0
		}
		return r, 10
	default:
		return control(c)
	}
}

func control(c byte) (r rune, size int) {
	switch c {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'v':
		return '\v', 2
	case 'a':
		return '\a', 2
	}
	return 0, 0
}

// readBytes reads as many \xHH as make one character.
func readBytes(text []byte) (r rune, size int) {
	var run [utf8.UTFMax]byte
	n := 0
	for n < len(run) && len(text) >= 4*n+4 && text[4*n] == '\\' && text[4*n+1] == 'x' {
		b, ok := hex(text, 4*n+2, 2)
		if !ok {
			break
		}
		run[n] = byte(b)
		n++
	}
	r, bytes := utf8.DecodeRune(run[:n])
	if r == utf8.RuneError && bytes <= 1 {
		return 0, 0
	}
	return r, 4 * bytes
}

func readUnits(text []byte) (r rune, size int) {
	r, ok := hex(text, 2, 4)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if low, ok := hex(text, 8, 4); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return 0, 0
}

// hex reads the n digits at text[at].
func hex(text []byte, at, n int) (v rune, ok bool) {
	if len(text) < at+n {
		return 0, false
	}
	for _, c := range text[at : at+n] {
		switch {
		case '0' <= c && c <= '9':
			v = v<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
