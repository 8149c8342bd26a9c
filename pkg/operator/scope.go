package operator

import (
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// scope is what is known of a record's fields at one place of the chain: which come from its document, and which stages
// have made or dropped. It is how the planner learns which fields the chain needs.
type scope struct {
	b *builder
	// document is what decodes the payload: nil while no stage has needed a field of it.
	document *document
	shape    *format.Shape
	// changed is true once the payload is not what has to go out.
	changed bool
	// noMeta is why records have no metadata: they are no records of a stream any more. "": they have.
	noMeta string
	// asked are the fields that were read since it was cleared; one without names is the whole record.
	asked []format.Path
}

func newScope(b *builder) *scope { return &scope{b: b, shape: format.Document()} }

// need sees to it that fields can be read or changed: payloads are JSON where nothing else was said. A record that a
// stage has built needs no payload.
func (s *scope) need() {
	if s.document == nil && !s.shape.Built {
		s.b.decodeJSON(s.b.current, "json, assumed")
	}
}

// NoMeta implements expression.Names.
func (s *scope) NoMeta() string { return s.noMeta }

// Absent implements expression.Names: of a record that a stage has made all fields are known, and of one with a schema those
// of its document.
func (s *scope) Absent(p format.Path) (try string, absent bool) {
	switch {
	case s.knows(p, 1):
		return "", false
	case s.shape.Built:
		return s.instead(p), true
	case s.document != nil && s.document.check != nil && !s.shape.Shut:
		if err := s.document.check(p.Names); err != nil {
			return err.Error(), true
		}
	}
	return "", false
}

// instead returns what to try where a record that a stage has made has no field p.
func (s *scope) instead(p format.Path) string {
	var known []string
	for _, f := range s.shape.Fields {
		if f.Change != format.Drop {
			known = append(known, f.Name)
		}
	}
	if near := nearest.Of(p.Names[0], known); near != "" {
		return "did you mean " + near + "?"
	}
	return "it has " + strings.Join(known, ", ")
}

// Whole implements expression.Names.
func (s *scope) Whole() expression.Eval {
	s.need()
	s.asked = append(s.asked, format.Path{})
	if s.shape.Built {
		return expression.Spliced(format.NewSplicer(s.shape), expression.Nothing)
	}
	if s.shape.Untouched() {
		return s.document.whole()
	}
	return expression.Spliced(format.NewSplicer(s.shape), s.document.whole())
}

// Field implements expression.Names: a.b is field b of a, or where there is no a, the field named "a.b".
func (s *scope) Field(p format.Path) expression.Eval {
	s.need()
	s.asked = append(s.asked, p)
	return s.ranked(p, 1)
}

// ranked reads p where the document has no field of the first rank-1 joined names.
func (s *scope) ranked(p format.Path, rank int) expression.Eval {
	if rank > p.Dotted {
		return expression.Nothing
	}
	names := p.Joined(rank)
	f := s.shape.Field(names[0])
	fromDocument := f == nil && !s.shape.Built && !s.shape.Shut
	switch {
	case fromDocument && !s.knows(p, rank+1):
		return s.document.field(format.Path{Names: names, Dotted: p.Dotted - rank + 1})
	case fromDocument || f != nil && f.Change == format.Pass:
		if rank == p.Dotted {
			return s.document.field(format.Path{Names: names, Dotted: 1})
		}
		first := s.quietly(format.Path{Names: names[:1], Dotted: 1})
		return expression.First(first, names[1:], s.ranked(p, rank+1))
	case f == nil || f.Change == format.Drop:
		return s.ranked(p, rank+1)
	case f.Change == format.Put:
		return expression.Below(expression.Slot(f.Slot), names[1:])
	}
	return s.below(f.Below, names[1:], func(more []string) expression.Eval {
		at := format.Path{Names: names[:1], Dotted: 1}
		if rank == 1 && len(more) > 0 {
			at.Dotted = p.Dotted
		}
		return s.document.field(at.Then(more))
	})
}

// quietly reads a field that a record need not have.
func (s *scope) quietly(p format.Path) expression.Eval {
	defer func(before bool) { s.b.quiet = before }(s.b.quiet)
	s.b.quiet = true
	return s.document.field(p)
}

// knows reports whether a stage has had its hands on one of p's joined names.
func (s *scope) knows(p format.Path, rank int) bool {
	for ; rank <= p.Dotted; rank++ {
		if s.shape.Field(p.Joined(rank)[0]) != nil {
			return true
		}
	}
	return false
}

// below reads names of an object of which parts have changed. base reads what it was made from, or names in there.
func (s *scope) below(shape *format.Shape, names []string, base func(names []string) expression.Eval) expression.Eval {
	switch {
	case shape.Built:
		base = func([]string) expression.Eval { return expression.Nothing }
	case shape.From >= 0:
		base = func(names []string) expression.Eval { return expression.Below(expression.Slot(shape.From), names) }
	}
	if len(names) == 0 {
		return expression.Spliced(format.NewSplicer(shape), base(nil))
	}
	f := shape.Field(names[0])
	switch {
	case f == nil && (shape.Built || shape.Shut), f != nil && f.Change == format.Drop:
		return expression.Nothing
	case f != nil && f.Change == format.Put:
		return expression.Below(expression.Slot(f.Slot), names[1:])
	case f != nil && f.Change == format.Into:
		return s.below(f.Below, names[1:], func(more []string) expression.Eval {
			return base(append(names[:1:1], more...))
		})
	}
	return base(names)
}

// put has the field at path hold what the slot holds.
func (s *scope) put(path []string, slot int) {
	s.shape, s.changed = s.shape.With(path, slot), true
}

// wants tells the document's watcher which types the stage needs of fields, for hints.
func (s *scope) wants(c *clause, p *expression.Program) {
	if s.document == nil || s.document.watch == nil {
		return
	}
	for _, w := range p.Wants() {
		s.document.watch.want(c.label(), strings.Join(w.Path, "."), w.Types)
	}
}
