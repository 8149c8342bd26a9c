package msgpack

import (
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

var _ format.FieldReader = (*FieldReader)(nil)

// wanted is a projection of a, of b.c, and of d with all that is in it; slot 3 is for the document, for which nobody asks.
func wanted() *format.Projection {
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"a"}, Dotted: 1}, 0)
	p.Want(format.Path{Names: []string{"b", "c"}, Dotted: 2}, 1)
	p.Want(format.Path{Names: []string{"d"}, Dotted: 1}, 2)
	return p
}

func row(b *record.Batch, read func(row []record.Value) error) (string, error) {
	b.Fill(nil, []record.Record{{}})
	values := b.Row(&b.Records[0])
	if err := read(values); err != nil {
		return "", err
	}
	var text []byte
	for i := range values {
		text = append(format.Append(text, &values[i]), ' ')
	}
	return string(text), nil
}

// projects holds that a FieldReader reads of any payload what a Transcoder and JSON's own projection read of it.
func projects(t *testing.T, payload, doc []byte, err error) {
	t.Helper()
	for whole := range 2 {
		p := wanted()
		if whole == 1 {
			p.WantWhole(3)
		}
		fields, b := NewFieldReader(p), record.NewBatch(4)
		got, gotErr := row(b, func(row []record.Value) error { return fields.Project(payload, b, row) })
		if (gotErr == nil) != (err == nil) || err != nil && gotErr.Error() != err.Error() {
			t.Fatalf("%q: %v, the Transcoder says %v", payload, gotErr, err)
		}
		if err != nil {
			continue
		}
		want, _ := row(b, func(row []record.Value) error { return p.Projector().Project(doc, b, row) })
		if got != want {
			t.Fatalf("%q: %s, want %s", payload, got, want)
		}
	}
}

func TestFieldReader(t *testing.T) {
	var c Transcoder
	for payload, want := range map[string]string{
		"\x84\xa1a\x01\xa1b\x81\xa1c\x02\xa1d\x92\x01\xa1x\xa1e\x93\xc3\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00\xd6\xff\x00\x00\x00\x00": `1 2 [1,"x"] `,
		"\x82\xa3b.c\x02\xc4\x01a\xd4\x05a":                        `null 2 null `,
		"\x83\xa1x\x83\x07\x01\xc0\x90\xa1a\x80\xa1a\x01\xa1a\x02": `2 null null `,
		"\x80": `null null null `,
	} {
		fields, b := NewFieldReader(wanted()), record.NewBatch(3)
		got, err := row(b, func(row []record.Value) error { return fields.Project([]byte(payload), b, row) })
		if err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", payload, got, err, want)
		}
		doc, err := c.AppendJSON(nil, []byte(payload))
		projects(t, []byte(payload), doc, err)
	}
	broken := []byte("\x82\xa1x\xd4\xff\x01\xa1a\x01") // in a member that nobody wants
	doc, err := c.AppendJSON(nil, broken)
	if err == nil {
		t.Error("no error")
	}
	projects(t, broken, doc, err)
}
