package operator

import (
	"context"
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

func listText(paths [][]string) string {
	parts := make([]string, len(paths))
	for i, p := range paths {
		parts[i] = pathText(p)
	}
	return strings.Join(parts, ", ")
}

// value is one field that assign computes.
type value struct {
	program *expression.Program
	slot    int
	path    string
	above   []*expression.Program // what has to be an object or nil for the field to go into it
}

func (b *builder) valuesOf(made []assignment) []value {
	values := make([]value, len(made))
	for i, a := range made {
		values[i] = value{program: a.program, slot: b.slot()}
	}
	return values
}

// fieldProgram compiles a bare name of a list, which may hold quoted names and metadata.
func (b *builder) fieldProgram(c *clause, at span, path []string) *expression.Program {
	if len(path) == 0 {
		return nil
	}
	if strings.HasPrefix(at.String(), "meta.") || at.String() == "meta" {
		return b.expression(c, at)
	}
	p := format.Path{Names: path, Dotted: len(path)}
	if try, absent := b.fields.Absent(p); absent {
		b.fault(at, fmt.Sprintf("the record has no field %s here", pathText(path)), try)
		return nil
	}
	return expression.Field(p, b.fields)
}

func (b *builder) addAssign(c *clause, made []assignment, values []value) {
	parts := make([]string, len(made))
	for i := range made {
		parts[i] = made[i].String()
	}
	b.add(c, fmt.Sprintf("%s %s", c.word, strings.Join(parts, ", ")), func() Stage {
		return &assign{label: c.label(), values: values}
	})
}

// assign is map and set: it computes fields into slots of their own, so that no expression sees another's result.
type assign struct {
	label  string
	values []value
	frame  expression.Frame
	mismatches
}

// Process computes the fields of each record.
func (s *assign) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		err := s.record(b, r)
		if err != nil {
			b.Reject(r, s.label, err)
		}
		return err == nil
	})
	return nil
}

func (s *assign) record(b *record.Batch, r *record.Record) error {
	mismatch := false
	for i := range s.values {
		a := &s.values[i]
		for _, above := range a.above {
			v, err := above.Run(&s.frame, b, r)
			if err != nil {
				return err
			}
			if v.Kind != record.Object && !v.Nil() {
				return fmt.Errorf("setting %s: what is above it is %s, not an object", a.path, expression.Describe(&v))
			}
		}
		v, err := a.program.Run(&s.frame, b, r)
		mismatch = mismatch || s.frame.Mismatch
		if err != nil {
			return err
		}
		b.Row(r)[a.slot] = v
	}
	if mismatch {
		s.n++
	}
	return nil
}
