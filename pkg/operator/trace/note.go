package trace

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// text returns the stage in its parsed form, its label where the chain is not traced.
func text(s *operator.Named) string {
	if s.Sight == nil || s.Sight.Text == "" {
		return s.Label
	}
	return s.Sight.Text
}

// note runs one stage over b, which holds what a record has become, and adds to way what it did.
func note(ctx context.Context, way *Way, c *operator.Chain, s operator.Named, b *record.Batch) error {
	step := Step{Stage: s.Label, Text: text(&s), In: len(b.Records)}
	rejected := len(b.Rejected)
	_, absorbs := s.Stage.(operator.Absorber)
	if s.Sight != nil && !absorbs { // what it absorbs has no more than it asked for
		step.Fields = s.Sight.Fields(b, &b.Records[0])
	}
	if w, ok := s.Stage.(operator.Windower); ok {
		first := b.Records[0]
		step.Windows, step.Event, step.Watermark = w.Windows(&first), first.Event, first.Watermark
	}
	if err := s.Stage.Process(ctx, b); err != nil {
		return fmt.Errorf("stage %s: %w", s.Label, err)
	}
	c.Letters(b, rejected)
	for i := rejected; i < len(b.Rejected); i++ {
		step.Errors = append(step.Errors, b.Rejected[i].Err)
	}
	step.Out = len(b.Records)
	count(&step, s.Stage)
	if absorbs {
		step.Absorbed = max(0, step.In-step.Late-step.Out)
	}
	if s.Half && len(step.Errors) == 0 && step.Out == step.In {
		return nil // what it did is told at its own place
	}
	behind(&step, &s, b)
	way.Steps = append(way.Steps, step)
	return nil
}

// count takes over what the stage has counted itself.
func count(step *Step, s operator.Stage) {
	if m, ok := s.(operator.Mismatcher); ok {
		step.Mismatch = m.Mismatches() > 0
	}
	if l, ok := s.(operator.Lates); ok {
		step.Late = int(l.Lates().Lost())
	}
	if e, ok := s.(operator.Emptier); ok {
		e.Empties()
	}
}

// behind notes what the records are like behind the stage.
func behind(step *Step, s *operator.Named, b *record.Batch) {
	if s.Sight == nil {
		return
	}
	for i := range b.Records {
		step.After = append(step.After, s.Sight.Append(nil, b, &b.Records[i]))
	}
	if len(b.Records) == 0 {
		return
	}
	step.Key = s.Sight.Key(nil, &b.Records[0])
	if step.Event == 0 && s.SetsTime() {
		step.Event = b.Records[0].Event
	}
}
