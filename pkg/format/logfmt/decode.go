// Package logfmt reads and writes lines of name=value, as Heroku, go-kit and Go's log/slog write them.
package logfmt

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/escape"
	"github.com/kstream/kstream/pkg/format/scalar"
)

// Decoder is a format.Transcoder: a payload is one line, each of whose pairs is a field. One goroutine uses it.
//
// A value in quotes is a string. Of the others a number as JSON writes it, true, false and null are that (scalar.Inferred),
// and everything else is a string; nothing behind the equals sign is an empty one. A name alone is true, in a line that has a value
// too. A name may stand in
// quotes, and one with dots is the name of one field.
type Decoder struct {
	scan scanner
	buf  []byte // a text that has escapes
}

// New returns a decoder.
func New() *Decoder { return &Decoder{} }

// AppendJSON appends the line of payload as an object, with its fields in their order; a name that comes twice is there
// twice. A second line is an error.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if err := d.scan.reset(payload); err != nil {
		return dst, err
	}
	for separator := byte('{'); d.scan.more(); separator = ',' {
		p, err := d.scan.next()
		if err != nil {
			return dst, err
		}
		dst = append(d.text(append(dst, separator), p.name, p.nameQuoted), ':')
		dst = d.value(dst, &p)
	}
	return append(dst, '}'), d.scan.end()
}

// text appends text as a JSON string. Only in quotes it has escapes.
func (d *Decoder) text(dst, text []byte, quoted bool) []byte {
	if quoted && bytes.IndexByte(text, '\\') >= 0 {
		d.buf = escape.Append(d.buf[:0], text)
		text = d.buf
	}
	return format.AppendString(dst, text)
}

func (d *Decoder) value(dst []byte, p *pair) []byte {
	switch {
	case p.alone:
		return append(dst, "true"...)
	case p.valueQuoted || len(p.value) == 0:
		return d.text(dst, p.value, p.valueQuoted)
	case string(p.value) == "null":
		return append(dst, "null"...)
	}
	return scalar.AppendInferred(dst, p.value)
}

var _ format.Transcoder = (*Decoder)(nil)
