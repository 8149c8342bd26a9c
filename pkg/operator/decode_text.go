package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

func (b *builder) decodeText(c *clause) {
	slot := b.slot()
	b.fields.document = &document{b: b}
	b.fields.shape = format.Object().With([]string{format.TextField}, slot)
	b.add(c, "decode text", func() Stage { return &textDecoder{label: c.label(), slot: slot} })
}

type textDecoder struct {
	label string
	slot  int
}

// Process puts the payload into the field text. Records for whose text there is no room are postponed.
func (d *textDecoder) Process(_ context.Context, b *record.Batch) error {
	b.FilterUntilFull(func(r *record.Record) bool {
		var v record.Value
		payload, err := unpack(b, r.Data)
		if err == nil {
			v, err = format.Text(payload)
		}
		if err != nil {
			b.Reject(r, d.label, err)
			return false
		}
		b.Row(r)[d.slot] = v
		return true
	})
	return nil
}
