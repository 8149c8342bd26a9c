package expression

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

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

func toBase64(f *Frame, args []record.Value) record.Value {
	if !f.room(base64.StdEncoding.EncodedLen(len(args[0].Text))) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	return f.text(record.String, base64.StdEncoding.AppendEncode(dst, args[0].Text), from)
}

func fromBase64(f *Frame, args []record.Value) record.Value {
	if !f.room(len(args[0].Text)) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst, err := base64.StdEncoding.AppendDecode(dst, args[0].Text)
	if err != nil {
		return f.fail(errors.New("fromBase64: the string is no base64"))
	}
	return f.text(record.String, dst, from)
}
