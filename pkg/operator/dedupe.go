package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
	"github.com/kstream/kstream/pkg/window"
)

// dedupe EXPR, within D lets the first of each value pass in D of event time, of each key and value behind a key_by. Which
// one is the first goes by arrival here. A record for which the value is nil has nothing that could be repeated, and passes.
// A record that comes when what it might repeat is forgotten, D of event time after its own, is late.
func compileDedupe(b *builder, c *clause) {
	b.needs(c, "what makes a record the same as another: dedupe id, within 1h")
	if len(c.args) == 0 {
		return
	}
	o := b.options(c, c.args[1:], map[string]string{"within": "1h", "late": "dead_letter"})
	if _, ok := optionAt(c, "within"); !ok {
		b.fault(span{c.all.src, c.all.to, c.all.to}, "dedupe needs to know for how long", "such as: dedupe id, within 1h")
	}
	d := &deduping{c: c, within: o.duration(b, "within", time.Hour, time.Millisecond), letters: b.late(o), value: b.slot()}
	d.program = b.expression(c, c.args[0])
	if d.program == nil {
		return
	}
	text := fmt.Sprintf("dedupe %s, within %s", d.program, short(d.within))
	b.stateful = append(b.stateful, text)
	k := b.key
	if d.alone = k == nil; d.alone {
		k = &keying{paths: [][]string{{d.program.String()}}}
	}
	early := step{label: c.label(), half: true, stage: alone(func() Stage { return d.gate(k) })}
	table := b.keyed(c, k, &record.Carry{Whole: true}, early)
	b.shown(table, showFirst)
	b.step(step{label: c.label(), text: text, stage: func(in *instance) (Stage, error) {
		return d.open(in.store, table)
	}})
}

// deduping is a dedupe stage of the plan.
type deduping struct {
	c       *clause
	program *expression.Program
	within  time.Duration
	letters bool
	alone   bool // no key_by stands before: the value is the group
	value   int  // the slot of its canonical form, where it is not
}

func (d *deduping) open(store *state.Store, table uint16) (Stage, error) {
	firsts, err := state.NewTable(store, table, loadFirst)
	return &dedupe{
		label: d.c.label(), letters: d.letters, value: d.value, alone: d.alone,
		within: record.Millis(d.within / time.Millisecond), watermark: record.StartOfTime, firsts: firsts,
	}, err
}

// dedupe keeps the times of firsts in buckets as wide as within, aligned to 1970. Two firsts of one value are at least within
// apart, so that a bucket has at most one, and what a record may repeat is in one of three.
type dedupe struct {
	label     string
	letters   bool
	alone     bool
	value     int
	within    record.Millis
	watermark record.Millis
	firsts    *state.Table[first]
	key       []byte
	lates
}

// Process drops repeats.
func (s *dedupe) Process(_ context.Context, b *record.Batch) error {
	kept := b.Records[:0]
	for i := range b.Records {
		r := &b.Records[i]
		v := &b.Row(r)[s.value]
		if v.Nil() {
			kept = append(kept, *r)
			continue
		}
		if r.Event+s.within <= s.watermark {
			s.closed(b, r)
			continue
		}
		repeats, err := s.repeats(r, v)
		if err != nil {
			return err
		}
		if !repeats {
			kept = append(kept, *r)
		}
	}
	b.Records = kept
	return nil
}

// closed counts a record that its lane found in time, and for which the task had gone on without that lane.
func (s *dedupe) closed(b *record.Batch, r *record.Record) {
	s.byReason.Idle++
	if s.letters {
		b.Reject(r, s.label, errLate(window.Span{}, s.watermark))
	}
}

// repeats reports whether a first is nearer to r than within; if not, r is one.
func (s *dedupe) repeats(r *record.Record, v *record.Value) (bool, error) {
	s.key = append(s.key[:0], r.Group...)
	if !s.alone {
		s.key = append(s.key, v.Text...)
	}
	bucket := floor(r.Event, s.within)
	for _, at := range [...]record.Millis{bucket, bucket - s.within, bucket + s.within} {
		e, err := s.firsts.Find(at, r.KeyGroup(), s.key)
		if err != nil {
			return false, err
		}
		if e != nil && near(r.Event, record.Millis(e.Value), s.within) {
			return true, nil
		}
	}
	s.firsts.Insert(bucket, r.KeyGroup(), s.key, first(r.Event))
	return false, nil
}

func near(a, b, within record.Millis) bool { return a-b < within && b-a < within }

// Advance forgets the firsts that no record can repeat any more without being late. At the end of time it forgets none: a
// later run goes on from here.
func (s *dedupe) Advance(_ context.Context, w record.Millis, _ *record.Batch) (more bool, err error) {
	if w == record.EndOfTime {
		return false, nil
	}
	s.watermark = max(s.watermark, w)
	for bucket, ok := s.firsts.First(); ok && bucket+3*s.within <= s.watermark; bucket, ok = s.firsts.First() {
		s.firsts.Drop(bucket)
	}
	return false, nil
}
