package operator

import (
	"context"

	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

func (d *deduping) gate(k *keying) Stage {
	return &dedupeGate{lateDoor: lateDoor{door: door{d.c.label(), newKeyWriter(k)}, letters: d.letters}, d: d}
}

// dedupeGate is dedupe ahead of its exchange: it lets pass what is not late, with its value.
type dedupeGate struct {
	lateDoor
	d     *deduping
	frame expression.Frame
	canon canon
	mismatches
}

// Process drops or rejects what is late, and evaluates what makes the others the same.
func (g *dedupeGate) Process(_ context.Context, b *record.Batch) error {
	b.Filter(func(r *record.Record) bool {
		v, err := g.d.program.Run(&g.frame, b, r)
		g.count(&g.frame)
		if err != nil {
			g.reject(b, r, err, window.Span{})
			return false
		}
		g.keep(b, r, &v)
		late := !v.Nil() && plus(r.Event, g.d.within) <= r.Watermark
		if late {
			g.refuse(b, r, window.Span{})
		}
		return !late
	})
	return nil
}

// keep puts the value's canonical form to where the task finds it. Missing stays: there is nothing to compare.
func (g *dedupeGate) keep(b *record.Batch, r *record.Record, v *record.Value) {
	dst := b.Scratch()
	from := len(dst)
	canonical := b.Kept(g.canon.append(dst, v), from)
	if g.d.alone {
		r.Group, r.Hash = canonical, xxhash.Sum64(canonical)
	}
	if row := b.Row(r); !v.Nil() {
		row[g.d.value] = record.Value{Kind: record.String, Text: canonical}
	}
}
