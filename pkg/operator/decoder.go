package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// decoder reads the fields that the chain needs out of payloads. What is no JSON is read as JSON first, unless the format can
// read the fields by itself and nobody needs more.
type decoder struct {
	label     string
	split     format.Splitter    // nil: a payload is one record
	transcode format.Transcoder  // nil: a record is JSON
	fields    format.FieldReader // nil: they are read of the JSON
	projector *format.Projector
	replaces  bool // the JSON is what goes out
	watch     *watching
	out       []record.Record
}

func newDecoder(label string, doc *document, how *decoding) *decoder {
	d := &decoder{label: label, projector: doc.projection.Projector(), replaces: doc.replaces, watch: doc.watch.lane()}
	if how.split != nil {
		d.split = how.split()
	}
	if _, whole := doc.projection.Whole(); how.fields != nil && !whole && !d.replaces {
		d.fields = how.fields(doc.projection)
	} else if how.transcode != nil {
		d.transcode = how.transcode()
	}
	return d
}

// Process reads the wanted fields into each record's row, and puts the records that a payload holds in its place.
func (d *decoder) Process(_ context.Context, b *record.Batch) error {
	if d.split != nil {
		d.parts(b)
	} else {
		kept := b.Records[:0]
		for i := range b.Records {
			r := &b.Records[i]
			if err := d.read(b, r); err != nil {
				b.Reject(r, d.label, err)
				continue
			}
			kept = append(kept, *r)
		}
		b.Records = kept
	}
	d.watch.report()
	return nil
}

// parts puts the records that payloads hold in their places. A payload with one that can't be read is refused whole.
func (d *decoder) parts(b *record.Batch) {
	d.out = d.out[:0]
	for i := range b.Records {
		r := b.Records[i]
		before := len(d.out)
		err := d.split.Split(r.Data, b, func(part []byte) error {
			one := b.Derive(&r, part)
			if err := d.read(b, &one); err != nil {
				return err
			}
			d.out = append(d.out, one)
			return nil
		})
		if err != nil {
			d.out = d.out[:before]
			b.Reject(&r, d.label, err)
		}
	}
	b.Records, d.out = d.out, b.Records
}

// read reads the fields of one record into its row.
func (d *decoder) read(b *record.Batch, r *record.Record) error {
	row := b.Row(r)
	if d.fields != nil {
		return d.fields.Project(r.Data, b, row)
	}
	doc := r.Data
	if d.transcode != nil {
		scratch := b.Scratch()
		from := len(scratch)
		scratch, err := d.transcode.AppendJSON(scratch, r.Data)
		if doc = b.Kept(scratch, from); err != nil {
			return err
		}
	}
	if err := d.projector.Project(doc, b, row); err != nil {
		return err
	}
	if d.replaces {
		r.Data = doc
	}
	d.watch.see(doc, row)
	return nil
}
