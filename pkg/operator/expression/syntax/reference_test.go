package syntax

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	exprparser "github.com/expr-lang/expr/parser"
)

// lacking are what expr reads and this package refuses, by what it says of it: all that differs between the two, but for an
// element and its name with a space between them (# index), which spaced finds.
var lacking = []string{
	"byte strings are not part of the language",
	"values have no methods",
	"an expression is one value",
	"is half of a character",       // expr gives U+FFFD for each half of a pair
	"is beyond the last character", // expr takes \UFFFFFFFF for a byte 255
	"the expression is no UTF-8 text",
	"the expression nests deeper than",
	"the expression has more than", // and expr counts its parts in another way
}

// failing is a test, or a draw of rapid's.
type failing interface {
	Helper()
	Errorf(format string, args ...any)
}

// asExpr fails unless expr and this package read src as the same tree, each node in the same place, which Text gives back, or
// both refuse it. It reports whether src is an expression.
func asExpr(t failing, src string) bool {
	t.Helper()
	tree, faults := Parse(src)
	theirs, err := reference(src)
	switch {
	case len(faults) > 0:
		if err == nil && !lacks(faults) && !spaced(src) {
			t.Errorf("%q: expr reads it, and we say %v", src, faults)
		}
		return false
	case err != nil:
		if !strings.Contains(err.Error(), "maximum allowed nodes") {
			t.Errorf("%q: expr says %v, and we read %s", src, err, Text(tree))
		}
		return false
	}
	got, want := (&form{}).ours(tree), (&form{bytes: byteOffsets(src)}).theirs(theirs)
	if got != want {
		t.Errorf("%q\ngot  %s\nwant %s", src, got, want)
	}
	readsAgain(t, src, tree, theirs)
	return true
}

func lacks(faults []Fault) bool {
	for _, f := range faults {
		for _, l := range lacking {
			if strings.Contains(f.Message, l) {
				return true
			}
		}
	}
	return false
}

// spaced reports an element with a name behind it that does not touch it.
func spaced(src string) bool {
	l := &lexer{src: src}
	for before := l.next(); before.kind != end && before.kind != bad; {
		t := l.next()
		if before.kind == element && before.text == "#" && t.kind == name {
			return true
		}
		before = t
	}
	return false
}

// reference reads src with expr. Its panics are refusals.
func reference(src string) (n ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("expr panics: %v", r)
		}
	}()
	tree, err := exprparser.Parse(src)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

// form writes trees of either kind in one way: (kind@place parts…). A place is the byte where a node begins, and left out
// where ours is a better one: of branches, of a not in front of in and its like, and of the numbers that expr has at #.
type form struct {
	bytes []int // of expr's places, which count characters
	bare  bool  // without places
}

func (f *form) at(place int) string {
	if f.bare {
		return ""
	}
	return fmt.Sprintf("@%d", place)
}

func (f *form) ours(n Node) string {
	if n == nil {
		return "_"
	}
	at := f.at(n.Place().From)
	switch n := n.(type) {
	case *Nil:
		return "nil" + at
	case *Bool:
		return fmt.Sprint(n.Value, at)
	case *Int:
		return fmt.Sprint(n.Value, at)
	case *Float:
		return fmt.Sprintf("float %v%s", n.Value, at)
	case *String:
		return fmt.Sprintf("%q%s", n.Value, at)
	case *Name:
		return n.Value + at
	case *Element:
		return "#" + n.Name + at
	case *Member:
		return fmt.Sprintf("(member%s %s %s %t)", at, f.ours(n.Of), f.ours(n.Property), n.Optional)
	case *Slice:
		return fmt.Sprintf("(slice%s %s %s %s)", at, f.ours(n.Of), f.ours(n.From), f.ours(n.To))
	case *Unary:
		if in, ok := n.Of.(*Binary); ok && in.Span == n.Span { // a not in b
			return fmt.Sprintf("(not (%s %s %s))", in.Op, f.ours(in.Left), f.ours(in.Right))
		}
		return fmt.Sprintf("(%s%s %s)", n.Op, at, f.ours(n.Of))
	case *Binary:
		return fmt.Sprintf("(%s%s %s %s)", n.Op, at, f.ours(n.Left), f.ours(n.Right))
	case *Conditional:
		return fmt.Sprintf("(if %t %s %s %s)", n.Words, f.ours(n.If), f.ours(n.Then), f.ours(n.Else))
	case *Call:
		return fmt.Sprintf("(%s()%s%s)", n.Name, at, all(f.ours, n.Args))
	case *Let:
		return fmt.Sprintf("(let%s %s %s %s)", at, n.Name, f.ours(n.Value), f.ours(n.Rest))
	case *List:
		return fmt.Sprintf("(list%s%s)", at, all(f.ours, n.Of))
	case *Object:
		pairs := ""
		for _, p := range n.Pairs {
			pairs += fmt.Sprintf(" %s: %s", f.ours(p.Key), f.ours(p.Value))
		}
		return fmt.Sprintf("(object%s%s)", at, pairs)
	}
	return fmt.Sprintf("?%T", n)
}

