// Package accesslog reads the lines that web servers log for requests: the Common Log Format, and the combined one.
package accesslog

import (
	"bytes"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/escape"
	"github.com/kstream/kstream/pkg/record"
)

// Decoder is a format.Transcoder for lines of both formats. One goroutine uses it.
//
//	127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://www.example.com/" "Mozilla/5.0"
//
// The fields, of which those are left out that a line does not have, or has as "-":
//
//	remote_addr  a string: the client's address or name
//	ident        a string: what identd said
//	user         a string
//	time         RFC 3339 in UTC
//	method       a string
//	path         a string, with the query, as the client sent it
//	protocol     a string: HTTP/1.1
//	request      a string: the request line, in place of the last three where it is none
//	status       a number
//	bytes        a number: the body's; 0 for "-", which is how %b writes that
//	referer      a string (combined)
//	user_agent   a string (combined)
//	rest         a string: what a server's own format has behind these, as it stands
//
// The escapes of nginx and Apache are undone (escape.Append).
type Decoder struct {
	text []byte
	at   int
	dst  []byte
	buf  []byte // a text that has escapes
}

// New returns a decoder.
func New() *Decoder { return &Decoder{} }

func fault(at int, problem string) error {
	return fmt.Errorf("the payload is no access log: %s at byte %d", problem, at)
}

// AppendJSON appends the line of payload as an object.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if _, err := format.Text(payload); err != nil {
		return dst, err
	}
	payload = bytes.TrimSuffix(payload, []byte{'\n'})
	payload = bytes.TrimSuffix(payload, []byte{'\r'})
	if len(payload) == 0 {
		return dst, format.ErrEmpty
	}
	if i := bytes.IndexByte(payload, '\n'); i >= 0 {
		return dst, fault(i+1, "a second line")
	}
	from := len(dst)
	d.text, d.at, d.dst = payload, 0, dst
	err := d.line()
	dst, d.dst, d.text = d.dst, nil, nil
	if err != nil {
		return dst, err
	}
	dst[from] = '{' // in the first comma's place
	return append(dst, '}'), nil
}

func (d *Decoder) line() error {
	if err := d.client(); err != nil {
		return err
	}
	request, err := d.quoted("the request")
	if err != nil {
		return err
	}
	d.request(request)
	if err := d.numbers(); err != nil {
		return err
	}
	if err := d.agent(); err != nil {
		return err
	}
	if d.at < len(d.text) {
		d.dst = format.AppendString(append(d.dst, `,"rest":`...), d.text[d.at:])
	}
	return nil
}

// client reads address, ident and user. A user is what a stranger says, spaces and brackets included; quotes are escaped in
// it, so that the first bracket and quote together end the time, and the last bracket before those begins it.
func (d *Decoder) client() error {
	end := bytes.Index(d.text, []byte(`] "`))
	if end < 0 {
		return fault(len(d.text), "there is no time in brackets and request in quotes behind it up to the end")
	}
	bracket := bytes.LastIndex(d.text[:end], []byte(" ["))
	if bracket < 0 {
		return fault(end, "the time has no opening bracket before its closing one")
	}
	address, head, _ := bytes.Cut(d.text[:bracket], []byte{' '})
	ident, user, ok := bytes.Cut(head, []byte{' '})
	if len(address) == 0 || !ok {
		return fault(bracket, "address, identity and user do not stand before the time")
	}
	d.dst = format.AppendString(append(d.dst, `,"remote_addr":`...), address)
	d.field(`,"ident":`, ident)
	d.field(`,"user":`, user)
	d.at = bracket + len(" [")
	return d.time(d.text[d.at:end])
}

// time reads 10/Oct/2000:13:55:36 -0700, and passes the bracket behind it by.
func (d *Decoder) time(text []byte) error {
	v := record.Value{Kind: record.String, Text: text}
	m, err := format.ParseEventTime(&v, format.AnyUnit, 0)
	if err != nil || len(text) < len("2006-01-02") || text[2] != '/' && text[4] != '-' {
		return fault(d.at, "the time is neither 10/Oct/2000:13:55:36 -0700 nor RFC 3339")
	}
	d.dst = m.Time().AppendFormat(append(d.dst, `,"time":"`...), time.RFC3339Nano)
	d.dst = append(d.dst, '"')
	d.at += len(text) + 1
	return nil
}

// field appends a field, unless it is "-" or nothing. prefix is its name with a comma ahead and a colon behind.
func (d *Decoder) field(prefix string, value []byte) {
	if value = d.unescape(value); len(value) > 0 && string(value) != "-" && string(value) != `""` {
		d.dst = format.AppendString(append(d.dst, prefix...), value)
	}
}

// unescape undoes escapes. What it returns is d's until the next call.
func (d *Decoder) unescape(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	d.buf = escape.Append(d.buf[:0], text)
	return d.buf
}

var _ format.Transcoder = (*Decoder)(nil)
