// Package syntax reads expressions: text in, a tree out, or what is wrong with the text and where. What a tree means is
// package expression's.
//
// The grammar is expr-lang/expr's, of version 1.17, so that what people know of it holds here; TestAsExpr compares the two,
// and its list of differences is the whole of them. That module's own parser is for tests only: it brings its virtual
// machine, whose use of reflection keeps the linker from dropping any exported method of any package in the program.
//
//	sequence   = expression { ";" expression }
//	expression = "let" name "=" expression ";" sequence
//	           | "if" expression "{" sequence "}" "else" ( "if" … | "{" sequence "}" )
//	           | binary { "?" [ expression ] ":" expression }
//	binary     = operand { operator operand | "|" call }      by precedence: see operators
//	operand    = unary operand | primary { "." name | "?." name | [ "?." ] "[" … "]" }
//	primary    = "(" sequence ")" | "#" [ name ] | "." | name | call | number | string | "[" … "]" | "{" … "}"
//	call       = [ "::" ] name "(" [ expression { "," expression } ] ")"
//
// An element (# or a . in front of a name) stands in the second argument of a predicate only: any(list, .price > 10).
package syntax

import (
	"fmt"
	"unicode/utf8"
)

// Limits of one expression. Both bound the stack that reading, compiling and evaluating it take.
const (
	MaxDepth = 1000   // how deep brackets, operands and branches nest
	MaxNodes = 10_000 // how many nodes a tree has, as expr's own bound
)

// Span is a part of an expression's text: the bytes from From up to and without To.
type Span struct{ From, To int }

// Place returns the span itself: what a caret is put under where it belongs to a node.
func (s Span) Place() Span { return s }

// Fault is what is wrong with an expression.
type Fault struct {
	Span
	Message string
	Hint    string // what to try, or ""
}

// Parse reads one expression. The tree is nil where src can't be read to its end, for the last of the faults. What can be
// read and is not part of the language (byte strings, methods, several values) is a fault too, and reading goes on behind
// it, so that a caller finds all that is wrong in one go. Any text comes to an end, with a stack that MaxDepth bounds.
func Parse(src string) (Node, []Fault) {
	p := &parser{lexer: lexer{src: src}}
	if !utf8.ValidString(src) {
		p.fail(Span{0, len(src)}, "the expression is no UTF-8 text", "")
		return nil, p.faults
	}
	p.next()
	n := p.sequence()
	if p.token.kind != end {
		p.noOperator()
	}
	if p.failed {
		return nil, p.faults
	}
	return n, p.faults
}

// parser reads one expression by recursive descent, one token ahead. The first text that it can't read takes it to the end
// at once: whatever is being read then sees nothing but the end, whose complaints are not noted, and all loops are over. So
// none of its methods has an error to hand on, and what they return after that is dropped by Parse.
type parser struct {
	lexer  lexer
	token  token // the one to be read next
	faults []Fault
	failed bool
	depth  int // of expressions in each other
	loops  int // predicates that are open: where # stands for something
	nodes  int
}

// next goes to the token behind this one.
func (p *parser) next() {
	if p.failed {
		return
	}
	if p.token = p.lexer.next(); p.token.kind == bad {
		p.fail(p.token.fault.Span, p.token.fault.Message, p.token.fault.Hint)
	}
}

// is reports whether the next token is that symbol or keyword.
func (p *parser) is(symbol string) bool { return p.token.kind == operator && p.token.text == symbol }

// take goes on behind a symbol, and reports whether it was there.
func (p *parser) take(symbol string) bool {
	if !p.is(symbol) {
		return false
	}
	p.next()
	return true
}

// fault notes what is wrong; reading goes on.
func (p *parser) fault(at Span, hint, format string, args ...any) {
	p.faults = append(p.faults, Fault{at, fmt.Sprintf(format, args...), hint})
}

// fail notes why reading ends here. Only the first reason counts.
func (p *parser) fail(at Span, message, hint string) {
	if p.failed {
		return
	}
	p.fault(at, hint, "%s", message)
	p.failed = true
	p.token = token{kind: end, Span: at}
}

// made counts a node that goes into the tree.
func (p *parser) made(n Node) Node {
	if p.nodes++; p.nodes > MaxNodes {
		p.fail(n.Place(), fmt.Sprintf("the expression has more than %d parts", MaxNodes), "many values to look for are a table's")
	}
	return n
}

// deeper notes that reading goes one level down, and reports whether it may. The caller takes the level off again.
func (p *parser) deeper() bool {
	if p.depth++; p.depth > MaxDepth {
		p.fail(p.token.Span, fmt.Sprintf("the expression nests deeper than %d", MaxDepth), "")
		return false
	}
	return true
}
