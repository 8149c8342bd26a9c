package operator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/operator/lookup"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// table NAME, file "c.csv", key id has expressions from here on look into a file: NAME[customer_id].tier. A miss is nil. The
// file is read when the chain is compiled, and again when it changes. It is no part of a checkpoint: a replay sees it as it
// is then.
func compileTable(b *builder, c *clause) {
	b.needs(c, `a name and a file: table customers, file "customers.csv", key id`)
	if len(c.args) == 0 {
		return
	}
	name := b.tableName(c.args[0])
	o := b.options(c, c.args[1:], map[string]string{"file": `"customers.csv"`, "key": "id"})
	path, ok := b.tableFile(c, o)
	key := b.tableKey(o)
	l := &lookups{label: c.label(), row: func([]byte) []byte { return nil }}
	if b.lookups == nil {
		b.lookups = map[string]*lookups{}
	}
	b.lookups[name] = l
	if name == "" || !ok {
		return
	}
	t, err := lookup.Open(lookup.Config{Name: name, Path: path, Key: key, Notice: b.notice})
	if err != nil {
		b.unreadable(o, err)
		return
	}
	l.table, l.row = t, t.Row
	text := fmt.Sprintf("table %s, file %q", name, path)
	if key != "" {
		text += ", key " + pathText([]string{key})
	}
	b.add(c, text, nil)
}

// tableName returns the name that expressions have for a table.
func (b *builder) tableName(at span) string {
	names, rest, ok := at.path()
	switch {
	case !ok || len(names) != 1 || rest.from < rest.to || strings.ContainsAny(at.String(), `"'`):
		b.fault(at, "a table's name is one word", `table customers, file "customers.csv", key id`)
		return ""
	case names[0] == "this" || names[0] == "meta" || isWordOperator(names[0]) || names[0] == "let":
		b.fault(at, fmt.Sprintf("%s means something else in expressions", names[0]), "")
		return ""
	case b.lookups[names[0]] != nil:
		b.fault(at, fmt.Sprintf("there is a table %s already", names[0]), "")
		return ""
	}
	return names[0]
}

func (b *builder) tableFile(c *clause, o options) (path string, ok bool) {
	at, ok := o["file"]
	if !ok {
		b.fault(c.all, "a table needs its file", `such as: file "customers.csv"`)
		return "", false
	}
	path, ok = syntax.Unquote(at.String())
	if !ok || path == "" {
		b.fault(at, "a file stands in quotes", `such as: file "customers.csv"`)
		return "", false
	}
	return path, true
}

func (b *builder) tableKey(o options) string {
	at, ok := o["key"]
	if !ok {
		return ""
	}
	names, rest, ok := at.path()
	if !ok || len(names) != 1 || rest.from < rest.to {
		b.fault(at, "the key is one field of the file", `key id, or key "customer id"`)
		return ""
	}
	return names[0]
}

// unreadable says what is wrong with a table's file, at the key where that is it.
func (b *builder) unreadable(o options, err error) {
	if e := (*lookup.KeyError)(nil); errors.As(err, &e) {
		hint := "they have " + strings.Join(e.Names, ", ")
		if near := nearest.Of(e.Key, e.Names); near != "" {
			hint = "did you mean " + near + "?"
		}
		b.fault(o["key"], fmt.Sprintf("the rows of %s have no field %s", o["file"], e.Key), hint)
		return
	}
	hint := ""
	switch {
	case errors.Is(err, lookup.ErrNoKey):
		hint = "such as: key id. Without one a file is a JSON object whose names are the keys"
	case errors.Is(err, fs.ErrNotExist):
		hint = "a path is relative to the folder that kstream is started in"
	}
	b.fault(o["file"], fmt.Sprintf("the table's file can't be read: %v", err), hint)
}

// lookups is a table of the chain.
type lookups struct {
	label string
	table *lookup.Table // nil for one that is wrong
	row   expression.Lookup
	parts []int // of the plan, in which its file is looked at
}

// Table implements expression.Names. Each part that looks into a table also looks after its file: a lane may stand still
// while tasks go on.
func (s *scope) Table(name string) expression.Lookup {
	l := s.b.lookups[name]
	if l == nil {
		return nil
	}
	if part := len(s.b.plan.parts) - 1; l.table != nil && !slices.Contains(l.parts, part) {
		l.parts = append(l.parts, part)
		s.b.step(step{label: l.label, half: true, stage: alone(func() Stage { return &refresher{l.table} })})
	}
	return l.row
}

// Env implements expression.Names.
func (s *scope) Env(name string) string { return s.b.env(name) }

// refresher keeps a table up to date.
type refresher struct{ table *lookup.Table }

// Process looks after the file, once a second over all lanes and tasks. What reads a changed one is the batch that comes
// then; the others don't wait.
func (s *refresher) Process(_ context.Context, _ *record.Batch) error {
	s.table.Refresh(time.Now())
	return nil
}
