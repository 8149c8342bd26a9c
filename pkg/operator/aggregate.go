package operator

import (
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// aggregate x = f(expr), … computes functions over each window of each key. What comes out is a new record of the key's
// fields, window_start and window_end, revision where the window allows lateness, and the aggregates in this order.
func compileAggregate(b *builder, c *clause) {
	w := b.window
	b.window = nil
	if w == nil {
		b.fault(c.word, "aggregate needs a window before it", "such as: window tumbling 1m")
	}
	made := b.aggregations(c)
	if w == nil || w.assigner == nil && w.session.Gap == 0 || len(made) == 0 {
		b.unused = nil
		return
	}
	k := b.grouping()
	carry := &record.Carry{Whole: w.letters}
	for i := range made {
		carry.Slots = append(carry.Slots, made[i].reads()...)
		carry.Position = carry.Position || made[i].aggregate.Ordered()
	}
	text := aggregationsText(c, made)
	b.stateful = append(b.stateful, w.text, text)
	table := b.keyed(w.c, k, carry, w.early(c, k, made)...)
	res := b.result(c, k, w, made)
	b.shown(table, w.show(res))
	if w.lateness > 0 {
		b.revised = &w.latenessAt
	}
	b.step(step{label: c.label(), text: text, stage: func(in *instance) (Stage, error) {
		return w.open(in, res, table)
	}})
}

// open makes the stage that keeps the windows.
func (w *windowing) open(in *instance, res *result, table uint16) (Stage, error) {
	common := absorber{result: res, letters: w.letters}
	if w.session.Gap > 0 {
		return openSessions(in.store, common, w.session, table)
	}
	return openWindows(in.store, common, w, table)
}

func aggregationsText(c *clause, made []aggregation) string {
	parts := make([]string, len(made))
	for i := range made {
		parts[i] = pathText(made[i].path) + " = " + made[i].text
	}
	return fmt.Sprintf("%s %s", c.word, strings.Join(parts, ", "))
}

// takenHint is for a field of the key that has the name of another that comes out: of window_start in most cases.
const takenHint = "give the key another name, such as key_by start = window_start, or the aggregate"

// result plans the record that comes out, and makes its fields those of the stages behind.
func (b *builder) result(c *clause, k *keying, w *windowing, made []aggregation) *result {
	res := &result{label: c.label(), key: k, revision: -1, aggregations: made}
	shape := format.Object()
	var taken []assignment
	put := func(at span, path []string) int {
		b.distinct(at, path, taken, takenHint)
		taken = append(taken, assignment{path: path})
		slot := b.slot()
		shape = shape.With(path, slot)
		return slot
	}
	for _, path := range k.paths {
		res.keys = append(res.keys, put(c.word, path))
	}
	res.start = put(c.word, []string{"window_start"})
	res.end = put(c.word, []string{"window_end"})
	if w.lateness > 0 {
		res.revision = put(c.word, []string{"revision"})
	}
	for i := range made {
		made[i].out = put(made[i].at, made[i].path)
	}
	res.fields = format.NewSplicer(shape)
	b.results = append(b.results, res)
	b.fields = newScope(b)
	b.fields.shape, b.fields.changed = shape, true
	b.fields.noMeta = "what comes out of an aggregate is no record of a stream: it has no metadata"
	b.plan.changes = true
	return res
}

// aggregations reads `name = function(…)`, by commas.
func (b *builder) aggregations(c *clause) (made []aggregation) {
	b.needs(c, "functions: aggregate requests = count()")
	arguments := map[string]int{}
	var taken []assignment
	for _, arg := range c.args {
		path, rest, ok := arg.path()
		if !ok || !strings.HasPrefix(rest.String(), "=") || strings.HasPrefix(rest.String(), "==") {
			b.unnamedAggregate(arg)
			continue
		}
		call := (span{rest.src, rest.from + 1, rest.to}).trim()
		a, ok := b.call(c, call, arguments)
		if !b.distinct(arg, path, taken, "") || !ok {
			continue
		}
		a.path, a.at = path, arg
		taken = append(taken, assignment{path: path})
		made = append(made, a)
	}
	return made
}

func (b *builder) unnamedAggregate(arg span) {
	text := unnamed.ReplaceAllString(arg.String(), "$1")
	name, _, _ := strings.Cut(text, "(")
	if window.Lookup(strings.TrimSpace(name)) == nil {
		b.fault(arg, "aggregate makes fields of functions", "such as: aggregate requests = count()")
		return
	}
	b.fault(arg, "this has no name", fmt.Sprintf("aggregate name = %s", text))
}
