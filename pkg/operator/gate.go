package operator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// door is a keyed stage ahead of its exchange, where a record's original bytes are still at hand.
type door struct {
	label string
	key   *keyWriter
}

// reject takes r out with all that is known of it. s is the zero Span where there is no window.
func (d *door) reject(b *record.Batch, r *record.Record, err error, s window.Span) {
	b.Reject(r, d.label, err)
	letter := &b.Rejected[len(b.Rejected)-1]
	letter.Start, letter.End = s.Start, s.End
	if len(r.Group) == 0 {
		return
	}
	dst := b.Scratch()
	from := len(dst)
	if dst, err := d.key.object(dst, r.Group); err == nil {
		letter.Key = b.Kept(dst, from)
	}
}

// lateDoor is one that finds out what is late, by the watermark of the record's own lane.
type lateDoor struct {
	door
	letters bool // what is late goes to the dead letters
	lates
}

// refuse counts r as late, and rejects it where that was asked for.
func (d *lateDoor) refuse(b *record.Batch, r *record.Record, s window.Span) {
	d.byReason.Disorder++
	if d.letters {
		d.reject(b, r, errLate(s, r.Watermark), s)
	}
}

// lates counts late records by reason.
type lates struct{ byReason Late }

// Lates implements Lates.
func (l *lates) Lates() Late {
	n := l.byReason
	l.byReason = Late{}
	return n
}

// errLate is what a late record's dead letter says.
func errLate(s window.Span, watermark record.Millis) error {
	at := watermark.Time().Format(time.RFC3339Nano)
	if s == (window.Span{}) {
		return fmt.Errorf("the record is late: event time had come to %s", at)
	}
	return fmt.Errorf("the record is late: its window ended at %s, and event time had come to %s", s.End.Time().Format(time.RFC3339Nano), at)
}

// early plans what of window and aggregate runs before the exchange.
func (w *windowing) early(c *clause, k *keying, made []aggregation) []step {
	key := newKeyWriter(k)
	label := w.c.label()
	steps := []step{{label: label, text: w.text, stage: alone(func() Stage {
		return &gate{lateDoor: lateDoor{door: door{label, key}, letters: w.letters}, w: w, all: k == wholeStream}
	})}}
	if slices.ContainsFunc(made, func(a aggregation) bool { return a.value.program != nil }) {
		label := c.label()
		steps = append(steps, step{label: label, half: true, stage: alone(func() Stage {
			return &arguments{door: door{label, key}, made: made}
		})})
	}
	return steps
}

// gate is a window ahead of its exchange: it lets pass what is not late.
type gate struct {
	lateDoor
	w     *windowing
	all   bool // no key_by stands before: the stream is one group
	spans []window.Span
}

// Process drops or rejects what is late.
func (g *gate) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		if g.all {
			groupAll(r)
		}
		span, late := g.late(r)
		if late {
			g.refuse(b, r, span)
		}
		return !late
	})
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
