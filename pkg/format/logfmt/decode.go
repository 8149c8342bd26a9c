// Package logfmt reads and writes lines of name=value, as Heroku, go-kit and Go's log/slog write them.
package logfmt

import (
	"bytes"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/escape"
	"github.com/kstream/kstream/pkg/format/scalar"
)

// Decoder is a format.Transcoder: a payload is one line, each of whose pairs is a field. One goroutine uses it.
//
// A value in quotes is a string. Of the others a number as JSON writes it, true, false and null are that (scalar.Inferred),
// and everything else is a string; nothing behind the equals sign is an empty one. A name alone is true. A name may stand in
// quotes, and one with dots is the name of one field.
type Decoder struct {
	text []byte
	at   int
	buf  []byte // a text that has escapes
}

// New returns a decoder.
func New() *Decoder { return &Decoder{} }

func fault(at int, problem string) error {
	return fmt.Errorf("the payload is not logfmt: %s at byte %d", problem, at)
}

// AppendJSON appends the line of payload as an object, with its fields in their order; a name that comes twice is there
// twice. A second line is an error.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if _, err := format.Text(payload); err != nil {
		return dst, err
	}
	d.text = payload
	for d.at = 0; d.at < len(payload) && isSpace(payload[d.at]); d.at++ {
	}
	if d.at == len(payload) {
		return dst, format.ErrEmpty
	}
	for separator := byte('{'); d.at < len(payload); separator = ',' {
		var err error
		if dst, err = d.pair(append(dst, separator)); err != nil {
			return dst, err
		}
		if err = d.space(); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// space passes white space by. Behind a line's end only the payload's may stand.
func (d *Decoder) space() error {
	ended := false
	for ; d.at < len(d.text) && isSpace(d.text[d.at]); d.at++ {
		ended = ended || d.text[d.at] == '\n'
	}
	if ended && d.at < len(d.text) {
		return fault(d.at, "a second line")
	}
	return nil
}

// isSpace is true for all control characters: none of them stands in a name or value without quotes.
func isSpace(c byte) bool { return c <= ' ' }

// pair appends the pair at hand.
func (d *Decoder) pair(dst []byte) ([]byte, error) {
	from := d.at
	name, quoted, err := d.name()
	if err != nil {
		return dst, err
	}
	if len(name) == 0 && !quoted {
		return dst, fault(from, "a value without a name")
	}
	dst = append(format.AppendString(dst, name), ':')
	if d.at == len(d.text) || d.text[d.at] != '=' {
		return append(dst, "true"...), nil
	}
	d.at++
	return d.value(dst)
}

func (d *Decoder) name() (name []byte, quoted bool, err error) {
	if d.text[d.at] == '"' {
		name, err = d.quoted()
		if err == nil && d.at < len(d.text) && d.text[d.at] != '=' && !isSpace(d.text[d.at]) {
			err = fault(d.at, "something stands behind a closing quote,")
		}
		return name, true, err
	}
	from := d.at
	for d.at < len(d.text) && d.text[d.at] != '=' && !isSpace(d.text[d.at]) {
		d.at++
	}
	return d.text[from:d.at], false, nil
}

func (d *Decoder) value(dst []byte) ([]byte, error) {
	if d.at < len(d.text) && d.text[d.at] == '"' {
		text, err := d.quoted()
		if err == nil && d.at < len(d.text) && !isSpace(d.text[d.at]) {
			err = fault(d.at, "something stands behind a closing quote,")
		}
		return format.AppendString(dst, text), err
	}
	from := d.at
	for d.at < len(d.text) && !isSpace(d.text[d.at]) {
		d.at++
	}
	switch text := d.text[from:d.at]; {
	case len(text) == 0:
		return append(dst, `""`...), nil
	case string(text) == "null":
		return append(dst, "null"...), nil
	default:
		return scalar.AppendInferred(dst, text), nil
	}
}

// quoted reads a text in quotes. It is d's until the next one is read.
func (d *Decoder) quoted() ([]byte, error) {
	from := d.at + 1
	end := escape.End(d.text, from)
	if end < 0 {
		return nil, fault(d.at, "the closing quote is missing: it opens")
	}
	d.at = end + 1
	raw := d.text[from:end]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw, nil
	}
	d.buf = escape.Append(d.buf[:0], raw)
	return d.buf, nil
}

var _ format.Transcoder = (*Decoder)(nil)
