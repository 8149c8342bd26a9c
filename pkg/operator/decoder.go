package operator

import (
	"bytes"
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/packed"
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
	how       *decoding
	tells     teller // nil: the splitter has nothing to say
	notice    func(string)
	near      nearer // nil: times in payloads are whole
	watch     *watching
	out       []record.Record
	empty     uint64 // payloads that held no record
}

// maxParts is the most records that one payload may become. Each takes some hundred bytes, whatever it holds, so that the 16
// MiB that a payload of a few KiB may unpack to would take gigabytes; 16 MiB of log lines are 200,000.
const maxParts = 1 << 18

var errParts = fmt.Errorf("the payload holds more than %d records", maxParts)

// nearer is a Transcoder of payloads whose times lack the year, or so: they are those that are nearest to a given time.
type nearer interface{ Near(arrival record.Millis) }

func newDecoder(label string, doc *document, how *decoding) *decoder {
	d := &decoder{label: label, how: how, notice: doc.b.notice, projector: doc.projection.Projector(), replaces: doc.replaces, watch: doc.watch.lane()}
	if how.split != nil {
		d.split = how.split()
		d.tells, _ = d.split.(teller)
	}
	if _, whole := doc.projection.Whole(); how.fields != nil && !whole && !d.replaces {
		d.fields = how.fields(doc.projection)
	} else if how.transcode != nil {
		d.transcode = how.transcode()
		d.near, _ = d.transcode.(nearer)
	}
	return d
}

// Process reads the wanted fields into each record's row, and puts the records that a payload holds in its place. Those for
// which there is no room are postponed.
//
// It waits where a schema has to be asked for.
func (d *decoder) Process(ctx context.Context, b *record.Batch) error {
	for i := 0; d.how.ahead != nil && i < len(b.Records); i++ {
		if err := d.how.ahead(ctx, b.Records[i].Data); err != nil {
			return err
		}
	}
	if d.split != nil {
		d.parts(b)
	} else {
		d.whole(b)
	}
	d.watch.report()
	return nil
}

// whole reads payloads that are a record each.
func (d *decoder) whole(b *record.Batch) {
	b.FilterUntilFull(func(r *record.Record) bool {
		payload, err := d.body(b, r.Data)
		if err == nil {
			err = d.read(b, r, payload)
		}
		if err != nil {
			b.Reject(r, d.label, err)
		}
		return err == nil
	})
}

// body returns what of a payload is in the format: unpacked, and without what stands before it.
func (d *decoder) body(b *record.Batch, payload []byte) ([]byte, error) {
	if d.how.strip != nil {
		return d.how.strip(b, payload)
	}
	if d.how.ahead != nil { // the header of a registry may look like a packing's
		return payload, nil
	}
	return unpack(b, payload)
}

// unpack returns the payload unpacked, which is itself where it is not packed.
func unpack(b *record.Batch, payload []byte) ([]byte, error) {
	if packed.Of(payload) == packed.Plain {
		return payload, nil
	}
	scratch := b.Scratch()
	from := len(scratch)
	out, kind, err := packed.Unpacker{}.Unpack(scratch, payload)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", kind, err)
	}
	if kind == packed.Plain { // it only looked like it
		return payload, nil
	}
	return b.Kept(out, from), nil
}

// parts puts the records that payloads hold in their places. A payload with one that can't be read is refused whole.
func (d *decoder) parts(b *record.Batch) {
	d.out = d.out[:0]
	made := b.Made()
	for i := range b.Records {
		if i > 0 && b.Full(made) {
			b.Postpone(i)
			break
		}
		r := b.Records[i]
		before := len(d.out)
		payload, err := d.body(b, r.Data)
		if err == nil {
			err = d.split.Split(payload, b, func(part []byte) error {
				if len(d.out)-before == maxParts {
					return errParts
				}
				one := b.Derive(&r, part)
				if err := d.read(b, &one, part); err != nil {
					return err
				}
				d.out = append(d.out, one)
				return nil
			})
		}
		if d.tells != nil {
			if text := d.tells.Told(); text != "" {
				d.notice(fmt.Sprintf("%s: %s%s", b.Partition.Shard, aggregateOf(b, &r), text))
			}
		}
		if err != nil {
			d.out = d.out[:before]
			b.Reject(&r, d.label, err)
		} else if len(d.out) == before {
			d.empty++
		}
	}
	b.Records, d.out = d.out, b.Records
}

// aggregateOf says of how many records the KPL aggregate is that r came in, as far as the batch tells; nothing for one alone.
func aggregateOf(b *record.Batch, r *record.Record) string {
	n := 0
	for i := range b.Records {
		if bytes.Equal(b.Records[i].Sequence, r.Sequence) {
			n++
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf("KPL aggregate of %d; ", n)
}

// Empties implements Emptier.
func (d *decoder) Empties() uint64 {
	n := d.empty
	d.empty = 0
	return n
}

// read reads the fields of one record, which is payload unpacked, into its row.
func (d *decoder) read(b *record.Batch, r *record.Record, payload []byte) error {
	row := b.Row(r)
	if d.fields != nil {
		err := d.fields.Project(payload, b, row)
		if err == nil {
			d.watch.see(nil, row)
		}
		return err
	}
	doc := payload
	if d.near != nil {
		d.near.Near(r.Arrival)
	}
	if d.transcode != nil {
		scratch := b.Scratch()
		from := len(scratch)
		scratch, err := d.transcode.AppendJSON(scratch, payload)
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
