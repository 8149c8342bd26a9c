package expression

import (
	"github.com/expr-lang/expr/ast"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// predicate is a function over a list that evaluates an expression for each element: any(items, .price > 10).
type predicate struct {
	// condition ones need true or false of their expression.
	condition bool
	// least and most say how many arguments there are, the list included.
	least, most int
	gives       Types
	run         func(l *looping) record.Value
}

var predicates = map[string]predicate{
	"all":           {true, 2, 2, Bool, all},
	"any":           {true, 2, 2, Bool, anyOf},
	"none":          {true, 2, 2, Bool, none},
	"one":           {true, 2, 2, Bool, one},
	"filter":        {true, 2, 2, List, filter},
	"find":          {true, 2, 2, Any, find},
	"findIndex":     {true, 2, 2, Number | Nil, findIndex},
	"findLast":      {true, 2, 2, Any, findLast},
	"findLastIndex": {true, 2, 2, Number | Nil, findLastIndex},
	"count":         {true, 1, 2, Number, count},
	"map":           {false, 2, 2, List, mapping},
	"sum":           {false, 1, 2, Number, sum},
	"sortBy":        {false, 2, 3, List, sortBy},
	"groupBy":       {false, 2, 2, Object, groupBy},
	"reduce":        {false, 2, 3, Any, reduce},
}

// looping is one run of a predicate over one list.
type looping struct {
	f    *Frame
	list []byte
	each Eval           // the element itself where the expression was left out
	args []record.Value // behind the expression
	stop bool
}

func (c *compiler) predicate(n ast.Node, name string, p predicate, args []ast.Node) operand {
	if len(args) < p.least || len(args) > p.most {
		return c.fault(n, "", "%s takes a list and an expression for its elements", name)
	}
	list := c.compile(args[0])
	if !list.types.Has(List | Nil) {
		c.fault(args[0], "", "%s needs a list, this is %s", name, list.types)
	}
	each := func(f *Frame) record.Value { return f.loop.element }
	if len(args) > 1 {
		each = c.body(args[1], name, p)
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
		l := looping{f: f, list: v.Text, each: each}
		for i := range rest {
			l.args = append(l.args, rest[i].eval(f))
		}
		outer := f.loop
		v = p.run(&l)
		f.loop = outer
		return v
	}}
}

func (c *compiler) body(n ast.Node, name string, p predicate) Eval {
	c.loops++
	defer func() { c.loops-- }()
	if c.loops > c.deepest {
		c.fault(n, "", "loops nest deeper than %d: one long list would take all the time there is", c.deepest)
		c.deepest = 1 << 30 // said once
	}
	if body, ok := n.(*ast.PredicateNode); ok {
		n = body.Node
	}
	if !p.condition {
		return c.compile(n).eval
	}
	truth := c.truth(n, "the condition of "+name)
	return func(f *Frame) record.Value { return record.BoolValue(truth(f)) }
}

// run evaluates the expression for each element until use says stop, and passes element and result.
func (l *looping) run(use func(element, result *record.Value)) {
	index := int64(0)
	for w := format.NewWalk(l.list); !l.stop && w.Next(); index++ {
		if !l.f.read(w.Raw) {
			return
		}
		acc := l.f.loop.acc
		l.f.loop = loop{element: l.f.parse(w.Raw), index: index, acc: acc}
		element := l.f.loop.element
		result := l.each(l.f)
		l.f.loop.index = index
		use(&element, &result)
	}
}

// first runs up to the first element whose result is want, and returns it with its index, -1 for none.
func (l *looping) first(want record.Kind) (element record.Value, index int64) {
	index = -1
	l.run(func(e, result *record.Value) {
		if result.Kind == want {
			element, index, l.stop = *e, l.f.loop.index, true
		}
	})
	return element, index
}

func (l *looping) lastTrue() (element record.Value, index int64) {
	index = -1
	l.run(func(e, result *record.Value) {
		if result.Kind == record.True {
			element, index = *e, l.f.loop.index
		}
	})
	return element, index
}

func all(l *looping) record.Value {
	_, i := l.first(record.False)
	return record.BoolValue(i < 0)
}

func anyOf(l *looping) record.Value {
	_, i := l.first(record.True)
	return record.BoolValue(i >= 0)
}

func none(l *looping) record.Value {
	_, i := l.first(record.True)
	return record.BoolValue(i < 0)
}

func one(l *looping) record.Value {
	n := count(l)
	one := record.IntValue(1)
	return record.BoolValue(orderNumbers(&n, &one) == 0)
}

func filter(l *looping) record.Value {
	base := len(l.f.stack)
	l.run(func(e, result *record.Value) {
		if result.Kind == record.True {
			l.f.push(*e)
		}
	})
	return l.f.list(base)
}

func find(l *looping) record.Value {
	e, _ := l.first(record.True)
	return e
}

func findLast(l *looping) record.Value {
	e, _ := l.lastTrue()
	return e
}

func findIndex(l *looping) record.Value {
	_, i := l.first(record.True)
	return placeOf(i)
}

func findLastIndex(l *looping) record.Value {
	_, i := l.lastTrue()
	return placeOf(i)
}

func placeOf(i int64) record.Value {
	if i < 0 {
		return record.Value{}
	}
	return record.IntValue(i)
}

// count counts the elements for which the expression is true, or that are true themselves.
func count(l *looping) record.Value {
	n := int64(0)
	l.run(func(_, result *record.Value) {
		if result.Kind == record.True {
			n++
		}
	})
	return record.IntValue(n)
}

func mapping(l *looping) record.Value {
	base := len(l.f.stack)
	l.run(func(_, result *record.Value) { l.f.push(*result) })
	return l.f.list(base)
}

// sum passes over nil, as min, max and mean do.
func sum(l *looping) record.Value {
	total := record.IntValue(0)
	l.run(func(_, result *record.Value) {
		if !result.Nil() {
			total = l.f.arithmetic(&total, result, add)
		}
	})
	return total
}
