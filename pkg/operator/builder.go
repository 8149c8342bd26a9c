package operator

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format/registry"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// builder compiles a chain, stage after stage. Faults are gathered.
type builder struct {
	plan     *Plan
	faults   *Faults
	notice   func(string)
	registry func(name string) (registry.Source, error) // nil: there is none
	fields   *scope
	current  *clause    // the stage that is being compiled
	count    int        // how many stages there are
	encoded  *clause    // the encode stage, if one has been compiled
	time     *timing    // timestamp, nil before it
	key      *keying    // the key_by that holds here, nil before the first
	unused   *clause    // the key_by behind which no keyed stage has come
	spread   *keying    // what the records of the part come grouped by, nil in lanes
	window   *windowing // waits for its aggregate
	revised  *span      // the lateness of a window before
	results  results
	tables   uint16 // of the state, that are given out
	stateful []string
	lookups  map[string]*lookups // by name, those that stand above
	env      func(name string) string
	// quiet is true while fields are read that a record need not have: nothing is said where none has them.
	quiet  bool
	sights *sights // nil: the chain is not to be traced
}

// read takes the chain and what flags add apart into stages. An encode at the chain's end stays there.
func (b *builder) read(cfg *Config) []span {
	stages := (&source{name: cmp.Or(cfg.Name, "KSTREAM_OPERATORS"), original: cfg.Chain}).split(b.faults)
	var extra []span
	for _, text := range cfg.Extra {
		word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		extra = append(extra, (&source{name: "--" + strings.ReplaceAll(word, "_", "-"), original: text}).split(b.faults)...)
	}
	if n := len(stages); n > 0 && newClause(n, stages[n-1]).word.String() == "encode" {
		return append(append(stages[:n-1:n-1], extra...), stages[n-1])
	}
	return append(stages, extra...)
}

func (b *builder) stage(c *clause) {
	b.current, b.count = c, c.place
	if b.encoded != nil {
		b.fault(c.word, fmt.Sprintf("%s can't stand behind encode", c.word), "encode is the last stage")
		b.encoded = nil
	}
	if b.window != nil && c.word.String() != "aggregate" {
		b.lonely()
	}
	if compile := operators[c.word.String()]; compile != nil {
		if b.sights != nil {
			b.sights.watched(b, c, compile)
		} else {
			compile(b, c)
		}
		return
	}
	b.unknown(c)
}

// lonely says where a window has no aggregate.
func (b *builder) lonely() {
	b.fault(b.window.c.word, "a window needs an aggregate right behind it", "such as: aggregate requests = count()")
	b.window, b.unused = nil, nil
}

// finish plans where event time is seen, how records are encoded, and with which key.
func (b *builder) finish(key, name string) {
	if b.window != nil {
		b.lonely()
	}
	b.unusedKey()
	b.hoist()
	if b.plan.keyed {
		b.plan.stateful = b.stateful
	}
	if b.key != nil {
		w := newKeyWriter(b.key)
		b.plan.defaultKey = func() record.Encoder { return w.text }
	}
	if b.plan.encode == nil {
		b.encodeJSON()
	}
	if key == "" {
		return
	}
	src := &source{name: cmp.Or(name, "KSTREAM_SINK_PARTITION_KEY"), original: key, text: key}
	b.current = &clause{place: b.count + 1, all: span{src, 0, len(key)}, word: span{src, 0, 0}}
	program := b.expression(b.current, span{src, 0, len(key)})
	if program == nil {
		return
	}
	b.plan.key = func() record.Encoder { return keyEncoder(program) }
}

func (b *builder) fault(at span, message, hint string) {
	b.faults.add(at.src, at.from, at.to, message, hint)
}

// needs says where a stage has nothing behind its word.
func (b *builder) needs(c *clause, what string) {
	if len(c.args) == 0 {
		b.fault(span{c.all.src, c.all.to, c.all.to}, fmt.Sprintf("%s needs %s", c.word, what), "")
	}
}

// one returns the stage's only argument; ok is false where there is none or more, which is a fault.
func (b *builder) one(c *clause, what string) (arg span, ok bool) {
	b.needs(c, what)
	switch {
	case len(c.args) == 0:
		return span{}, false
	case len(c.args) > 1:
		b.fault(c.args[1], fmt.Sprintf("%s takes one thing, and no options", c.word), "it needs "+what)
		return span{}, false
	}
	return c.args[0], true
}

// typed compiles the one argument that c takes, an expression whose value can be of one of types, which needs says in
// words; nil for one that is wrong, with what to try.
func (b *builder) typed(c *clause, what string, types expression.Types, needs, try string) *expression.Program {
	arg, ok := b.one(c, what)
	if !ok {
		return nil
	}
	program := b.expression(c, arg)
	if program != nil && !program.Types().Has(types) {
		b.fault(arg, fmt.Sprintf("%s needs %s, this is %s", c.word, needs, program.Types()), try)
		return nil
	}
	return program
}

// expression compiles the expression at that place over the fields as they are now; nil for one that is wrong.
func (b *builder) expression(c *clause, at span) *expression.Program {
	if at.from == at.to {
		b.fault(at, "an expression is missing", "")
		return nil
	}
	program, faults := expression.Compile(at.String(), b.fields)
	for _, f := range faults {
		b.faults.add(at.src, at.from+f.From, at.from+f.To, f.Message, f.Hint)
	}
	if program != nil {
		b.fields.wants(c, program)
	}
	return program
}

// add puts a stage into the plan.
func (b *builder) add(c *clause, text string, lane func() Stage) {
	word := c.word.String()
	b.step(step{label: c.label(), text: text, drops: word == "filter" || word == "sample", ends: word == "limit", stage: alone(lane)})
}

// step puts a step at the end of the plan, into its last part.
func (b *builder) step(s step) {
	s.part, s.after = len(b.plan.parts)-1, *b.fields
	b.plan.steps = append(b.plan.steps, s)
}

// alone makes a stage that needs nothing of its chain; nil for none.
func alone(stage func() Stage) func(*instance) (Stage, error) {
	if stage == nil {
		return nil
	}
	return func(*instance) (Stage, error) { return stage(), nil }
}

func (b *builder) slot() int {
	b.plan.slots++
	return b.plan.slots - 1
}

func label(place int, word string) string { return fmt.Sprintf("%d:%s", place, word) }
