package syntax

import "github.com/expr-lang/expr/ast"

// readsAgain fails unless the text of a tree is read as the same tree, and is what expr writes for it where that is read
// as the same tree too: so that state which was saved under expr's text goes on.
func readsAgain(t failing, src string, tree Node, theirs ast.Node) {
	t.Helper()
	bare := &form{bare: true}
	written := Text(tree)
	again, faults := Parse(written)
	switch {
	case len(faults) > 0:
		t.Errorf("%q is written %q, of which we say %v", src, written, faults)
		return
	case bare.ours(again) != bare.ours(tree):
		t.Errorf("%q is written %q\ngot  %s\nwant %s", src, written, bare.ours(again), bare.ours(tree))
	case Text(again) != written:
		t.Errorf("%q is written %q, and that %q", src, written, Text(again))
	}
	n, err := reference(theirs.String())
	if err == nil && bare.theirs(n) == bare.theirs(theirs) && theirs.String() != written && !signed(tree) {
		t.Errorf("%q is written %q, and by expr %q", src, written, theirs.String())
	}
}

// signed reports a member or a slice of a value with a sign, as in (-1)[0], which expr writes without brackets.
func signed(n Node) (found bool) {
	walk(n, func(n Node) {
		switch n := n.(type) {
		case *Member:
			_, ok := n.Of.(*Unary)
			found = found || ok
		case *Slice:
			_, ok := n.Of.(*Unary)
			found = found || ok
		}
	})
	return found
}

// walk calls visit with each node of a tree.
func walk(n Node, visit func(Node)) {
	if n == nil {
		return
	}
	visit(n)
	var parts []Node
	switch n := n.(type) {
	case *Member:
		parts = []Node{n.Of, n.Property}
	case *Slice:
		parts = []Node{n.Of, n.From, n.To}
	case *Unary:
		parts = []Node{n.Of}
	case *Binary:
		parts = []Node{n.Left, n.Right}
	case *Conditional:
		parts = []Node{n.If, n.Then, n.Else}
	case *Call:
		parts = n.Args
	case *Let:
		parts = []Node{n.Value, n.Rest}
	case *List:
		parts = n.Of
	case *Object:
		for _, p := range n.Pairs {
			parts = append(parts, p.Key, p.Value)
		}
	}
	for _, part := range parts {
		walk(part, visit)
	}
}
