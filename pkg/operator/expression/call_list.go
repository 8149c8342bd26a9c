package expression

import (
	"errors"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// listFunctions are those on lists and objects.
var listFunctions = map[string]function{
	"len":       {takes: []Types{String | List | Object}, least: 1, gives: Number, run: length},
	"first":     {takes: []Types{List}, least: 1, gives: Any, run: element(0)},
	"last":      {takes: []Types{List}, least: 1, gives: Any, run: element(-1)},
	"get":       {takes: []Types{List | Object, Number | String}, least: 2, gives: Any, run: get},
	"take":      {takes: []Types{List, Number}, least: 2, gives: List, run: take},
	"reverse":   {takes: []Types{List}, least: 1, gives: List, run: reverse},
	"uniq":      {takes: []Types{List}, least: 1, gives: List, run: uniq},
	"sort":      {takes: []Types{List, String}, least: 1, gives: List, run: sorted},
	"concat":    {takes: []Types{List}, least: 1, more: true, gives: List, run: concat},
	"flatten":   {takes: []Types{List}, least: 1, gives: List, run: flatten},
	"join":      {takes: []Types{List, String}, least: 1, gives: String, run: joined},
	"keys":      {takes: []Types{Object}, least: 1, gives: List, run: keys},
	"values":    {takes: []Types{Object}, least: 1, gives: List, run: values},
	"toPairs":   {takes: []Types{Object}, least: 1, gives: List, run: toPairs},
	"fromPairs": {takes: []Types{List}, least: 1, gives: Object, run: fromPairs},
}

func length(_ *Frame, args []record.Value) record.Value {
	if args[0].Kind == record.String {
		return record.IntValue(int64(utf8.RuneCount(args[0].Text)))
	}
	return record.IntValue(int64(format.Length(args[0].Text)))
}

func element(i int64) func(*Frame, []record.Value) record.Value {
	return func(f *Frame, args []record.Value) record.Value { return f.parse(format.Element(args[0].Text, i)) }
}

func get(f *Frame, args []record.Value) record.Value {
	if args[0].Kind == record.Object && args[1].Kind == record.String {
		return f.member(&args[0], args[1].Text)
	}
	if i, ok := args[1].Int(); ok && args[0].Kind == record.List {
		return f.parse(format.Element(args[0].Text, i))
	}
	return record.Value{}
}

func take(f *Frame, args []record.Value) record.Value {
	n, ok := args[1].Int()
	if !ok || n < 0 {
		return f.fail(errors.New("take needs an integer of 0 or more"))
	}
	return f.sublist(&args[0], 0, n)
}

// spread puts a list's elements on the stack and returns where they begin.
func (f *Frame) spread(list []byte) (base int) {
	base = len(f.stack)
	for w := format.NewWalk(list); w.Next() && f.spend(1); {
		f.push(f.parse(w.Raw))
	}
	return base
}

func concat(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	for i := range args {
		f.spread(args[i].Text)
	}
	return f.list(base)
}

func flatten(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	f.flat(args[0].Text)
	return f.list(base)
}

func (f *Frame) flat(list []byte) {
	for w := format.NewWalk(list); w.Next() && f.spend(1+len(w.Raw)/64); {
		if w.Raw[0] == '[' {
			f.flat(w.Raw)
		} else {
			f.push(f.parse(w.Raw))
		}
	}
}

func joined(f *Frame, args []record.Value) record.Value {
	var glue []byte
	if len(args) == 2 {
		glue = args[1].Text
	}
	base := f.spread(args[0].Text)
	parts, size := f.stack[base:], 0
	for i := range parts {
		if parts[i].Kind != record.String {
			f.stack = f.stack[:base]
			return f.wrong("join", "a list of strings", &parts[i])
		}
		size += len(parts[i].Text) + len(glue)
	}
	f.stack = f.stack[:base]
	if !f.room(size) {
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	for i := range parts {
		if i > 0 {
			dst = append(dst, glue...)
		}
		dst = append(dst, parts[i].Text...)
	}
	return f.text(record.String, dst, from)
}

func keys(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	for w := format.NewWalk(args[0].Text); w.Next() && f.room(len(w.Name)); {
		f.push(record.Value{Kind: record.String, Text: f.batch.Keep(w.Name)})
	}
	return f.list(base)
}

func values(f *Frame, args []record.Value) record.Value { return f.list(f.spread(args[0].Text)) }

func toPairs(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	for w := format.NewWalk(args[0].Text); w.Next() && f.room(len(w.Name)); {
		pair := len(f.stack)
		f.push(record.Value{Kind: record.String, Text: f.batch.Keep(w.Name)})
		f.push(f.parse(w.Raw))
		f.push(f.list(pair))
	}
	return f.list(base)
}

func fromPairs(f *Frame, args []record.Value) record.Value {
	base := len(f.stack)
	for w := format.NewWalk(args[0].Text); w.Next() && f.spend(1); {
		if w.Raw[0] != '[' || format.Length(w.Raw) != 2 {
			f.fail(errors.New("fromPairs needs a list of pairs: [[name, value], …]"))
			break
		}
		name := f.parse(format.Element(w.Raw, 0))
		if name.Kind != record.String {
			f.wrong("fromPairs", "a string as the name", &name)
			break
		}
		f.push(name)
		f.push(f.parse(format.Element(w.Raw, 1)))
	}
	if f.err != nil {
		f.stack = f.stack[:base]
		return record.Value{}
	}
	return f.object(base)
}
