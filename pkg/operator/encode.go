package operator

import (
	"errors"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// encode FORMAT says how records go out. It is the last stage.
//
//   - json: assumed where a stage has changed the record. A record that no stage changed goes out as its own bytes; of
//     one that set, drop or keep changed, the members that they did not name go out as they stood.
//   - text "{service} {level}": a line of text, with expressions in braces; {{ and }} are braces. A string goes out
//     without quotes, nil as nothing, lists and objects as JSON.
//   - the others are in outFormats: they are made of the JSON that would have gone out.
func compileEncode(b *builder, c *clause) {
	b.needs(c, `a format: encode json, encode text "{service} {level}"`)
	if len(c.args) == 0 {
		return
	}
	b.encoded = c
	name, rest := c.args[0].word()
	f, other := outFormats[name.String()]
	if !other && name.String() != "json" && name.String() != "text" {
		b.noFormat(name, formatNames(outFormats))
		return
	}
	o := b.options(c, c.args[1:], f.options)
	switch {
	case name.String() == "text":
		b.encodeText(c, rest)
	case other:
		if open, ok := f.open(b, c, rest, o); ok {
			b.encodeAs(c, open)
		}
	case b.nothing(c, rest):
		b.fields.need()
		if d := b.fields.document; d != nil && !d.json {
			b.fields.changed = true // what goes out as JSON is no longer its own bytes
		}
		b.encodeJSON()
		b.add(c, "encode json", nil)
	}
}

// encodeAs plans that records go out in another format, which is made of their JSON.
func (b *builder) encodeAs(c *clause, open func() format.Transcriber) {
	b.fields.need()
	b.plan.changes = true
	w := b.written()
	b.plan.encode = func() record.Encoder {
		to := open()
		return func(dst []byte, batch *record.Batch, r *record.Record) ([]byte, error) {
			scratch := batch.Scratch()
			from := len(scratch)
			doc := batch.Kept(w.Append(scratch, r.Data, batch.Row(r)), from)
			return to.AppendPayload(dst, doc)
		}
	}
	b.add(c, "encode "+c.written(), nil)
}

// word returns the first word of s and the rest.
func (s span) word() (word, rest span) {
	text := s.String()
	end := strings.IndexFunc(text, notInName)
	if end < 0 {
		end = len(text)
	}
	return span{s.src, s.from, s.from + end}, span{s.src, s.from + end, s.to}.trim()
}

// encodeJSON plans that records go out as they came where nothing has changed them, else as JSON.
func (b *builder) encodeJSON() {
	b.plan.changes = b.plan.changes || b.fields.changed
	if !b.fields.changed {
		b.plan.encode = func() record.Encoder { return asTheyCame }
		return
	}
	w := b.written()
	b.plan.encode = func() record.Encoder {
		return func(dst []byte, batch *record.Batch, r *record.Record) ([]byte, error) {
			return w.Append(dst, r.Data, batch.Row(r)), nil
		}
	}
}

// written returns what writes records as JSON, as they are here.
func (b *builder) written() *format.Splicer {
	if d := b.fields.document; d != nil && !b.fields.shape.Built {
		d.replaces = true
	}
	return format.NewSplicer(b.fields.shape)
}

func asTheyCame(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
	return append(dst, r.Data...), nil
}

// piece is a part of a text: words as they stand, or an expression.
type piece struct {
	words   string
	program *expression.Program
}

func (b *builder) encodeText(c *clause, quoted span) {
	text, ok := syntax.Unquote(quoted.String())
	if quoted.from == quoted.to || !ok {
		b.fault(quoted, "encode text needs a text in quotes", `encode text "{service} {level}"`)
		return
	}
	pieces, ok := b.pieces(c, quoted, text)
	if !ok {
		return
	}
	b.plan.changes = true
	b.plan.encode = func() record.Encoder { return textEncoder(pieces) }
	b.add(c, "encode text "+quoted.String(), nil)
}

func textEncoder(pieces []piece) record.Encoder {
	var frame expression.Frame
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		for i := range pieces {
			p := &pieces[i]
			if p.program == nil {
				dst = append(dst, p.words...)
				continue
			}
			v, err := p.program.Run(&frame, b, r)
			if err != nil {
				return dst, err
			}
			dst = format.AppendText(dst, &v)
		}
		return dst, nil
	}
}

// ErrNoKey is a record that has no partition key of its own making: a stream takes none without.
var ErrNoKey = errors.New("the partition key expression is nil or empty for this record")

func keyEncoder(program *expression.Program) record.Encoder {
	var frame expression.Frame
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		v, err := program.Run(&frame, b, r)
		if err != nil {
			return dst, err
		}
		n := len(dst)
		if dst = format.AppendText(dst, &v); len(dst) == n {
			return dst, ErrNoKey
		}
		return dst, nil
	}
}
