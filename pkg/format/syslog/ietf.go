package syslog

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
)

// ietf reads what stands behind the version in a message of RFC 5424.
func (d *Decoder) ietf() error {
	from := d.at
	if t := d.token(); !isNil(t) && (!looksLikeISO(t) || !d.time(t)) {
		return fault(from, "the time is not RFC 3339")
	}
	d.field(`,"hostname":`, d.token())
	d.field(`,"app_name":`, d.token())
	d.procID(d.token())
	d.field(`,"msg_id":`, d.token())
	if d.at == len(d.text) {
		return fault(d.at, "the message ends before its structured data:")
	}
	if d.text[d.at] == '-' {
		d.at++
	} else if err := d.structured(); err != nil {
		return err
	}
	if d.at == len(d.text) {
		return nil
	}
	if d.text[d.at] != ' ' {
		return fault(d.at, "something stands behind the structured data,")
	}
	message := bytes.TrimPrefix(d.text[d.at+1:], []byte("\xef\xbb\xbf"))
	d.dst = format.AppendString(append(d.dst, `,"message":`...), message)
	return nil
}

// structured reads [id name="value" …][id …].
func (d *Decoder) structured() error {
	if d.text[d.at] != '[' {
		return fault(d.at, "the structured data begins with neither a bracket nor a hyphen")
	}
	d.dst = append(d.dst, `,"structured_data":`...)
	separator := byte('{')
	for d.at < len(d.text) && d.text[d.at] == '[' {
		d.at++
		d.dst = append(d.dst, separator)
		if err := d.element(); err != nil {
			return err
		}
		separator = ','
	}
	d.dst = append(d.dst, '}')
	return nil
}

func (d *Decoder) element() error {
	if err := d.name("an element of structured data has no name"); err != nil {
		return err
	}
	separator := byte('{')
	for {
		if d.at == len(d.text) {
			return fault(d.at, "the structured data ends early")
		}
		switch d.text[d.at] {
		case ' ':
			d.at++
			continue
		case ']':
			d.at++
			if separator == '{' {
				d.dst = append(d.dst, '{')
			}
			d.dst = append(d.dst, '}')
			return nil
		}
		d.dst = append(d.dst, separator)
		separator = ','
		if err := d.parameter(); err != nil {
			return err
		}
	}
}

// name appends the name at hand as JSON with a colon behind it.
func (d *Decoder) name(missing string) error {
	from := d.at
	for d.at < len(d.text) {
		if c := d.text[d.at]; c <= ' ' || c == '=' || c == ']' || c == '"' {
			break
		}
		d.at++
	}
	if d.at == from {
		return fault(from, missing)
	}
	d.dst = append(format.AppendString(d.dst, d.text[from:d.at]), ':')
	return nil
}

// parameter reads name="value", in which quotes, backslashes and brackets have a backslash ahead, and no other backslash
// means anything (RFC 5424, 6.3.3).
func (d *Decoder) parameter() error {
	if err := d.name("a parameter of structured data has no name"); err != nil {
		return err
	}
	rest := d.text[d.at:]
	if len(rest) < 2 || rest[0] != '=' || rest[1] != '"' {
		return fault(d.at, "a parameter of structured data has no value in quotes")
	}
	d.buf = d.buf[:0]
	from := d.at + 2
	for i := from; i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '\\' && i+1 < len(d.text) && (d.text[i+1] == '"' || d.text[i+1] == '\\' || d.text[i+1] == ']'):
			d.buf = append(d.buf, d.text[from:i]...)
			i++
			from = i
		case c == '"':
			value := d.text[from:i]
			if len(d.buf) > 0 {
				d.buf = append(d.buf, value...)
				value = d.buf
			}
			d.dst = format.AppendString(d.dst, value)
			d.at = i + 1
			return nil
		}
	}
	return fault(d.at+1, "the closing quote is missing: it opens")
}
