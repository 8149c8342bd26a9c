package expression

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

var (
	errBase64 = errors.New("fromBase64: the string is no base64")
	errHex    = errors.New("fromHex: the string is no hexadecimal: two digits a byte")
	errBytes  = errors.New("what the string stands for is no UTF-8 text: toHex, toBase64 and the hashes take it as bytes")
)

// codeFunctions are those that write a value in another form, or read it out of one.
var codeFunctions = map[string]function{
	"toJSON":     {takes: []Types{Any}, least: 1, gives: String, run: toJSON, seesNil: true},
	"fromJSON":   {takes: []Types{String}, least: 1, gives: Any, run: fromJSON},
	"json":       {takes: []Types{Any}, least: 1, gives: Any, run: jsonIn},
	"toBase64":   {takes: []Types{String}, least: 1, gives: String, run: toBase64, bytes: true},
	"fromBase64": {takes: []Types{String}, least: 1, gives: String, run: decoded(fromBase64), decodes: fromBase64},
	"toHex":      {takes: []Types{String}, least: 1, gives: String, run: toHex, bytes: true},
	"fromHex":    {takes: []Types{String}, least: 1, gives: String, run: decoded(fromHex), decodes: fromHex},
}

func text(f *Frame, args []record.Value) record.Value {
	if !f.room(len(args[0].Text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, format.AppendText(dst, &args[0]), from)
}

func toJSON(f *Frame, args []record.Value) record.Value {
	if !f.room(len(args[0].Text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, format.Append(dst, &args[0]), from)
}

func fromJSON(f *Frame, args []record.Value) record.Value {
	v, err := format.Of(args[0].Text, f.batch)
	if err != nil {
		return f.fail(fmt.Errorf("fromJSON: %s", strings.Replace(err.Error(), "the payload", "the string", 1)))
	}
	return v
}

// jsonIn reads JSON where there is some: a string that is no JSON is nil, and what is no string is there already.
func jsonIn(f *Frame, args []record.Value) record.Value {
	if args[0].Kind != record.String {
		return args[0]
	}
	v, err := format.Of(args[0].Text, f.batch)
	if err != nil {
		return record.Value{}
	}
	return v
}

// decoded has what decode gives be text. Written as such, other bytes would be lost: each would become U+FFFD.
func decoded(decode run) run {
	return func(f *Frame, args []record.Value) record.Value {
		v := decode(f, args)
		if f.err == nil && !utf8.Valid(v.Text) {
			return f.fail(errBytes)
		}
		return v
	}
}

func toBase64(f *Frame, args []record.Value) record.Value {
	if !f.room(base64.StdEncoding.EncodedLen(len(args[0].Text))) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, base64.StdEncoding.AppendEncode(dst, args[0].Text), from)
}

// fromBase64 takes both alphabets, with and without padding: JSON Web Tokens have the one for URLs and none.
func fromBase64(f *Frame, args []record.Value) record.Value {
	src := bytes.TrimRight(bytes.TrimSpace(args[0].Text), "=")
	if !f.room(len(src)) {
		return record.Value{}
	}
	code := base64.RawStdEncoding
	if bytes.ContainsAny(src, "-_") {
		code = base64.RawURLEncoding
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst, err := code.AppendDecode(dst, src)
	if err != nil {
		return f.fail(errBase64)
	}
	return f.text(record.String, dst, from)
}

func toHex(f *Frame, args []record.Value) record.Value {
	if !f.room(hex.EncodedLen(len(args[0].Text))) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, hex.AppendEncode(dst, args[0].Text), from)
}

func fromHex(f *Frame, args []record.Value) record.Value {
	if !f.room(len(args[0].Text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst, err := hex.AppendDecode(dst, args[0].Text)
	if err != nil {
		return f.fail(errHex)
	}
	return f.text(record.String, dst, from)
}
