package expression

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

var errMust = errors.New("must got nil")

// textFunctions are those on strings.
var textFunctions = map[string]function{
	"lower":       {takes: []Types{String}, least: 1, gives: String, run: inCase('A', bytes.ToLower)},
	"upper":       {takes: []Types{String}, least: 1, gives: String, run: inCase('a', bytes.ToUpper)},
	"trim":        {takes: []Types{String, String}, least: 1, gives: String, run: trim},
	"trimPrefix":  {takes: []Types{String, String}, least: 2, gives: String, run: cut(bytes.TrimPrefix)},
	"trimSuffix":  {takes: []Types{String, String}, least: 2, gives: String, run: cut(bytes.TrimSuffix)},
	"hasPrefix":   {takes: []Types{String, String}, least: 2, gives: Bool, run: tested(bytes.HasPrefix)},
	"hasSuffix":   {takes: []Types{String, String}, least: 2, gives: Bool, run: tested(bytes.HasSuffix)},
	"indexOf":     {takes: []Types{String, String}, least: 2, gives: Number, run: found(bytes.Index)},
	"lastIndexOf": {takes: []Types{String, String}, least: 2, gives: Number, run: found(bytes.LastIndex)},
	"replace":     {takes: []Types{String, String, String, Number}, least: 3, gives: String, run: replace},
	"repeat":      {takes: []Types{String, Number}, least: 2, gives: String, run: repeat},
	"split":       {takes: []Types{String, String, Number}, least: 2, gives: List, run: split},
	"string":      {takes: []Types{Any}, least: 1, gives: String, run: text},
}

func (f *Frame) string(b []byte) record.Value { return record.Value{Kind: record.String, Text: b} }

// inCase changes the case of letters: of ASCII, the 26 letters from first on, without an allocation; other writings by
// change.
func inCase(first byte, change func([]byte) []byte) func(*Frame, []record.Value) record.Value {
	return func(f *Frame, args []record.Value) record.Value {
		text := args[0].Text
		if !f.room(len(text)) {
			return record.Value{}
		}
		if !isASCII(text) {
			return f.string(change(text))
		}
		dst := f.batch.Scratch()
		from := len(dst)
		dst = append(dst, text...)
		for i, c := range dst[from:] {
			if c-first < 26 {
				dst[from+i] = c ^ ('a' - 'A')
			}
		}
		return f.text(record.String, dst, from)
	}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func trim(f *Frame, args []record.Value) record.Value {
	if len(args) == 1 {
		return f.string(bytes.TrimSpace(args[0].Text))
	}
	return f.string(bytes.Trim(args[0].Text, string(args[1].Text)))
}

func cut(how func(s, part []byte) []byte) func(*Frame, []record.Value) record.Value {
	return func(f *Frame, args []record.Value) record.Value { return f.string(how(args[0].Text, args[1].Text)) }
}

func tested(how func(s, part []byte) bool) func(*Frame, []record.Value) record.Value {
	return func(_ *Frame, args []record.Value) record.Value {
		return record.BoolValue(how(args[0].Text, args[1].Text))
	}
}

// found gives a place in characters, as slices take it.
func found(how func(s, part []byte) int) func(*Frame, []record.Value) record.Value {
	return func(_ *Frame, args []record.Value) record.Value {
		i := how(args[0].Text, args[1].Text)
		if i > 0 {
			i = len([]rune(string(args[0].Text[:i])))
		}
		return record.IntValue(int64(i))
	}
}

func replace(f *Frame, args []record.Value) record.Value {
	most := -1
	if len(args) == 4 {
		n, ok := args[3].Int()
		if !ok {
			return f.wrong("replace", "an integer", &args[3])
		}
		most = int(min(n, 1<<31))
	}
	s, old, with := args[0].Text, args[1].Text, args[2].Text
	n := bytes.Count(s, old)
	if most >= 0 {
		n = min(n, most)
	}
	if !f.room(len(s) + n*len(with)) {
		return record.Value{}
	}
	return f.string(bytes.Replace(s, old, with, most))
}

func repeat(f *Frame, args []record.Value) record.Value {
	n, ok := args[1].Int()
	if !ok || n < 0 {
		return f.fail(errors.New("repeat needs an integer of 0 or more"))
	}
	if n > maxMade || !f.room(len(args[0].Text)*int(n)) {
		return f.fail(errMade)
	}
	return f.string(bytes.Repeat(args[0].Text, int(n)))
}

func split(f *Frame, args []record.Value) record.Value {
	most := int64(-1)
	if len(args) == 3 {
		var ok bool
		if most, ok = args[2].Int(); !ok {
			return f.wrong("split", "an integer", &args[2])
		}
	}
	base := len(f.stack)
	rest, by := args[0].Text, args[1].Text
	for k := int64(1); most != 0 && f.spend(1); k++ {
		i := bytes.Index(rest, by)
		if len(by) == 0 {
			i = min(runeOffset(rest, 1), len(rest))
			if i == len(rest) {
				i = -1
			}
		}
		if i < 0 || k == most {
			f.push(f.string(rest))
			break
		}
		f.push(f.string(rest[:i]))
		rest = rest[i+len(by):]
	}
	return f.list(base)
}
