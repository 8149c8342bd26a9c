package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
)

// What a chain has where it says nothing: arrival times are not quite in order either.
const (
	defaultDisorder = 5 * time.Second
	defaultAhead    = time.Hour
)

// The event times that can be written out: those that nanoseconds in 64 bits hold, the years 1678 to 2262, but for what
// windows at the ends would need.
var (
	earliest = record.MillisOf(time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = record.MillisOf(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
)

// timestamp EXPR says when a record happened: event time, by which windows and dedupe go. Without it that is the arrival. It
// stands once, before the first key_by.
//
//   - disorder D (5s) is how much earlier than the latest time seen a record of the same shard may still come.
//   - ahead D (1h) is how far behind its own arrival a time may lie: beyond it, it is a slip of a clock.
//   - unit s, ms, us or ns is what numbers count; without it that goes by their size.
//
// A record without a usable time is a dead letter and moves no watermark.
func compileTimestamp(b *builder, c *clause) {
	b.needs(c, "an expression: timestamp ts")
	if len(c.args) == 0 {
		return
	}
	switch {
	case b.time != nil:
		b.fault(c.word, "event time has been set already", "timestamp stands once")
		return
	case b.key != nil || b.plan.keyed:
		b.fault(c.word, "timestamp stands before the first key_by, window and dedupe", "a record has one event time, which all of them go by")
		return
	}
	o := b.options(c, c.args[1:], map[string]string{"disorder": "5s", "ahead": "1h", "unit": "ms"})
	t := &timing{c: c, disorder: o.duration(b, "disorder", defaultDisorder, 0), ahead: o.duration(b, "ahead", defaultAhead, 0), failed: b.slot()}
	b.fields.asked = nil
	t.program = b.expression(c, c.args[0])
	t.asked, t.document, t.shape = b.fields.asked, b.fields.document, b.fields.shape
	text := ""
	if at, ok := o["unit"]; ok {
		t.unit = b.unit(at)
		text = ", unit " + at.String()
	}
	b.time = t
	if t.program == nil {
		return
	}
	if types := expression.Number | expression.String | expression.Time; !t.program.Types().Has(types) {
		b.fault(c.args[0], fmt.Sprintf("timestamp needs a time, this is %s", t.program.Types()), "such as a field with seconds, milliseconds or RFC 3339")
		return
	}
	b.stateful = append(b.stateful, "timestamp "+t.program.String()+text)
	t.at = len(b.plan.steps)
	b.step(step{
		label: c.label(), text: fmt.Sprintf("timestamp %s, disorder %s, ahead %s%s", t.program, short(t.disorder), short(t.ahead), text),
		stage: func(in *instance) (Stage, error) {
			return &timestamp{eventTime: eventTime{timing: t, clock: in.sees()}, label: c.label()}, nil
		},
	})
}

// timing is the timestamp stage of a plan.
type timing struct {
	c               *clause
	program         *expression.Program
	asked           []format.Path // the fields that program reads, of this document in this shape
	document        *document
	shape           *format.Shape
	unit            format.TimeUnit
	disorder, ahead time.Duration
	at              int  // its place among the plan's steps
	failed          int  // the slot that is true where the early half found no usable time
	split           bool // there is an early half
}

// eventTime evaluates the time of records.
type eventTime struct {
	*timing
	clock *Clock // nil: nothing goes by event time
	frame expression.Frame
}

// of returns r's event time, or why it has none that can be used.
func (e *eventTime) of(b *record.Batch, r *record.Record) (record.Millis, error) {
	v, err := e.program.Run(&e.frame, b, r)
	if err != nil {
		return 0, err
	}
	if v.Nil() {
		return 0, fmt.Errorf("the record has no event time: %s is nil", e.program)
	}
	t, err := format.ParseEventTime(&v, e.unit, r.Arrival)
	switch {
	case err != nil:
		return 0, fmt.Errorf("reading event time: %w", err)
	case t < earliest || t > latest:
		return 0, fmt.Errorf("the event time is not between the years 1700 and 2200")
	case t > plus(r.Arrival, e.ahead):
		return 0, fmt.Errorf("the event time %s is more than %s after the record's arrival at %s",
			t.Time().Format(time.RFC3339Nano), short(e.ahead), r.Arrival.Time().Format(time.RFC3339Nano))
	}
	return t, nil
}

// see sets r's event time, and moves the watermark.
func (e *eventTime) see(r *record.Record, t record.Millis) {
	if e.clock == nil {
		r.Event = t
		return
	}
	e.clock.See(r, t)
}

// timestamp sets event times, if no early half has, and rejects what has none.
type timestamp struct {
	eventTime
	label string
	mismatches
}

// Process sets each record's event time.
func (s *timestamp) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		if s.split && b.Row(r)[s.failed].Kind != record.True {
			return true
		}
		t, err := s.of(b, r)
		s.count(&s.frame)
		if err != nil {
			b.Reject(r, s.label, err)
			return false
		}
		s.see(r, t)
		return true
	})
	return nil
}

// unit reads what numbers count.
func (b *builder) unit(at span) format.TimeUnit {
	u, ok := format.TimeUnitOf(at.String())
	if !ok {
		b.fault(at, fmt.Sprintf("there is no unit %s", at), "there are s, ms, us and ns")
	}
	return u
}
