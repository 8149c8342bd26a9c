package expression

import (
	"github.com/kstream/kstream/pkg/record"
)

// urlEncode escapes all but letters, digits and - . _ ~, as RFC 3986 has it for a part of a URL: a space is %20.
func urlEncode(f *Frame, args []record.Value) record.Value {
	const digits = "0123456789ABCDEF"
	text := args[0].Text
	if !f.room(3 * len(text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	for _, c := range text {
		if unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', digits[c>>4], digits[c&15])
		}
	}
	return f.text(record.String, dst, from)
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// urlDecode takes escapes back; a plus is a space, as browsers and forms write it.
func urlDecode(f *Frame, args []record.Value) record.Value {
	text := args[0].Text
	if !f.room(len(text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst, ok := appendUnescaped(dst, text)
	if !ok {
		return f.fail(errEscape)
	}
	return f.text(record.String, dst, from)
}

// appendUnescaped appends what text stands for; ok is false where a % is no escape.
func appendUnescaped(dst, text []byte) (_ []byte, ok bool) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '+':
			dst = append(dst, ' ')
		case '%':
			if i+2 >= len(text) {
				return dst, false
			}
			high, low := hexDigit(text[i+1]), hexDigit(text[i+2])
			if high < 0 || low < 0 {
				return dst, false
			}
			dst = append(dst, byte(high<<4|low))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst, true
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
