package expression

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// predicate is a function over a list that evaluates an expression for each element: any(items, .price > 10). How many
// arguments it takes is its syntax's.
type predicate struct {
	// condition ones need true or false of their expression.
	condition bool
	gives     Types
	run       func(l *looping) record.Value
}

var predicates = map[string]predicate{
	"all":           {true, Bool, all},
	"any":           {true, Bool, anyOf},
	"none":          {true, Bool, none},
	"one":           {true, Bool, one},
	"filter":        {true, List, filter},
	"find":          {true, Any, find},
	"findIndex":     {true, Number | Nil, findIndex},
	"findLast":      {true, Any, findLast},
	"findLastIndex": {true, Number | Nil, findLastIndex},
	"count":         {true, Number, count},
	"map":           {false, List, mapping},
	"sum":           {false, Number, sum},
	"sortBy":        {false, List, sortBy},
	"groupBy":       {false, Object, groupBy},
	"reduce":        {false, Any, reduce},
}

// looping is one run of a predicate over one list.
type looping struct {
	f    *Frame
	each Eval           // the element itself where the expression was left out
	args []record.Value // behind the expression

	element, result record.Value // what next has come to
	index           int64
	walk            format.Walk
}

// next evaluates the expression for the next element and reports whether there was one.
func (l *looping) next() bool {
	if !l.walk.Next() || !l.f.read(l.walk.Raw) {
		return false
	}
	l.index++
	l.element = l.f.parse(l.walk.Raw)
	l.f.loop.element, l.f.loop.index = l.element, l.index
	l.result = l.each(l.f)
	return true
}

func (c *compiler) predicate(n *syntax.Call, p predicate) operand {
	name, args := n.Name, n.Args
	list := c.compile(args[0])
	if !list.types.Has(List | Nil) {
		c.fault(args[0], "", "%s needs a list, this is %s", name, list.types)
	}
	each := func(f *Frame) record.Value { return f.loop.element }
	if len(args) > 1 {
		each = c.body(n, p)
	}
	var rest []operand
	if len(args) > 2 {
		rest = c.all(args[2:])
	}
	return operand{types: p.gives | list.types&Nil, eval: func(f *Frame) record.Value {
		v := list.eval(f)
		switch {
		case v.Nil():
			return record.Value{}
		case v.Kind != record.List:
			return f.wrong(name, "a list", &v)
		}
		base := len(f.stack)
		for i := range rest {
			f.push(rest[i].eval(f))
		}
		outer := f.loop
		l := &f.loopings[f.depth]
		*l = looping{f: f, each: each, args: f.stack[base:], walk: format.NewWalk(v.Text), index: -1}
		f.depth++
		v = p.run(l)
		f.depth--
		f.loop, f.stack = outer, f.stack[:base]
		return v
	}}
}

// body compiles what a predicate evaluates for each element.
func (c *compiler) body(n *syntax.Call, p predicate) Eval {
	c.loops++
	defer func() { c.loops-- }()
	if c.loops > c.deepest {
		c.fault(n, "", "loops nest deeper than %d: one long list would take all the time there is", c.deepest)
		c.deepest = 1 << 30 // said once
	}
	if !p.condition {
		return c.compile(n.Args[1]).eval
	}
	truth := c.truth(n.Args[1], "the condition of "+n.Name)
	return func(f *Frame) record.Value { return record.BoolValue(truth(f)) }
}

// first goes to the first element whose result is of the kind and returns its index, -1 for none.
func (l *looping) first(kind record.Kind) int64 {
	for l.next() {
		if l.result.Kind == kind {
			return l.index
		}
	}
	return -1
}

// last goes through all elements and returns the last one whose result is true.
func (l *looping) last() (element record.Value, index int64) {
	index = -1
	for l.next() {
		if l.result.Kind == record.True {
			element, index = l.element, l.index
		}
	}
	return element, index
}
