package format

import "bytes"

// past returns where the value at text[i] ends. The text has passed Skip before: nothing is checked again, and strings
// are left by the next quote that no backslash takes.
func past(text []byte, i int) int {
	switch text[i] {
	case '"':
		return pastString(text, i)
	case '{', '[':
		return pastBrackets(text, i)
	}
	for i < len(text) && !ends(text[i]) {
		i++
	}
	return i
}

// ends reports whether c can't be part of a number, true, false or null.
func ends(c byte) bool { return c == ',' || c == '}' || c == ']' || c <= ' ' }

func pastString(text []byte, i int) int {
	for from := i + 1; ; {
		quote := from + bytes.IndexByte(text[from:], '"')
		before := quote
		for text[before-1] == '\\' {
			before--
		}
		if (quote-before)%2 == 0 {
			return quote + 1
		}
		from = quote + 1
	}
}

func pastBrackets(text []byte, i int) int {
	for depth := 0; ; {
		switch text[i] {
		case '"':
			i = pastString(text, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if i++; depth == 0 {
			return i
		}
	}
}
