package expression

import (
	"fmt"
	"regexp"
	"time"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// run computes what a function gives.
type run = func(f *Frame, args []record.Value) record.Value

// preparation is one call of a function some of whose arguments stand in the chain itself: what is made of these (a
// regular expression, a zone, a network) is made once, and a wrong one is a fault of the chain and not of each record.
type preparation struct {
	c     *compiler
	call  *syntax.Call
	parts []operand
	gives Types // what the call gives; prepare may say it better than the table of functions
}

// written returns the i-th argument, which has to be a string that stands in the chain; ok is false where it is none,
// which has been said.
func (p *preparation) written(i int, what, example string) (text string, ok bool) {
	x := p.parts[i]
	if !x.constant || x.types != String {
		p.c.fault(p.call.Args[i], "such as: "+example, "%s needs its %s written out, as a string", p.call.Name, what)
		return "", false
	}
	return string(x.value.Text), true
}

// wrong says what is wrong with the i-th argument. Of what comes from the environment the message shows nothing.
func (p *preparation) wrong(i int, hint, message string, args ...any) {
	if p.parts[i].secret {
		hint, message, args = "", "what this variable holds is not what %s needs here", []any{p.call.Name}
	}
	p.c.fault(p.call.Args[i], hint, message, args...)
}

// pattern returns the i-th argument as a regular expression.
func (p *preparation) pattern(i int, example string) (re *regexp.Regexp, ok bool) {
	text, ok := p.written(i, "pattern", example)
	if !ok {
		return nil, false
	}
	re, err := regexp.Compile(text)
	if err != nil {
		p.wrong(i, "", "%v", err)
	}
	return re, err == nil
}

// zone returns the i-th argument as a time zone, UTC where there is none.
func (p *preparation) zone(i int) (zone *time.Location, ok bool) {
	if i >= len(p.parts) {
		return time.UTC, true
	}
	name, ok := p.written(i, "time zone", `"Europe/Berlin"`)
	if !ok {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		p.wrong(i, `such as: "Europe/Berlin", "America/New_York", "UTC"`, "there is no time zone %q", name)
		return nil, false
	}
	return zone, true
}

// env compiles env("NAME", otherwise): what the environment holds when the chain is compiled. Empty is not set, as it is for
// kstream's own variables: compose files pass on what is not set as an empty string.
func env(p *preparation) operand {
	name, ok := p.written(0, "variable", `env("REDACT_KEY")`)
	if !ok {
		return anything
	}
	value := ""
	if len(p.parts) == 2 {
		if value, ok = p.written(1, "default", `env("STAGE", "dev")`); !ok {
			return anything
		}
	}
	if set := p.c.names.Env(name); set != "" {
		value = set
	}
	if value == "" {
		p.c.fault(p.call, fmt.Sprintf("set it, or give a default: env(%q, \"…\")", name), "the environment has no variable %s", name)
		return anything
	}
	x := constant(record.Value{Kind: record.String, Text: []byte(value)})
	x.secret = true
	return x
}

// anything stands for a wrong operand: it is of every type, so that no fault follows from it.
var anything = operand{eval: func(*Frame) record.Value { return record.Value{} }, types: Any}
