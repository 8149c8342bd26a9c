package cbor

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
		"\xa4\x61a\x01\x61b\xa1\x61c\x02\x61d\x82\x01\x61x\x61e\x83\xf5\xf9\x3c\x00\xc1\x00": `1 2 [1,"x"] `,
		"\xa2\x63b.c\x02\x41a\xc4\x82\x21\x05":                                               `null 2 null `,
		"\xbf\x61x\xa3\x07\x01\xf6\x80\xc1\x00\x7f\xff\x61a\x01\x61a\x02\xff":                `2 null null `,
		"\xd9\xd9\xf7\xa1\x61a\xc2\x41\x05":                                                  `5 null null `,
		"\xa0":                                                                               `null null null `,
	} {
		fields, b := NewFieldReader(wanted()), record.NewBatch(3)
		got, err := row(b, func(row []record.Value) error { return fields.Project([]byte(payload), b, row) })
		if err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", payload, got, err, want)
		}
		doc, err := c.AppendJSON(nil, []byte(payload))
		projects(t, []byte(payload), doc, err)
	}
	broken := []byte("\xa2\x61x\xc1\x61a\x61a\x01") // in a member that nobody wants
	doc, err := c.AppendJSON(nil, broken)
	if err == nil {
		t.Error("no error")
	}
	projects(t, broken, doc, err)
}
