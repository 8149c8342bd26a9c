package expression

import (
	"bytes"
	"errors"
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

var errEscape = errors.New("urlDecode: the string has a % without two hexadecimal digits behind it")

// webFunctions are those on what the web writes: addresses, networks, and the lines of its servers' logs.
var webFunctions = map[string]function{
	"url":       {takes: []Types{String}, least: 1, gives: Object | Nil, run: urlParts},
	"urlEncode": {takes: []Types{String}, least: 1, gives: String, run: urlEncode, bytes: true},
	"urlDecode": {takes: []Types{String}, least: 1, gives: String, run: decoded(urlDecode), decodes: urlDecode},
	"inCIDR":    {takes: []Types{String, String}, least: 2, more: true, gives: Bool, prepare: inCIDR},
	"capture":   {takes: []Types{String, String, String | Number}, least: 2, gives: Any, prepare: capture},
}

// The members of what url gives.
var urlNames = [...]record.Value{
	{Kind: record.String, Text: []byte("scheme")}, {Kind: record.String, Text: []byte("user")},
	{Kind: record.String, Text: []byte("host")}, {Kind: record.String, Text: []byte("port")},
	{Kind: record.String, Text: []byte("path")}, {Kind: record.String, Text: []byte("query")},
	{Kind: record.String, Text: []byte("fragment")},
}

// urlParts takes a URL apart, relative ones too: what it does not have is nil. A password is left out. What is no URL is
// nil.
func urlParts(f *Frame, args []record.Value) record.Value {
	if !f.room(len(args[0].Text)) {
		return record.Value{}
	}
	u, err := url.Parse(string(args[0].Text))
	if err != nil {
		return record.Value{}
	}
	var user, port record.Value
	if u.User != nil {
		user = f.word(u.User.Username())
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return record.Value{}
		}
		port = record.IntValue(int64(n))
	}
	path := u.EscapedPath()
	if u.Opaque != "" { // mailto:ada@example.com
		path = u.Opaque
	}
	parts := [len(urlNames)]record.Value{
		f.word(u.Scheme), user, f.word(u.Hostname()), port, f.word(path), f.query([]byte(u.RawQuery)), f.word(u.EscapedFragment()),
	}
	base := len(f.stack)
	for i := range parts {
		f.push(urlNames[i])
		f.push(parts[i])
	}
	return f.object(base)
}

// word returns s, and nil for nothing.
func (f *Frame) word(s string) record.Value {
	if s == "" {
		return record.Value{}
	}
	return owned(f, s)
}

// query returns a query's parameters as an object of strings. Of several with one name the last one counts, as everywhere.
// What is not escaped as it should be stays as it is written.
func (f *Frame) query(text []byte) record.Value {
	base := len(f.stack)
	for len(text) > 0 {
		var pair []byte
		pair, text, _ = bytes.Cut(text, []byte("&"))
		if len(pair) == 0 {
			continue
		}
		name, value, _ := bytes.Cut(pair, []byte("="))
		f.parameter(base, f.unescaped(name), f.unescaped(value))
	}
	return f.object(base)
}

// parameter puts one on the stack, in place of one with its name that is there from base on.
func (f *Frame) parameter(base int, name, value record.Value) {
	for at := base; at < len(f.stack); at += 2 {
		if !f.spend(1) {
			return
		}
		if bytes.Equal(f.stack[at].Text, name.Text) {
			f.stack[at+1] = value
			return
		}
	}
	f.push(name)
	f.push(value)
}

func (f *Frame) unescaped(text []byte) record.Value {
	if bytes.IndexByte(text, '%') < 0 && bytes.IndexByte(text, '+') < 0 {
		return f.string(text)
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst, ok := appendUnescaped(dst, text)
	if !ok || !utf8.Valid(dst[from:]) {
		return f.string(text)
	}
	return f.text(record.String, dst, from)
}
