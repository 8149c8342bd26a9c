package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// decode FORMAT says how payloads are read. One that is packed, with gzip, zstd, snappy, lz4 or zlib, is unpacked first,
// whatever its format.
//
//   - json: an object, whose members are the fields. Assumed where a stage needs fields and no decode came before. The
//     whole document is checked, the fields that the chain needs are read, and nothing else is taken apart. Of members
//     with one name the last one counts. What is not JSON, or no object, is a dead letter. `, header` takes off the header
//     that a schema registry's serializers put before it.
//   - text: one field, text, with the whole payload. What is not UTF-8 is a dead letter.
//   - the others are in inFormats: what they hold reads as the JSON object that it stands for.
func compileDecode(b *builder, c *clause) {
	b.needs(c, "a format: decode json, decode text")
	if len(c.args) == 0 {
		return
	}
	if b.fields.document != nil || b.fields.changed {
		b.fault(c.word, "the payload has been decoded already", "decode stands before the stages that use fields")
		return
	}
	name, rest := c.args[0].word()
	f, other := inFormats[name.String()]
	if !other && name.String() != "json" && name.String() != "text" {
		b.noFormat(name, formatNames(inFormats))
		return
	}
	if name.String() == "json" {
		f.options = map[string]string{"header": ""}
	}
	o := b.options(c, c.args[1:], f.options)
	switch {
	case !other && !b.nothing(c, rest):
	case name.String() == "json" && o.has("header"):
		b.decode(c, decoding{text: "json, header", strip: withoutHeader(false)})
	case name.String() == "text":
		b.decodeText(c)
	case !other:
		b.decodeJSON(c, "json")
	default:
		if how, ok := f.open(b, c, rest, o); ok {
			how.text = c.written()
			b.decode(c, how)
		}
	}
}

// written returns what stands behind the stage's word, with single spaces behind its commas.
func (c *clause) written() string {
	text := c.args[0].String()
	for _, arg := range c.args[1:] {
		text += ", " + arg.String()
	}
	return text
}

// decoding is how payloads of a format are read: as JSON, made of them where they are none.
type decoding struct {
	text string // as the plan shows it: "json, assumed"
	// ahead is called with each payload before the others are, and may wait; nil: there is nothing to wait for.
	ahead func(ctx context.Context, payload []byte) error
	// strip takes off what stands before a payload; nil: nothing does.
	strip func(b *record.Batch, payload []byte) ([]byte, error)
	// split makes what takes payloads apart; nil: each is one record.
	split func() format.Splitter
	// transcode makes what reads a record as JSON; nil: it is JSON.
	transcode func() format.Transcoder
	// fields makes what reads the wanted fields straight out of a record; nil: they are read of the JSON.
	fields func(p *format.Projection) format.FieldReader
	// check returns why no record can have a field of those names; nil: nothing says which fields there are.
	check func(names []string) error
}

// decode plans that payloads are read so from here on.
func (b *builder) decode(c *clause, how decoding) {
	d := &document{b: b, check: how.check, json: how.transcode == nil, projection: format.NewProjection(), slots: map[string]int{}, watch: newWatcher(b.notice)}
	b.plan.watchers = append(b.plan.watchers, d.watch)
	b.fields.document = d
	name := label(c.place, "decode")
	b.step(step{label: name, text: "decode " + how.text, stage: alone(func() Stage { return newDecoder(name, d, &how) })})
	if how.split != nil {
		b.plan.changes = true
	}
}

func (b *builder) decodeJSON(c *clause, text string) { b.decode(c, decoding{text: text}) }
