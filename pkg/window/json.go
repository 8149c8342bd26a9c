package window

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// appendJSON appends v as an element of a list: what came out of a document as its own digits, a time as RFC 3339 in UTC.
func appendJSON(dst []byte, v *record.Value) []byte {
	switch v.Kind {
	case record.String:
		return appendQuoted(dst, v.Text)
	case record.List, record.Object:
		return append(dst, v.Text...)
	case record.False:
		return append(dst, "false"...)
	case record.True:
		return append(dst, "true"...)
	case record.Int:
		n, _ := v.Int()
		return strconv.AppendInt(dst, n, 10)
	case record.Float:
		if len(v.Text) > 0 {
			return append(dst, v.Text...)
		}
		f, _ := v.Float()
		return appendNumber(dst, f)
	case record.Time:
		t, _ := v.Time()
		dst = t.AppendFormat(append(dst, '"'), time.RFC3339Nano)
		return append(dst, '"')
	}
	return append(dst, "null"...)
}

// appendNumber appends f in its shortest exact form, with an exponent only for the very large and very small, as every JSON
// library does.
func appendNumber(dst []byte, f float64) []byte {
	form := byte('f')
	if a := max(f, -f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, 64)
}

// appendQuoted appends text as a JSON string. Bytes that are no UTF-8 become U+FFFD.
func appendQuoted(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\b':
			dst = append(dst, '\\', 'b')
		case r == '\f':
			dst = append(dst, '\\', 'f')
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
		text = text[n:]
	}
	return append(dst, '"')
}