func all[N any](write func(N) string, nodes []N) (s string) {
	for _, n := range nodes {
		s += " " + write(n)
	}
	return s
}

// theirs passes over the nodes that only expr's machine needs: of chains with ?. and of predicates.
func (f *form) theirs(n ast.Node) string {
	if n == nil {
		return "_"
	}
	at := ""
	if !f.bare {
		at = f.at(f.bytes[n.Location().From])
	}
	switch n := n.(type) {
	case *ast.NilNode:
		return "nil" + at
	case *ast.BoolNode:
		return fmt.Sprint(n.Value, at)
	case *ast.IntegerNode:
		return fmt.Sprint(n.Value, at)
	case *ast.FloatNode:
		return fmt.Sprintf("float %v%s", n.Value, at)
	case *ast.StringNode:
		return fmt.Sprintf("%q%s", n.Value, at)
	case *ast.IdentifierNode:
		return n.Value + at
	case *ast.PointerNode:
		return "#" + n.Name + at
	case *ast.ChainNode:
		return f.theirs(n.Node)
	case *ast.PredicateNode:
		return f.theirs(n.Node)
	case *ast.MemberNode:
		return fmt.Sprintf("(member%s %s %s %t)", at, f.theirs(n.Node), f.theirs(n.Property), n.Optional)
	case *ast.SliceNode:
		return fmt.Sprintf("(slice%s %s %s %s)", at, f.theirs(n.Node), f.theirs(n.From), f.theirs(n.To))
	case *ast.UnaryNode:
		if in, ok := n.Node.(*ast.BinaryNode); ok && in.Location() == n.Location() {
			return fmt.Sprintf("(not (%s %s %s))", in.Operator, f.theirs(in.Left), f.theirs(in.Right))
		}
		return fmt.Sprintf("(%s%s %s)", n.Operator, at, f.theirs(n.Node))
	case *ast.BinaryNode:
		return fmt.Sprintf("(%s%s %s %s)", n.Operator, at, f.theirs(n.Left), f.theirs(n.Right))
	case *ast.ConditionalNode:
		return fmt.Sprintf("(if %t %s %s %s)", !n.Ternary, f.theirs(n.Cond), f.theirs(n.Exp1), f.theirs(n.Exp2))
	case *ast.BuiltinNode:
		return fmt.Sprintf("(%s()%s%s)", n.Name, at, all(f.theirs, n.Arguments))
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return fmt.Sprintf("(%s()%s%s)", callee.Value, at, all(f.theirs, n.Arguments))
		}
	case *ast.VariableDeclaratorNode:
		return fmt.Sprintf("(let%s %s %s %s)", at, n.Name, f.theirs(n.Value), f.theirs(n.Expr))
	case *ast.ArrayNode:
		return fmt.Sprintf("(list%s%s)", at, all(f.theirs, n.Nodes))
	case *ast.MapNode:
		pairs := ""
		for _, p := range n.Pairs {
			pair := p.(*ast.PairNode)
			pairs += fmt.Sprintf(" %s: %s", f.theirs(pair.Key), f.theirs(pair.Value))
		}
		return fmt.Sprintf("(object%s%s)", at, pairs)
	}
	return fmt.Sprintf("?%T", n)
}

// byteOffsets returns where each character of src begins, and where it ends.
func byteOffsets(src string) []int {
	var at []int
	for i := range src {
		at = append(at, i)
	}
	return append(at, len(src))
}
