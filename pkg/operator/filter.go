package operator

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// filter EXPR keeps the records for which the expression is true. nil is not true; a value that is neither nil nor a
// boolean is a dead letter.
func compileFilter(b *builder, c *clause) {
	program := b.typed(c, "a condition: filter status >= 500", expression.Bool|expression.Nil, "true or false", "compare it with something: x == 1, x != nil")
	if program == nil {
		return
	}
	b.add(c, "filter "+program.String(), func() Stage {
		return &filter{label: c.label(), program: program}
	})
}

type filter struct {
	label   string
	program *expression.Program
	frame   expression.Frame
	mismatches
}

// Process drops the records that do not pass.
func (s *filter) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		v, err := s.program.Run(&s.frame, b, r)
		s.count(&s.frame)
		switch {
		case err != nil:
			b.Reject(r, s.label, err)
		case v.Kind != record.True && v.Kind != record.False && !v.Nil():
			b.Reject(r, s.label, fmt.Errorf("the condition is %s, not true or false", expression.Describe(&v)))
		}
		return err == nil && v.Kind == record.True
	})
	return nil
}

// mismatches counts for a stage the records of which an operator met nil or a wrong type.
type mismatches struct{ n uint64 }

func (m *mismatches) count(f *expression.Frame) {
	if f.Mismatch {
		m.n++
	}
}

// Mismatches implements Mismatcher.
func (m *mismatches) Mismatches() uint64 {
	n := m.n
	m.n = 0
	return n
}
