package operator

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// door is the half of a keyed stage that runs before its exchange: what is late is found here, by the watermark of the
// record's own lane, and where its original bytes are still at hand.
type door struct {
	label   string
	all     bool // no key_by stands before: the stream is one group
	letters bool // what is late goes to the dead letters
	key     *keyWriter
	frame   expression.Frame
	mismatches
	lates
}

// lates counts late records by reason.
type lates struct{ disorder, idle uint64 }

// Lates implements Lates.
func (l *lates) Lates() (disorder, idle uint64) {
	disorder, idle = l.disorder, l.idle
	*l = lates{}
	return disorder, idle
}

// refuse counts r as late, and rejects it where that was asked for.
func (d *door) refuse(b *record.Batch, r *record.Record, s window.Span) {
	d.disorder++
	if d.letters {
		d.reject(b, r, d.label, errLate(s, r.Watermark), s)
	}
}

// reject takes r out with all that is known of it. s is the zero Span where there is no window.
func (d *door) reject(b *record.Batch, r *record.Record, label string, err error, s window.Span) {
	b.Reject(r, label, err)
	letter := &b.Rejected[len(b.Rejected)-1]
	letter.Start, letter.End = s.Start, s.End
	if d.key == nil || len(r.Group) == 0 {
		return
	}
	dst := b.Scratch()
	from := len(dst)
	if dst, err := d.key.object(dst, r.Group); err == nil {
		letter.Key = b.Kept(dst, from)
	}
}

// errLate is what a late record's dead letter says.
func errLate(s window.Span, watermark record.Millis) error {
	at := watermark.Time().Format(time.RFC3339Nano)
	if s == (window.Span{}) {
		return fmt.Errorf("the record is late: event time had come to %s", at)
	}
	return fmt.Errorf("the record is late: its window ended at %s, and event time had come to %s", s.End.Time().Format(time.RFC3339Nano), at)
}

// gate plans the half of window and aggregate that runs before the exchange.
func (w *windowing) gate(b *builder, c *clause, made []aggregation) step {
	k := b.grouping()
	label, arguments := w.c.label(), c.label()
	key := newKeyWriter(k)
	return step{label: label, text: w.text, stage: alone(func() Stage {
		return &gate{
			door: door{label: label, all: k == wholeStream, letters: w.letters, key: key},
			w:    w, arguments: arguments, made: made,
		}
	})}
}

// gate is a window ahead of its exchange: it lets pass what is not late, with the arguments of the aggregates.
type gate struct {
	door
	w         *windowing
	arguments string // the label of the aggregate
	made      []aggregation
	spans     []window.Span
	in        window.Input
}

// Process drops or rejects what is late, and evaluates the arguments of what is not.
func (g *gate) Process(_ context.Context, b *record.Batch) error {
	kept := b.Records[:0]
	for i := range b.Records {
		r := &b.Records[i]
		if g.all {
			groupAll(r)
		}
		span, late := g.late(r)
		if late {
			g.refuse(b, r, span)
			continue
		}
		if err := g.evaluate(b, r); err != nil {
			g.reject(b, r, g.arguments, err, span)
			continue
		}
		kept = append(kept, *r)
	}
	b.Records = kept
	return nil
}

// late returns the window that judges r, and whether its lane says that it is closed: of several the last to end. A session
// is judged by the record's own time.
func (g *gate) late(r *record.Record) (s window.Span, late bool) {
	switch w := g.w.assigner.(type) {
	case window.Tumbling:
		g.spans = w.Assign(g.spans[:0], r.Event)
		s = g.spans[0]
	case window.Sliding:
		g.spans = window.Tumbling{Size: w.Every}.Assign(g.spans[:0], r.Event)
		s = window.Span{Start: g.spans[0].Start, End: plus(g.spans[0].Start, w.Size)}
	default:
		return window.Span{}, r.Event <= r.Watermark
	}
	return s, plus(s.End, g.w.lateness) <= r.Watermark
}

// evaluate puts the arguments of the aggregates into their slots, and has the aggregates look at them.
func (g *gate) evaluate(b *record.Batch, r *record.Record) error {
	mismatch := false
	for i := range g.made {
		a := &g.made[i]
		g.in.Value, g.in.By = record.Value{}, record.Value{}
		if a.value.program == nil {
			continue
		}
		if err := g.argument(b, r, &a.value, &g.in.Value, &mismatch); err != nil {
			return fmt.Errorf("%s: %w", pathText(a.path), err)
		}
		if a.by.program != nil {
			if err := g.argument(b, r, &a.by, &g.in.By, &mismatch); err != nil {
				return fmt.Errorf("%s: %w", pathText(a.path), err)
			}
		}
		if err := a.aggregate.Accepts(&g.in); err != nil {
			return fmt.Errorf("%s: %w", pathText(a.path), err)
		}
	}
	if mismatch {
		g.n++
	}
	return nil
}

func (g *gate) argument(b *record.Batch, r *record.Record, a *argument, to *record.Value, mismatch *bool) error {
	if a.first {
		v, err := a.program.Run(&g.frame, b, r)
		if err != nil {
			return err
		}
		*mismatch = *mismatch || g.frame.Mismatch
		b.Row(r)[a.slot] = v
	}
	*to = b.Row(r)[a.slot]
	return nil
}
