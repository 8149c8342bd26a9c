package operator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/nearest"
	"github.com/kstream/kstream/pkg/record"
)

// decode FORMAT says how payloads are read.
//
//   - json: an object, whose members are the fields. Assumed where a stage needs fields and no decode came before. The
//     whole document is checked, the fields that the chain needs are read, and nothing else is taken apart. Of members
//     with one name the last one counts. What is not JSON, or no object, is a dead letter.
//   - text: one field, text, with the whole payload. What is not UTF-8 is a dead letter.
func compileDecode(b *builder, c *clause) {
	if len(c.args) > 1 && slices.Contains(laterFormats, c.args[0].String()) { // their options come with them
		c.args = c.args[:1]
	}
	arg, ok := b.one(c, "a format: decode json, decode text")
	if !ok {
		return
	}
	if b.fields.document != nil || b.fields.changed {
		b.fault(c.word, "the payload has been decoded already", "decode stands before the stages that use fields")
		return
	}
	switch name := arg.String(); name {
	case "json":
		b.decodeJSON(c, name)
	case "text":
		b.decodeText(c)
	default:
		b.noFormat(c, arg, []string{"json", "text"})
	}
}

// noFormat says that decode or encode has no such format.
func (b *builder) noFormat(c *clause, arg span, known []string) {
	name := arg.String()
	hint := fmt.Sprintf("there are %s", strings.Join(known, " and "))
	if slices.Contains(laterFormats, name) {
		b.fault(arg, fmt.Sprintf("%s %s comes with a later version of kstream", c.word, name), hint)
		return
	}
	if near := nearest.Of(name, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	b.fault(arg, fmt.Sprintf("there is no format %s", name), hint)
}

// document is a payload that has been decoded: the fields that later stages asked for, each with its slot.
type document struct {
	b          *builder
	projection *format.Projection // nil for text, whose one field is in the shape
	slots      map[string]int
	watch      *watcher
}

// field returns how to read a field of the document as it came.
func (d *document) field(p format.Path) expression.Eval {
	key := fmt.Sprintf("%d%q", p.Dotted, p.Names)
	slot, ok := d.slots[key]
	if !ok {
		slot = d.b.slot()
		d.slots[key] = slot
		d.projection.Want(p, slot)
	}
	if !d.b.quiet {
		d.watch.field(strings.Join(p.Names, "."), slot)
	}
	return expression.Slot(slot)
}

// whole returns how to read the document itself.
func (d *document) whole() expression.Eval {
	slot, ok := d.slots["this"]
	if !ok {
		slot = d.b.slot()
		d.slots["this"] = slot
		d.projection.WantWhole(slot)
	}
	return expression.Slot(slot)
}

func (b *builder) decodeJSON(c *clause, text string) {
	d := &document{b: b, projection: format.NewProjection(), slots: map[string]int{}, watch: newWatcher(b.notice)}
	b.plan.watchers = append(b.plan.watchers, d.watch)
	b.fields.document = d
	name := label(c.place, "decode")
	b.step(step{label: name, text: "decode " + text, stage: alone(func() Stage {
		return &jsonDecoder{label: name, projector: d.projection.Projector(), watch: d.watch.lane()}
	})})
}

type jsonDecoder struct {
	label     string
	projector *format.Projector
	watch     *watching
}

// Process reads the fields that the chain needs into each record's row.
func (d *jsonDecoder) Process(_ context.Context, b *record.Batch) error {
	kept := b.Records[:0]
	for i := range b.Records {
		r := &b.Records[i]
		row := b.Row(r)
		if err := d.projector.Project(r.Data, b, row); err != nil {
			b.Reject(r, d.label, err)
			continue
		}
		d.watch.see(r.Data, row)
		kept = append(kept, *r)
	}
	b.Records = kept
	d.watch.report()
	return nil
}

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

// Process puts the payload into the field text.
func (d *textDecoder) Process(_ context.Context, b *record.Batch) error {
	kept := b.Records[:0]
	for i := range b.Records {
		r := &b.Records[i]
		v, err := format.Text(r.Data)
		if err != nil {
			b.Reject(r, d.label, err)
			continue
		}
		b.Row(r)[d.slot] = v
		kept = append(kept, *r)
	}
	b.Records = kept
	return nil
}
