package expression

import (
	"fmt"

	"github.com/expr-lang/expr/ast"

	"github.com/kstream/kstream/pkg/record"
)

// maxLoops is how deep predicates may nest. Two loops compare two lists; a third is as good as always a mistake, and what
// the bound on steps would stop at the first long list.
const maxLoops = 3

// compiler makes closures of a syntax tree. Faults are gathered, and compiling goes on, so that all are said at once.
type compiler struct {
	src     string
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
	bytes    Eval         // where eval makes sure of UTF-8: the same without; nil: eval is all there is
}

func constant(v record.Value) operand {
	return operand{eval: func(*Frame) record.Value { return v }, types: TypeOf(&v), constant: true, value: v}
}

// fault notes what is wrong at n. The operand that it returns is of every type, so that no fault follows from it.
func (c *compiler) fault(n ast.Node, hint, format string, args ...any) operand {
	from, to := c.offset(n.Location().From), c.offset(n.Location().To)
	c.faults = append(c.faults, Fault{from, max(to, from), fmt.Sprintf(format, args...), hint})
	return anything
}

func (c *compiler) compile(n ast.Node) operand {
	switch n := n.(type) {
	case *ast.NilNode:
		return constant(record.Value{Kind: record.Null})
	case *ast.BoolNode:
		return constant(record.BoolValue(n.Value))
	case *ast.IntegerNode:
		return constant(record.IntValue(int64(n.Value)))
	case *ast.FloatNode:
		return constant(record.FloatValue(n.Value))
	case *ast.StringNode:
		return constant(record.Value{Kind: record.String, Text: []byte(n.Value)})
	case *ast.BytesNode:
		return c.fault(n, `write "…"`, "byte strings are not part of the language")
	case *ast.IdentifierNode, *ast.MemberNode, *ast.PointerNode:
		return c.place(n)
	case *ast.ChainNode:
		return c.compile(n.Node)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.SliceNode:
		return c.slice(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		return c.callNode(n)
	case *ast.VariableDeclaratorNode:
		return c.variable(n)
	case *ast.ArrayNode:
		return c.array(n)
	case *ast.MapNode:
		return c.object(n)
	case *ast.SequenceNode:
		return c.fault(n, "", "an expression is one value: what stands before the ; does nothing")
	}
	return c.fault(n, "", "this is not part of the language")
}

func (c *compiler) callNode(n *ast.CallNode) operand {
	if name, ok := n.Callee.(*ast.IdentifierNode); ok {
		return c.call(n, name.Value, n.Arguments)
	}
	return c.fault(n, "functions take their value in brackets: lower(name)", "values have no methods")
}

func (c *compiler) conditional(n *ast.ConditionalNode) operand {
	cond := c.truth(n.Cond, "the condition of ? :")
	yes, no := c.compile(n.Exp1), c.compile(n.Exp2)
	return operand{types: yes.types | no.types, eval: func(f *Frame) record.Value {
		if cond(f) {
			return yes.eval(f)
		}
		return no.eval(f)
	}}
}

// variable compiles let x = value; rest.
func (c *compiler) variable(n *ast.VariableDeclaratorNode) operand {
	value := c.compile(n.Value)
	at := len(c.vars)
	c.vars = append(c.vars, n.Name)
	rest := c.compile(n.Expr)
	c.vars = c.vars[:at]
	return operand{types: rest.types, eval: func(f *Frame) record.Value {
		v := value.eval(f)
		f.vars = append(f.vars[:at], v)
		return rest.eval(f)
	}}
}

func (c *compiler) array(n *ast.ArrayNode) operand {
	parts := c.all(n.Nodes)
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

func (c *compiler) all(nodes []ast.Node) []operand {
	parts := make([]operand, len(nodes))
	for i, n := range nodes {
		parts[i] = c.compile(n)
	}
	return parts
}

// object compiles {name: value, …}.
func (c *compiler) object(n *ast.MapNode) operand {
	var names [][]byte
	var values []operand
	for _, p := range n.Pairs {
		pair := p.(*ast.PairNode)
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
