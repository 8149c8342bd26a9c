package expression

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// function is one entry of the table of functions. Its value is nil where its first argument is, so that run never sees
// nil there.
type function struct {
	// takes are the types of the arguments; the last repeats where more is true.
	takes []Types
	least int
	more  bool
	gives Types
	run   func(f *Frame, args []record.Value) record.Value
	// seesNil functions are given nil too.
	seesNil bool
}

// functions are all by name but the predicates.
var functions = join(textFunctions, numberFunctions, listFunctions, timeFunctions, map[string]function{
	"type": {takes: []Types{Any}, least: 1, gives: String, run: typeName, seesNil: true},
	"must": {takes: []Types{Any}, least: 1, gives: Any &^ Nil, run: must, seesNil: true},
})

func join(tables ...map[string]function) map[string]function {
	all := map[string]function{}
	for _, t := range tables {
		for name, fn := range t {
			all[name] = fn
		}
	}
	return all
}

// refused are expr's functions that kstream has no use for, and why.
var refused = map[string]string{
	"now":      "the same records have to give the same answer whenever they are read: meta.arrival is when a record came",
	"timezone": "give the zone to date: date(x, layout, zone)",
	"median":   "sort(list)[len(list) / 2] is near it",
	"bitand":   "kstream has no bit functions",
	"bitor":    "kstream has no bit functions",
	"bitxor":   "kstream has no bit functions",
}

func typeName(f *Frame, args []record.Value) record.Value {
	names := map[Types]string{
		Nil: "nil", Bool: "bool", Number: "float", String: "string", List: "array", Object: "map", Time: "time",
	}
	name := names[TypeOf(&args[0])]
	if args[0].Kind == record.Int {
		name = "int"
	}
	return owned(f, name)
}

func must(f *Frame, args []record.Value) record.Value {
	if args[0].Nil() {
		return f.fail(errMust)
	}
	return args[0]
}

// call compiles a call by name.
func (c *compiler) call(n ast.Node, name string, args []ast.Node) operand {
	if p, ok := predicates[name]; ok {
		return c.predicate(n, name, p, args)
	}
	fn, ok := functions[name]
	if !ok {
		return c.unknown(n, name)
	}
	switch {
	case len(args) < fn.least:
		return c.fault(n, "", "%s takes %s, got %d", name, fn.count(), len(args))
	case len(args) > len(fn.takes) && !fn.more:
		return c.fault(n, "", "%s takes %s, got %d", name, fn.count(), len(args))
	}
	parts := c.all(args)
	for i, p := range parts {
		if takes := fn.argument(i); !p.types.Has(takes | Nil) {
			c.fault(args[i], "", "%s needs %s, this is %s", name, takes, p.types)
		}
	}
	gives := fn.gives
	if len(parts) > 0 && parts[0].types.Has(Nil) && !fn.seesNil {
		gives |= Nil
	}
	return operand{types: gives, eval: func(f *Frame) record.Value { return f.call(name, &fn, parts) }}
}

func (c *compiler) unknown(n ast.Node, name string) operand {
	if why, ok := refused[name]; ok {
		return c.fault(n, why, "there is no function %s here", name)
	}
	var known []string
	for name := range functions {
		known = append(known, name)
	}
	for name := range predicates {
		known = append(known, name)
	}
	slices.Sort(known)
	hint := ""
	if near := nearest.Of(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return c.fault(n, hint, "there is no function %s", name)
}

func (fn *function) argument(i int) Types { return fn.takes[min(i, len(fn.takes)-1)] }

func (fn *function) count() string {
	most := len(fn.takes)
	switch {
	case fn.more:
		return fmt.Sprintf("at least %d arguments", fn.least)
	case most == 1:
		return "1 argument"
	case most == fn.least:
		return fmt.Sprintf("%d arguments", most)
	}
	return fmt.Sprintf("%d to %d arguments", fn.least, most)
}

func (f *Frame) call(name string, fn *function, parts []operand) record.Value {
	base := len(f.stack)
	for i := range parts {
		f.push(parts[i].eval(f))
	}
	args := f.stack[base:]
	v := f.apply(name, fn, args)
	f.stack = f.stack[:base]
	return v
}

func (f *Frame) apply(name string, fn *function, args []record.Value) record.Value {
	if len(args) > 0 && args[0].Nil() && !fn.seesNil {
		return record.Value{}
	}
	for i := range args {
		if takes := fn.argument(i); !TypeOf(&args[i]).Has(takes) {
			return f.wrong(name, takes.String(), &args[i])
		}
		if !f.read(args[i].Text) {
			return record.Value{}
		}
	}
	if f.err != nil {
		return record.Value{}
	}
	return fn.run(f, args)
}
