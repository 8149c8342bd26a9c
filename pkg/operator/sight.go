package operator

import (
	"context"
	"slices"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// Sight shows to a person what a stage sees of a record and makes of it. One goroutine uses it.
type Sight struct {
	Text string // of the stage, in its parsed form

	looks []*expression.Program // the fields that the stage reads
	whole *expression.Program   // the record behind the stage; nil: it is its payload
	key   *keyWriter            // nil: no key_by stands at or before it
	frame expression.Frame
}

// Field is a field that a stage looks at, and what a record has there, as JSON: null for nothing.
type Field struct {
	Name  string
	Value []byte
}

// Fields returns the fields that the stage looks at, as r of b has them in front of it. They are the caller's.
func (s *Sight) Fields(b *record.Batch, r *record.Record) []Field {
	fields := make([]Field, 0, len(s.looks))
	for _, p := range s.looks {
		v, err := p.Run(&s.frame, b, r)
		if err != nil {
			v = record.Value{}
		}
		fields = append(fields, Field{p.String(), format.Append(nil, &v)})
	}
	return fields
}

// Append appends r as it is behind the stage: JSON, or its payload where no stage has taken that apart.
func (s *Sight) Append(dst []byte, b *record.Batch, r *record.Record) []byte {
	if s.whole == nil {
		return append(dst, r.Data...)
	}
	v, err := s.whole.Run(&s.frame, b, r)
	if err != nil {
		return append(dst, r.Data...)
	}
	return format.Append(dst, &v)
}

// Key appends the values of key_by that r has behind the stage, as a JSON object; nothing where no key_by has come.
func (s *Sight) Key(dst []byte, r *record.Record) []byte {
	if s.key == nil || len(r.Group) == 0 {
		return dst
	}
	if out, err := s.key.object(dst, r.Group); err == nil {
		return out
	}
	return dst
}

// sights gathers, while a chain is compiled that is to be traced, what each stage looks at.
type sights struct {
	looks map[string][]*expression.Program // by the stages' labels
	keys  map[string]*keyWriter
}

// watched compiles a stage, and notes which fields it reads, and how they are read in front of it.
func (s *sights) watched(b *builder, c *clause, compile func(*builder, *clause)) {
	before, fields := *b.fields, b.fields
	fields.asked = nil
	compile(b, c)
	if b.key != nil {
		s.keys[c.label()] = newKeyWriter(b.key)
	}
	if before.document == nil {
		before.document = fields.document // JSON, assumed here
	}
	var seen []string
	for _, p := range fields.asked {
		if name := pathText(p.Names); len(p.Names) > 0 && !slices.Contains(seen, name) && (before.document != nil || before.shape.Built) {
			seen = append(seen, name)
			s.looks[c.label()] = append(s.looks[c.label()], expression.Evaluated(before.ranked(p, 1), name))
		}
	}
}

// give gives every step its sight.
func (s *sights) give(steps []step) {
	for i := range steps {
		one := &steps[i]
		one.sight = &Sight{Text: one.text, looks: s.looks[one.label], key: s.keys[one.label]}
		if after := one.after; after.document != nil || after.shape != nil && after.shape.Built {
			one.sight.whole = expression.Evaluated(after.Whole(), "this")
		}
	}
}

// passing is a stage that does nothing to a record: drop and keep only change what is written at the end.
type passing struct{}

// Process lets all pass.
func (passing) Process(context.Context, *record.Batch) error { return nil }

// open returns a sight of its own for one chain.
func (s *Sight) open() *Sight {
	if s == nil {
		return nil
	}
	return &Sight{Text: s.Text, looks: s.looks, whole: s.whole, key: s.key}
}

// Windower is a Stage that knows into which windows a record falls.
type Windower interface {
	// Windows returns the windows of r, whose event time is set, the earliest first. A session's is as if r were alone in it. The
	// result is the caller's.
	Windows(r *record.Record) []window.Span
}

// Windows implements Windower.
func (g *gate) Windows(r *record.Record) []window.Span {
	if g.w.assigner == nil {
		return []window.Span{{Start: r.Event, End: plus(r.Event, g.w.session.Gap)}}
	}
	return g.w.assigner.Assign(nil, r.Event)
}

// SetsTime reports whether the stage is what sets event time.
func (n *Named) SetsTime() bool {
	_, ok := n.Stage.(*timestamp)
	return ok
}
