package operator

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// flat_map EXPR makes one record of each element of a list. An element is the whole new record: an object has fields
// again, a string becomes a payload of its own text, anything else its JSON. nil and the empty list make no record; what
// is no list is a dead letter.
func compileFlatMap(b *builder, c *clause) {
	program := b.typed(c, "a list: flat_map items", expression.List, "a list", "")
	if program == nil {
		return
	}
	noMeta := b.fields.noMeta
	b.fields = newScope(b)
	b.fields.noMeta, b.plan.changes = noMeta, true
	b.add(c, "flat_map "+program.String(), func() Stage {
		return &flatMap{label: c.label(), program: program}
	})
}

type flatMap struct {
	label   string
	program *expression.Program
	frame   expression.Frame
	out     []record.Record
	mismatches
}

// Process puts the elements' records in the place of the lists'.
func (s *flatMap) Process(_ context.Context, b *record.Batch) error {
	s.out = s.out[:0]
	for i := range b.Records {
		r := &b.Records[i]
		v, err := s.program.Run(&s.frame, b, r)
		s.count(&s.frame)
		switch {
		case err != nil:
			b.Reject(r, s.label, err)
		case v.Kind == record.List:
			s.elements(b, r, v.Text)
		case v.Nil():
			s.n++
		default:
			b.Reject(r, s.label, fmt.Errorf("flat_map needs a list, got %s", expression.Describe(&v)))
		}
	}
	b.Records, s.out = s.out, b.Records
	return nil
}

// elements adds the records of one list.
func (s *flatMap) elements(b *record.Batch, r *record.Record, list []byte) {
	before := len(s.out)
	for w := format.NewWalk(list); w.Next(); {
		if len(s.out)-before == maxParts {
			s.out = s.out[:before]
			b.Reject(r, s.label, errElements)
			return
		}
		s.out = append(s.out, b.Derive(r, payload(b, w.Raw)))
	}
}

var errElements = fmt.Errorf("the list has more than %d elements", maxParts)

func payload(b *record.Batch, element []byte) []byte {
	if element[0] != '"' {
		return element
	}
	v := format.Parse(element, b)
	return v.Text
}
