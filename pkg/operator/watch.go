package operator

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// watched is how many records a decode stage looks at before it says which fields none of them had.
const watched = 1000

// maxNames bounds the names that are kept for the hint: documents may use names as data.
const maxNames = 1000

// watcher notices fields that a chain asks for and no record has, or that always have another type than a stage needs:
// nearly always a slip in the chain. It is shared by the lanes' instances of one decode stage.
type watcher struct {
	notice func(string)
	fields []watchedField

	done atomic.Bool
	mu   sync.Mutex
	// guarded by mu, which a lane takes once a batch until watched records have been seen
	records int
	seen    []tally
	names   map[string]struct{}
}

type watchedField struct {
	name  string
	slot  int
	wants []typeWant
}

type typeWant struct {
	stage string
	types expression.Types
}

// tally is what was met in one field: how many records had it, and the union of its types.
type tally struct {
	had   int
	types expression.Types
}

func newWatcher(notice func(string)) *watcher {
	return &watcher{notice: notice, names: map[string]struct{}{}}
}

// field has the field in slot watched. Every lane is made after the last one.
func (w *watcher) field(name string, slot int) {
	if slices.ContainsFunc(w.fields, func(f watchedField) bool { return f.slot == slot }) {
		return
	}
	w.fields = append(w.fields, watchedField{name: name, slot: slot})
	w.seen = append(w.seen, tally{})
}

func (w *watcher) want(stage, name string, types expression.Types) {
	for i := range w.fields {
		if w.fields[i].name == name {
			w.fields[i].wants = append(w.fields[i].wants, typeWant{stage, types})
		}
	}
}

func (w *watcher) lane() *watching {
	return &watching{w: w, seen: make([]tally, len(w.fields)), names: map[string]struct{}{}}
}

// watching is one lane's part: it gathers a batch, and hands it on at its end.
type watching struct {
	w       *watcher
	records int
	seen    []tally
	names   map[string]struct{}
}

// see takes note of a record's fields. doc is its JSON, for names that are like those that are missing; nil: there is none.
func (l *watching) see(doc []byte, row []record.Value) {
	if l.w.done.Load() || len(l.seen) == 0 {
		return
	}
	l.records++
	missing := false
	for i, f := range l.w.fields {
		if v := &row[f.slot]; !v.Nil() {
			l.seen[i].had++
			l.seen[i].types |= expression.TypeOf(v)
		} else {
			missing = true
		}
	}
	if missing && doc != nil {
		l.note("", doc, 0)
	}
}

// note keeps the names of doc's members, and of those one level down with the path to them.
func (l *watching) note(above string, doc []byte, depth int) {
	from := 0
	for doc[from] != '{' { // white space, which the decoder has passed
		from++
	}
	for m := format.NewWalk(doc[from:]); m.Next(); {
		name := above + string(m.Name)
		if _, ok := l.names[name]; !ok && len(l.names) < maxNames {
			l.names[name] = struct{}{}
		}
		if depth == 0 && m.Raw[0] == '{' {
			l.note(name+".", m.Raw, 1)
		}
	}
}

// report hands on what a batch has shown, and says once what stood out.
func (l *watching) report() {
	if l.records == 0 {
		return
	}
	say := l.w.take(l)
	l.records = 0
	clear(l.seen)
	clear(l.names)
	for _, msg := range say {
		l.w.notice(msg)
	}
}

// take adds what a lane has seen and returns what is to be said: something once, at the record that completes the count.
func (w *watcher) take(l *watching) (say []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done.Load() {
		return nil
	}
	w.records += l.records
	for i, t := range l.seen {
		w.seen[i].had += t.had
		w.seen[i].types |= t.types
	}
	for name := range l.names {
		w.names[name] = struct{}{}
	}
	if w.records < watched {
		return nil
	}
	return w.endLocked()
}

// endLocked ends the watch and returns what is to be said.
func (w *watcher) endLocked() (say []string) {
	w.done.Store(true)
	say, w.names = w.oddities(), nil
	return say
}

// sumUp says what fewer records than watched have shown, where no more will come.
func (w *watcher) sumUp() {
	w.mu.Lock()
	var say []string
	if !w.done.Load() && w.records > 0 {
		say = w.endLocked()
	}
	w.mu.Unlock()
	for _, msg := range say {
		w.notice(msg)
	}
}

// oddities returns what to say. Its caller holds mu.
func (w *watcher) oddities() (say []string) {
	names := make([]string, 0, len(w.names))
	for name := range w.names {
		names = append(names, name)
	}
	said := map[string]bool{}
	for i, f := range w.fields {
		msg := w.oddity(&f, &w.seen[i], names)
		if msg != "" && !said[msg] {
			said[msg] = true
			say = append(say, msg)
		}
	}
	return say
}

func (w *watcher) oddity(f *watchedField, t *tally, names []string) string {
	if t.had == 0 {
		msg := fmt.Sprintf("none of the first %d records has a field %s", w.records, f.name)
		if near := nearest.Of(f.name, names); near != "" {
			msg += fmt.Sprintf("; did you mean %s?", near)
		}
		return msg
	}
	for _, want := range f.wants {
		if !t.types.Has(want.types) {
			return fmt.Sprintf("%s needs %s in the field %s, which was always %s in the first %d records",
				want.stage, want.types, f.name, t.types, w.records)
		}
	}
	return ""
}
