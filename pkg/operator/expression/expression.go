// Package expression is the language inside the stages of a chain: the syntax is expr-lang/expr's, the meaning is
// kstream's own.
//
// Missing fields are nil. ==, != and in never fail; ordering and the string operators are false on nil or a wrong type,
// and counted; a member, index or function of nil is nil. What else can't be done fails, and the record with it. Integers
// of 64 bits are exact and never overflow in silence. Every evaluation ends: work and memory have a bound for a record,
// since its payload may decide how much there is to do.
//
// Values are never unpacked: a list or an object is its JSON text, in a document as in a result, and looked into where
// an expression asks for a part. So the same rules hold everywhere, and reading a field costs no allocation.
package expression

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// Eval computes a value for the record in f. Its Text is the batch's.
type Eval func(f *Frame) record.Value

// Names tells an expression what the fields of a record are at its place in the chain.
type Names interface {
	// Field returns how to read the field at p.
	Field(p format.Path) Eval
	// Whole returns how to read the record as one object: "this".
	Whole() Eval
	// Absent tells whether no record can have the field at p, since a stage or a schema says which there are; then try is the
	// nearest one, or what there is.
	Absent(p format.Path) (try string, absent bool)
	// NoMeta returns why there is no metadata at that place, "" where there is.
	NoMeta() string
	// Table returns the look-up that goes by that name at that place, nil where there is none.
	Table(name string) Lookup
	// Env returns what the environment has by that name, "" for nothing.
	Env(name string) string
}

// Lookup returns the row of a table that has this key, as JSON that Skip has passed, or nil. It borrows key; nobody
// changes the row. It does not block, and many goroutines call it.
type Lookup func(key []byte) (row []byte)

// Fault is what is wrong with an expression: in bytes of its source from From to To.
type Fault struct {
	From, To int
	Message  string
	Hint     string // what to try, or ""
}

// Program is a compiled expression. It never changes, and any number of frames may run it.
type Program struct {
	eval  Eval
	types Types
	text  string
	wants []Want
}

// Want is a field of which an operator needs certain types, lest its answer is always the same.
type Want struct {
	Path  []string
	Types Types
}

// Types returns what kinds of value the program can give.
func (p *Program) Types() Types { return p.types }

// Wants returns the types that the expression needs of fields.
func (p *Program) Wants() []Want { return p.wants }

// String returns the expression in its parsed form: the same for all ways to space and bracket it.
func (p *Program) String() string { return p.text }

// Compile checks src and makes a program of it, or says all that is wrong.
func Compile(src string, names Names) (*Program, []Fault) {
	c := &compiler{src: src, names: names, deepest: maxLoops}
	config := conf.CreateNew()
	tree, err := parser.ParseWithConfig(src, config)
	if err != nil {
		return nil, []Fault{c.syntax(err)}
	}
	x := c.compile(tree.Node)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return &Program{x.eval, x.types, tree.Node.String(), c.wants}, nil
}

// Run evaluates the program for record r of b, whose row f.Row is. An error is the record's. Afterwards f.Mismatch tells
// whether an operator met nil or a wrong type and was therefore false.
func (p *Program) Run(f *Frame, b *record.Batch, r *record.Record) (record.Value, error) {
	f.start(b, r)
	v := p.eval(f)
	return v, f.err
}

// syntax turns the parser's complaint into one about kstream's language.
func (c *compiler) syntax(err error) Fault {
	var at *file.Error
	if !errors.As(err, &at) {
		return Fault{To: len(c.src), Message: err.Error()}
	}
	from, to := c.offset(at.From), c.offset(max(at.To, at.From+1))
	f := Fault{From: from, To: to, Message: at.Message}
	word := c.src[from:to]
	switch {
	case strings.Contains(at.Message, "value out of range"):
		f.From, f.To, f.Message = 0, len(c.src), "a number is beyond 64-bit integers"
	case from >= len(c.src) || word == "" || at.Message == "unexpected token EOF":
		f.From, f.To = len(c.src), len(c.src)
		f.Message, f.Hint = "the expression ends too early", "a value is missing here"
	case word == "=":
		f.Message, f.Hint = "= sets a field and can't stand here", "== compares"
	case isKeyword(word) && strings.HasPrefix(strings.TrimLeft(c.src[to:], " "), "("):
		f.Message = fmt.Sprintf("%s is no function", word)
		f.Hint = fmt.Sprintf(`it stands between two values: a %s "b"`, word)
	case isKeyword(word):
		f.Message = fmt.Sprintf("%q can't stand here", word)
		f.Hint = fmt.Sprintf("a field of that name is this[%q]", word)
	case word == "#":
		f.Message, f.Hint = "# can't stand here", "it is the element inside of any(…), filter(…), map(…) and their like"
	case strings.HasPrefix(at.Message, "expected at least"):
		f.Message, f.Hint = "an argument is missing", "such as: any(list, # > 1)"
	case strings.HasPrefix(at.Message, "unexpected token"):
		f.Message = fmt.Sprintf("%q can't stand here", word)
	}
	return f
}

func isKeyword(word string) bool {
	switch word {
	case "in", "or", "and", "not", "matches", "contains", "startsWith", "endsWith", "let", "if", "else":
		return true
	}
	return false
}

// offset turns expr's places, which count runes, into bytes of the source.
func (c *compiler) offset(runes int) int {
	at := 0
	for ; runes > 0 && at < len(c.src); runes-- {
		_, n := utf8.DecodeRuneInString(c.src[at:])
		at += n
	}
	return at
}
