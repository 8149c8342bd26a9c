package format

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

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
