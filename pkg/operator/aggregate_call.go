package operator

import (
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/window"
)

// aggregation is one field that an aggregate stage makes.
type aggregation struct {
	path      []string
	at        span
	text      string // canonical: quantile(latency_ms, 0.99)
	aggregate window.Aggregate
	value, by argument
	out       int // the slot of the result
}

// argument is what a function is given of each record: an expression whose value goes to a slot. A slot of -1 is none.
type argument struct {
	program *expression.Program
	slot    int
	first   bool // of those with this slot: the others find it filled
}

// reads returns the slots that the aggregate is given.
func (a *aggregation) reads() (slots []int) {
	for _, arg := range []argument{a.value, a.by} {
		if arg.slot >= 0 && arg.first {
			slots = append(slots, arg.slot)
		}
	}
	return slots
}

// caller compiles one call of an aggregate function.
type caller struct {
	b     *builder
	c     *clause
	at    span // the call
	f     *window.Function
	args  window.Args
	texts []string // canonical
	last  []string // those of options, which stand behind the others
	made  aggregation
	slots map[string]int // of the arguments that the stage has, by their text
	bad   bool
}

// call compiles function(argument, …). slots are those of the stage's arguments, by their canonical text.
func (b *builder) call(c *clause, at span, slots map[string]int) (aggregation, bool) {
	name, next := at.src.name1(at.from, at.to)
	open := (span{at.src, next, at.to}).trim()
	if name == "" || !strings.HasPrefix(open.String(), "(") {
		b.fault(at, "this is no aggregate function", "such as count(), sum(bytes), quantile(latency_ms, 0.99)")
		return aggregation{}, false
	}
	word := span{at.src, at.from, next}
	f := window.Lookup(name)
	if f == nil {
		b.noFunction(word, name)
		return aggregation{}, false
	}
	inner, rest := open.brackets()
	if rest.from < rest.to {
		b.fault(rest, "an aggregate function stands alone", "set behind the aggregate computes with what comes out")
		return aggregation{}, false
	}
	k := &caller{b: b, c: c, at: at, f: f, args: window.Args{}, slots: slots}
	k.made.value.slot, k.made.by.slot = -1, -1
	k.arguments(inner)
	if k.bad {
		return aggregation{}, false
	}
	aggregate, err := f.New(k.args)
	if err != nil {
		b.fault(at, err.Error(), f.Example)
		return aggregation{}, false
	}
	k.made.aggregate = aggregate
	k.made.text = fmt.Sprintf("%s(%s)", name, strings.Join(append(k.texts, k.last...), ", "))
	return k.made, true
}

// brackets returns what stands in the brackets that s begins with, and what is behind them.
func (s span) brackets() (inner, rest span) {
	depth, text := 0, s.String()
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"', '\'', '`':
			i = endOfString(text, i)
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return span{s.src, s.from + 1, s.from + i}.trim(), span{s.src, s.from + i + 1, s.to}.trim()
			}
		}
	}
	return span{s.src, s.from + 1, s.to}.trim(), span{s.src, s.to, s.to}
}

func (b *builder) noFunction(word span, name string) {
	var known []string
	for _, f := range window.Functions() {
		known = append(known, f.Name)
	}
	hint := "there are " + strings.Join(known, ", ")
	if near := nearest.Of(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	b.fault(word, fmt.Sprintf("there is no aggregate function %s", name), hint)
}
