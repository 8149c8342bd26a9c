package operator

import (
	"context"
	"fmt"
	"slices"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// hoist has event time seen as early as can be: ahead of the filters and samples before timestamp, so that what they drop
// moves the watermark too. There it only looks; a record without a usable time is rejected at timestamp's own place, and is
// merely filtered if a filter drops it. Without timestamp arrival times are seen, ahead of everything.
func (b *builder) hoist() {
	if !b.plan.keyed {
		return
	}
	t := b.time
	if t == nil {
		b.plan.disorder = defaultDisorder
		b.insert(0, step{label: label(0, "timestamp"), half: true, stage: func(in *instance) (Stage, error) {
			return &arrivals{in.sees()}, nil
		}})
		return
	}
	b.plan.disorder = t.disorder
	if t.program == nil {
		return
	}
	place, stuck := b.foremost(t)
	if stuck != nil {
		b.stays(t, stuck)
	}
	if place == t.at {
		return
	}
	t.split = true
	b.insert(place, step{label: t.c.label(), half: true, stage: func(in *instance) (Stage, error) {
		return &watchTime{eventTime{timing: t, clock: in.sees()}}, nil
	}})
}

// foremost returns the first place among the steps at which timestamp can be evaluated, and stuck: the nearest step before
// that which drops records; nil where there is none.
func (b *builder) foremost(t *timing) (place int, stuck *step) {
	place = t.at
	fixed := false
	for i := t.at - 1; i >= 0; i-- {
		s := &b.plan.steps[i]
		fixed = fixed || b.fixed(t, i)
		switch {
		case s.drops && fixed:
			return place, s
		case s.drops:
			place = i
		}
	}
	return place, nil
}

// stays says that timestamp can't be taken ahead of s, which drops records.
func (b *builder) stays(t *timing, s *step) {
	own := &b.plan.steps[t.at]
	msg := fmt.Sprintf("%s stands behind %s, and what that drops moves no watermark: move it ahead", t.c.label(), s.label)
	own.text += " // " + msg
	b.notice(msg)
}

// fixed reports whether timestamp can't be taken ahead of step i: it ends the run, or makes what timestamp reads.
func (b *builder) fixed(t *timing, i int) bool {
	if b.plan.steps[i].ends {
		return true
	}
	if len(t.asked) == 0 {
		return false
	}
	if i == 0 || b.plan.steps[i-1].after.document != t.document {
		return true
	}
	before := b.plan.steps[i-1].after.shape
	return slices.ContainsFunc(t.asked, func(p format.Path) bool {
		return !sameField(before, t.shape, p)
	})
}

// sameField reports whether a path reads the same of both shapes of a document. The path without names is the whole of it.
func sameField(a, b *format.Shape, p format.Path) bool {
	if a == b {
		return true
	}
	for rank := 1; rank <= p.Dotted; rank++ {
		name := p.Joined(rank)[0]
		f, fine := change(a, name)
		g, too := change(b, name)
		if !fine || !too || f != g {
			return false
		}
	}
	return len(p.Names) > 0
}

// change returns what s does with the field of that name. One that the document has and nobody has touched is one that
// passes; ok is false where it is the document's no more.
func change(s *format.Shape, name string) (f format.Field, ok bool) {
	if at := s.Field(name); at != nil {
		f = *at
	} else if s.Shut {
		f.Change = format.Drop
	}
	f.Name = name
	return f, !s.Built
}

func (b *builder) insert(at int, s step) {
	b.plan.steps = slices.Insert(b.plan.steps, at, s)
	if b.time != nil && b.time.at >= at {
		b.time.at++
	}
}

// watchTime is the half of timestamp that looks.
type watchTime struct{ eventTime }

// Process sees the event times of records, and notes for the other half which have none.
func (s *watchTime) Process(_ context.Context, b *record.Batch) error {
	for i := range b.Records {
		r := &b.Records[i]
		t, err := s.of(b, r)
		if err != nil {
			b.Row(r)[s.failed] = record.BoolValue(true)
			continue
		}
		s.see(r, t)
	}
	return nil
}

// arrivals takes arrival for event time.
type arrivals struct{ clock *Clock }

// Process sees the arrivals of records.
func (s *arrivals) Process(_ context.Context, b *record.Batch) error {
	for i := range b.Records {
		r := &b.Records[i]
		s.clock.See(r, r.Arrival)
	}
	return nil
}
