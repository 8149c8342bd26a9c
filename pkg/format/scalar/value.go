package scalar

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// Value returns what text stands for, the same as Append writes. Its Text aliases text or is a's. text is UTF-8.
func Value(text []byte, t Type, a format.Arena) (record.Value, error) {
	switch t {
	case String:
		return record.Value{Kind: record.String, Text: text}, nil
	case Number:
		return number(bytes.TrimSpace(text), a)
	case Bool:
		word, err := truth(bytes.TrimSpace(text))
		if word == "null" || err != nil {
			return record.Value{Kind: record.Null}, err
		}
		return record.BoolValue(word == "true"), nil
	}
	return Infer(text, a), nil
}

// Infer is Value for Inferred, which takes every text.
func Infer(text []byte, a format.Arena) record.Value {
	switch {
	case len(text) == 0:
		return record.Value{Kind: record.Null}
	case Plain(text):
		return format.Parse(text, a)
	}
	return record.Value{Kind: record.String, Text: text}
}

func number(text []byte, a format.Arena) (record.Value, error) {
	if isNumber(text) {
		return format.Parse(text, a), nil
	}
	dst := a.Scratch()
	from := len(dst)
	dst, err := appendNumber(dst, text)
	if err != nil {
		return record.Value{}, err
	}
	return format.Parse(a.Kept(dst, from), a), nil
}
