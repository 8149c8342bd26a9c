package format

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// Append appends v as JSON: what came out of a document as its own digits, what a stage made in its shortest exact form,
// a time as RFC 3339 in UTC, a missing field as null.
func Append(dst []byte, v *record.Value) []byte {
	switch v.Kind {
	case record.String:
		return AppendString(dst, v.Text)
	case record.Missing, record.Null:
		return append(dst, "null"...)
	case record.Time:
		dst = append(dst, '"')
		return append(AppendText(dst, v), '"')
	}
	return AppendText(dst, v)
}

// AppendText appends v as text: a string without quotes, nothing for nil, everything else as JSON.
func AppendText(dst []byte, v *record.Value) []byte {
	switch v.Kind {
	case record.String, record.List, record.Object:
		return append(dst, v.Text...)
	case record.False:
		return append(dst, "false"...)
	case record.True:
		return append(dst, "true"...)
	case record.Int, record.Float:
		return appendNumber(dst, v)
	case record.Time:
		t, _ := v.Time()
		return t.AppendFormat(dst, time.RFC3339Nano)
	}
	return dst
}

func appendNumber(dst []byte, v *record.Value) []byte {
	if v.Text != nil {
		return append(dst, v.Text...)
	}
	if n, ok := v.Int(); ok {
		return strconv.AppendInt(dst, n, 10)
	}
	f, _ := v.Float()
	// As ECMAScript, and with it every JSON library, writes floats: exponents only for the very large and very small.
	form := byte('f')
	if a := max(f, -f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, 64)
}

// AppendString appends text as a JSON string with no more escapes than it needs. Bytes that are no UTF-8 become U+FFFD.
func AppendString(dst, text []byte) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && n == 1 {
				dst = utf8.AppendRune(append(dst, text[from:i]...), utf8.RuneError)
				from = i + 1
			}
			i += n
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			dst = appendEscape(append(dst, text[from:i]...), c)
			from = i + 1
		}
		i++
	}
	return append(append(dst, text[from:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
