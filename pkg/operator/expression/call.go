package expression

import (
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
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
	run   run
	// seesNil functions are given nil too.
	seesNil bool
	// prepare makes run where arguments stand in the chain itself, fold all of the call: once, with the chain. nil of
	// prepare is a fault that has been said.
	prepare func(p *preparation) run
	fold    func(p *preparation) operand
	// bytes functions take a first argument that need not be UTF-8; decodes ones make such, and so have run see to it that
	// what goes anywhere else is text.
	bytes   bool
	decodes run
}

// functions are all by name but the predicates.
var functions = join(textFunctions, codeFunctions, digestFunctions, webFunctions, numberFunctions, listFunctions, timeFunctions, map[string]function{
	"type": {takes: []Types{Any}, least: 1, gives: String, run: typeName, seesNil: true},
	"must": {takes: []Types{Any}, least: 1, gives: Any &^ Nil, run: must, seesNil: true},
	"env":  {takes: []Types{String, String}, least: 1, gives: String, fold: env},
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
func (c *compiler) call(n *syntax.Call) operand {
	name, args := n.Name, n.Args
	if p, ok := predicates[name]; ok {
		return c.predicate(n, p)
	}
	fn, ok := functions[name]
	if !ok {
		return c.unknown(n)
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
	p := &preparation{c: c, call: n, parts: parts, gives: fn.gives}
	if fn.fold != nil {
		return fn.fold(p)
	}
	return c.called(p, fn)
}

// called compiles the call of a function whose arguments are right.
func (c *compiler) called(p *preparation, fn function) operand {
	name, parts := p.call.Name, p.parts
	if fn.prepare != nil {
		if fn.run = fn.prepare(p); fn.run == nil {
			return anything
		}
	}
	if fn.bytes && parts[0].bytes != nil {
		parts[0].eval = parts[0].bytes
	}
	gives := p.gives
	if len(parts) > 0 && parts[0].types.Has(Nil) && !fn.seesNil {
		gives |= Nil
	}
	x := operand{types: gives, eval: func(f *Frame) record.Value { return f.call(name, &fn, parts) }}
	if fn.decodes != nil {
		decoding := fn
		decoding.run = fn.decodes
		x.bytes = func(f *Frame) record.Value { return f.call(name, &decoding, parts) }
	}
	return x
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
