package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"unicode/utf8"
)

// A payload is somebody else's text: what of it a terminal would obey, to move the cursor, to change the title, to answer as
// if it had been typed, is shown and not sent.

// safe returns text as a terminal may show it: each control character but tab and new line, and each character that turns
// the direction of writing about, as \u001b is. That form leaves JSON the JSON that it is. A carriage return at a line's end
// is dropped. Text that is safe as it is comes back itself.
func safe(text []byte) []byte {
	if utf8.Valid(text) && !bytes.ContainsFunc(text, obeyed) {
		return text
	}
	res := make([]byte, 0, len(text)+16)
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		switch {
		case r == '\r' && (at+1 == len(text) || text[at+1] == '\n'):
		case obeyed(r), r == utf8.RuneError && size == 1: // a terminal may take what is no UTF-8 for C1
			res = fmt.Appendf(res, `\u%04x`, r)
		default:
			res = append(res, text[at:at+size]...)
		}
		at += size
	}
	return res
}

// obeyed reports whether a terminal does something about r other than to show it: the control characters C0, DEL and C1, and
// Unicode's marks, overrides and isolates of direction.
func obeyed(r rune) bool {
	switch {
	case r == '\t', r == '\n':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f
}

// safeWriter writes lines, one or more a call, as a terminal may show them.
type safeWriter struct{ to io.Writer }

// Write implements io.Writer.
func (w safeWriter) Write(p []byte) (int, error) {
	if _, err := w.to.Write(safe(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// isText reports whether a person can read data: it is UTF-8, and has no control characters but those that are met in text:
// tabs, ends of lines and pages, backspaces, and the escapes of colours.
func isText(data []byte) bool {
	return utf8.Valid(data) && !bytes.ContainsFunc(data, func(r rune) bool {
		return r < ' ' && !bytes.ContainsRune([]byte("\t\n\r\f\v\b\x1b"), r)
	})
}

// dumped is how much of a payload is shown in a hex dump: sixteen lines. A person sees what it begins with.
const dumped = 256 // bytes

// dump appends data as a hex dump, and says what of it is left out.
func dump(dst, data []byte) []byte {
	shown := data[:min(len(data), dumped)]
	dst = append(dst, bytes.TrimSuffix([]byte(hex.Dump(shown)), []byte("\n"))...)
	if more := len(data) - len(shown); more > 0 {
		dst = fmt.Appendf(dst, "\n… and %d bytes more (-o json has them all)", more)
	}
	return dst
}
