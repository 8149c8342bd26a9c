package expression

import (
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// maxLoops is how deep predicates may nest. Two loops compare two lists; a third is as good as always a mistake, and what
// the bound on steps would stop at the first long list.
const maxLoops = 3

// compiler makes closures of a syntax tree. Faults are gathered, and compiling goes on, so that all are said at once.
type compiler struct {
	names   Names
	faults  []Fault
	vars    []string // in scope, by place
	wants   []Want
	loops   int // how many predicates are open
	deepest int
}

// operand is a compiled node and what is known of it before the first record.
type operand struct {
	eval     Eval
	types    Types
	constant bool
	value    record.Value // where constant
	secret   bool         // a constant that nobody is shown
	path     []string     // where it is a plain field
	holds    condition    // where it is true or false: the same without a Value around it; nil: eval is all there is
	bytes    Eval         // where eval makes sure of UTF-8: the same without; nil: eval is all there is
}

// condition is what a program without a value does: it tells whether something holds.
type condition func(*Frame) bool

// boolean returns holds as an operand.
func boolean(holds condition) operand {
	return operand{types: Bool, holds: holds, eval: func(f *Frame) record.Value { return record.BoolValue(holds(f)) }}
}

func constant(v record.Value) operand {
	return operand{eval: func(*Frame) record.Value { return v }, types: TypeOf(&v), constant: true, value: v}
}

// fault notes what is wrong at n. The operand that it returns is of every type, so that no fault follows from it.
func (c *compiler) fault(n syntax.Node, hint, format string, args ...any) operand {
	c.faults = append(c.faults, Fault{Span: n.Place(), Message: fmt.Sprintf(format, args...), Hint: hint})
	return anything
}

func (c *compiler) compile(n syntax.Node) operand {
	switch n := n.(type) {
	case *syntax.Nil:
		return constant(record.Value{Kind: record.Null})
	case *syntax.Bool:
		return constant(record.BoolValue(n.Value))
	case *syntax.Int:
		return constant(record.IntValue(n.Value))
	case *syntax.Float:
		return constant(record.FloatValue(n.Value))
	case *syntax.String:
		return constant(record.Value{Kind: record.String, Text: []byte(n.Value)})
	case *syntax.Name, *syntax.Member, *syntax.Element:
		return c.place(n)
	case *syntax.Unary:
		return c.unary(n)
	case *syntax.Binary:
		return c.binary(n)
	case *syntax.Conditional:
		return c.conditional(n)
	case *syntax.Slice:
		return c.slice(n)
	case *syntax.Call:
		return c.call(n)
	case *syntax.Let:
		return c.variable(n)
	case *syntax.List:
		return c.array(n)
	case *syntax.Object:
		return c.object(n)
	}
	panic(fmt.Sprintf("a node of type %T has no meaning", n))
}

func (c *compiler) conditional(n *syntax.Conditional) operand {
	cond := c.truth(n.If, "the condition of ? :")
	yes, no := c.compile(n.Then), c.compile(n.Else)
	return operand{types: yes.types | no.types, eval: func(f *Frame) record.Value {
		if cond(f) {
			return yes.eval(f)
		}
		return no.eval(f)
	}}
}

// variable compiles let x = value; rest.
func (c *compiler) variable(n *syntax.Let) operand {
	value := c.compile(n.Value)
	at := len(c.vars)
	c.vars = append(c.vars, n.Name)
	rest := c.compile(n.Rest)
	c.vars = c.vars[:at]
	return operand{types: rest.types, eval: func(f *Frame) record.Value {
		v := value.eval(f)
		f.vars = append(f.vars[:at], v)
		return rest.eval(f)
	}}
}

func (c *compiler) array(n *syntax.List) operand {
	parts := c.all(n.Of)
	x := operand{types: List, eval: func(f *Frame) record.Value {
		base := len(f.stack)
		for i := range parts {
			f.push(parts[i].eval(f))
		}
		return f.list(base)
	}}
	return x
}

// want notes that an operator needs types of x, where x is a field.
func (c *compiler) want(x operand, types Types) {
	if x.path != nil {
		c.wants = append(c.wants, Want{x.path, types})
	}
}

func (c *compiler) all(nodes []syntax.Node) []operand {
	parts := make([]operand, len(nodes))
	for i, n := range nodes {
		parts[i] = c.compile(n)
	}
	return parts
}

// object compiles {name: value, …}.
func (c *compiler) object(n *syntax.Object) operand {
	var names [][]byte
	var values []operand
	for _, pair := range n.Pairs {
		key := c.compile(pair.Key)
		if !key.constant || key.types != String {
			return c.fault(pair.Key, "", "a name in an object is a word or a string")
		}
		names = append(names, key.value.Text)
		values = append(values, c.compile(pair.Value))
	}
	return operand{types: Object, eval: func(f *Frame) record.Value {
		base := len(f.stack)
		for i := range values {
			f.push(record.Value{Kind: record.String, Text: names[i]})
			f.push(values[i].eval(f))
		}
		return f.object(base)
	}}
}
