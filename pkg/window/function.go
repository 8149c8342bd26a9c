package window

import (
	"fmt"
	"slices"
	"strings"
)

// Function is an aggregate function of the chain's language.
type Function struct {
	Name    string
	Params  []Param // in the order in which they are written
	Example string  // an assignment of an aggregate stage: "p99 = quantile(latency_ms, 0.99)"
	Doc     string  // what it gives, in a sentence or two
	// New compiles a call. An error says which argument is wrong and what would be right.
	New func(args Args) (Aggregate, error)
}

// Param is one parameter of a Function.
type Param struct {
	Name     string
	Kind     ParamKind
	Optional bool
	Option   bool // written behind the others, as its name and a value: "max 1000"
	Repeated bool // the last one, one or more times: Args holds a []float64
}

// ParamKind says what may stand in the place of a Param.
type ParamKind uint8

// The kinds of Param. The first Expression or Condition of a call becomes Input.Value, the second Input.By.
const (
	Expression ParamKind = iota // evaluated for each record
	Condition                   // an expression that is true or false
	Number                      // a constant number: a float64 in Args
	Count                       // a constant integer: an int64 in Args
)

// Args are the arguments of a call by the name of their Param. A Number is a float64, a Count an int64, a repeated Number a
// []float64; an Expression or Condition that was written is there with any value. What was not written is not there.
type Args map[string]any

// has reports whether an argument was written.
func (a Args) has(name string) bool {
	_, ok := a[name]
	return ok
}

// number returns a constant, or an error that says what would be right.
func (a Args) number(name, example string) (float64, error) {
	switch n := a[name].(type) {
	case float64:
		return n, nil
	case int64:
		return float64(n), nil
	}
	return 0, fmt.Errorf("%s must be a number, such as %s", name, example)
}

// count returns a constant between 1 and most; fallback is what it is if it was not written, 0 if it must be.
func (a Args) count(name string, fallback, most int64) (int, error) {
	if !a.has(name) && fallback > 0 {
		return int(fallback), nil
	}
	if n, ok := a[name].(int64); ok && 1 <= n && n <= most {
		return int(n), nil
	}
	return 0, fmt.Errorf("%s must be a whole number from 1 to %d", name, most)
}

// Functions returns every aggregate function, sorted by name. The caller must not change them.
func Functions() []*Function { return functions }

// Lookup returns the function of that name, nil if there is none.
func Lookup(name string) *Function {
	i, ok := slices.BinarySearchFunc(functions, name, func(f *Function, name string) int { return strings.Compare(f.Name, name) })
	if !ok {
		return nil
	}
	return functions[i]
}

// fixed returns a Function's New for a call whose arguments are all evaluated for each record.
func fixed(c *call) func(Args) (Aggregate, error) {
	return func(Args) (Aggregate, error) { return c, nil }
}

// justX is the parameter list of a function of one expression.
var justX = []Param{{Name: "x", Kind: Expression}}
