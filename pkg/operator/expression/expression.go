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
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
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

// Fault is what is wrong with an expression, and where in its source.
type Fault = syntax.Fault

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
	tree, faults := syntax.Parse(src)
	if tree == nil {
		return nil, faults
	}
	c := &compiler{names: names, faults: faults, deepest: maxLoops}
	x := c.compile(tree)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return &Program{x.eval, x.types, syntax.Text(tree), c.wants}, nil
}

// Run evaluates the program for record r of b, whose row f.Row is. An error is the record's. Afterwards f.Mismatch tells
// whether an operator met nil or a wrong type and was therefore false.
func (p *Program) Run(f *Frame, b *record.Batch, r *record.Record) (record.Value, error) {
	f.start(b, r)
	v := p.eval(f)
	return v, f.err
}
