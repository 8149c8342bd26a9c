package operator

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// arguments is the half of aggregate that runs before the exchange: what the functions are given is evaluated here, where the
// whole record is at hand, so that nothing else of it has to go on, and what they can't take is rejected with its bytes.
type arguments struct {
	door
	made  []aggregation
	frame expression.Frame
	in    window.Input
	mismatches
}

// Process evaluates the arguments of each record.
func (s *arguments) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		err := s.record(b, r)
		if err != nil {
			s.reject(b, r, err, window.Span{})
		}
		return err == nil
	})
	return nil
}

// record puts the arguments into their slots, and has the functions look at them.
func (s *arguments) record(b *record.Batch, r *record.Record) error {
	mismatch := false
	for i := range s.made {
		a := &s.made[i]
		if a.value.program == nil {
			continue
		}
		err := s.evaluate(b, r, &a.value, &s.in.Value, &mismatch)
		if s.in.By = (record.Value{}); err == nil && a.by.program != nil {
			err = s.evaluate(b, r, &a.by, &s.in.By, &mismatch)
		}
		if err == nil {
			err = a.aggregate.Accepts(&s.in)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", pathText(a.path), err)
		}
	}
	if mismatch {
		s.n++
	}
	return nil
}

// evaluate gives an argument's value, which is computed once a record however many functions are given it.
func (s *arguments) evaluate(b *record.Batch, r *record.Record, a *argument, to *record.Value, mismatch *bool) error {
	if a.first {
		v, err := a.program.Run(&s.frame, b, r)
		if err != nil {
			return err
		}
		*mismatch = *mismatch || s.frame.Mismatch
		b.Row(r)[a.slot] = v
	}
	*to = b.Row(r)[a.slot]
	return nil
}
