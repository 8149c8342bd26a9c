package operator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/nearest"
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

// decoding is how payloads of a format are read: as JSON, made of them where they are none.
type decoding struct {
	text string // as the plan shows it: "json, assumed"
	// split makes what takes payloads apart; nil: each is one record.
	split func() format.Splitter
	// transcode makes what reads a record as JSON; nil: it is JSON.
	transcode func() format.Transcoder
	// fields makes what reads the wanted fields straight out of a record; nil: they are read of the JSON.
	fields func(p *format.Projection) format.FieldReader
}

// decode plans that payloads are read so from here on.
func (b *builder) decode(c *clause, how decoding) {
	d := &document{b: b, projection: format.NewProjection(), slots: map[string]int{}, watch: newWatcher(b.notice)}
	b.plan.watchers = append(b.plan.watchers, d.watch)
	b.fields.document = d
	name := label(c.place, "decode")
	b.step(step{label: name, text: "decode " + how.text, stage: alone(func() Stage { return newDecoder(name, d, &how) })})
	if how.split != nil {
		b.plan.changes = true
	}
}

func (b *builder) decodeJSON(c *clause, text string) { b.decode(c, decoding{text: text}) }
