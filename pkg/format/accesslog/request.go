package accesslog

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format/escape"
)

// quoted passes a space and a text in quotes by, and returns the text with its escapes.
func (d *Decoder) quoted(what string) ([]byte, error) {
	rest := d.text[d.at:]
	if len(rest) < 2 || rest[0] != ' ' || rest[1] != '"' {
		return nil, fault(d.at, what+" in quotes is missing")
	}
	from := d.at + 2
	end := escape.End(d.text, from)
	if end < 0 {
		return nil, fault(d.at+1, "the closing quote of "+what+" is missing: it opens")
	}
	d.at = end + 1
	return d.text[from:end], nil
}

// request takes GET /path HTTP/1.1 apart. The path is what stands between, spaces too, which some servers let pass. Ports
// that strangers knock at log all kinds of things in its place: such a line is a record too.
func (d *Decoder) request(line []byte) {
	method, rest, ok := bytes.Cut(line, []byte{' '})
	if !ok || len(rest) == 0 || !isToken(method) {
		d.field(`,"request":`, line)
		return
	}
	path := rest
	var protocol []byte // HTTP/0.9 has none
	if i := bytes.LastIndexByte(rest, ' '); i > 0 && bytes.HasPrefix(rest[i+1:], []byte("HTTP/")) {
		path, protocol = rest[:i], rest[i+1:]
	}
	d.field(`,"method":`, method)
	d.field(`,"path":`, path)
	d.field(`,"protocol":`, protocol)
}

// isToken reports whether text can be a method: letters, digits, and what WebDAV and others have between them.
func isToken(text []byte) bool {
	for _, c := range text {
		if letter := 'a' <= c|0x20 && c|0x20 <= 'z'; !letter && c != '-' && c != '_' && (c < '0' || c > '9') {
			return false
		}
	}
	return len(text) > 0
}

// numbers reads the status and the bytes.
func (d *Decoder) numbers() error {
	status, err := d.number("the status")
	if err != nil {
		return err
	}
	if status != nil {
		d.dst = append(append(d.dst, `,"status":`...), status...)
	}
	size, err := d.number("the number of bytes")
	if err != nil {
		return err
	}
	if d.dst = append(d.dst, `,"bytes":`...); size == nil {
		size = zero
	}
	d.dst = append(d.dst, size...)
	return nil
}

var zero = []byte{'0'}

// number passes a space and the digits of a number by, or "-", for which it returns nil.
func (d *Decoder) number(what string) ([]byte, error) {
	from := d.at + 1
	if d.at == len(d.text) || d.text[d.at] != ' ' {
		return nil, fault(d.at, what+" is missing")
	}
	to := from
	for to < len(d.text) && d.text[to] != ' ' {
		to++
	}
	d.at = to
	digits := d.text[from:to]
	if string(digits) == "-" {
		return nil, nil
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return nil, fault(from, what+" is no number")
		}
	}
	if len(digits) == 0 {
		return nil, fault(from, what+" is missing")
	}
	for len(digits) > 1 && digits[0] == '0' { // 000: the client was gone before there was one
		digits = digits[1:]
	}
	return digits, nil
}

// agent reads what the combined format adds, if it is there, and the space behind it.
func (d *Decoder) agent() error {
	for _, name := range [...]struct{ what, prefix string }{
		{"the referer", `,"referer":`}, {"the user agent", `,"user_agent":`},
	} {
		if d.at == len(d.text) || d.at+1 < len(d.text) && d.text[d.at+1] != '"' {
			break
		}
		text, err := d.quoted(name.what)
		if err != nil {
			return err
		}
		d.field(name.prefix, text)
	}
	if d.at < len(d.text) && d.text[d.at] == ' ' {
		d.at++
	}
	return nil
}
