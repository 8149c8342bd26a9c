package avro

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	lib "github.com/twmb/avro"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

var (
	_ format.Transcoder  = (*Decoder)(nil)
	_ format.Transcoder  = (*RegistryDecoder)(nil)
	_ format.FieldReader = (*Projector)(nil)
	_ format.FieldReader = (*RegistryProjector)(nil)
	_ format.Splitter    = (*Files)(nil)
	_ format.Transcriber = (*Encoder)(nil)
)

func TestSingleObject(t *testing.T) {
	s := parsed(t, point)
	payload, err := lib.MustParse(point).AppendSingleObject(nil, map[string]any{"n": int64(5), "s": "x"})
	if err != nil {
		t.Fatal(err)
	}
	const doc = `{"n":5,"s":"x"}`
	if got, err := NewDecoder(s).AppendJSON(nil, payload); string(got) != doc || err != nil {
		t.Errorf("got %s %v", got, err)
	}
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"s"}, Dotted: 1}, 0)
	b := record.NewBatch(1)
	b.Fill(nil, []record.Record{{Data: payload}})
	row := b.Row(&b.Records[0])
	if err := NewProjector(s, p).Project(payload, b, row); err != nil || string(row[0].Text) != "x" {
		t.Errorf("projected: %v %v", row, err)
	}
	if got, err := NewEncoder(s, s.SingleObjectHeader()).AppendPayload(nil, []byte(doc)); !bytes.Equal(got, payload) || err != nil {
		t.Errorf("got %x %v, want %x", got, err, payload)
	}
	if _, err := NewDecoder(s).AppendJSON(nil, payload[:3]); err == nil {
		t.Error("a header that was cut off is taken for a record")
	}
}

// opener opens payloads whose first byte is the schema's number.
type opener []*Schema

func (o opener) Open(payload []byte) (*Schema, []byte, error) {
	if len(payload) == 0 || int(payload[0]) >= len(o) {
		return nil, nil, errors.New("no such schema")
	}
	return o[payload[0]], payload[1:], nil
}

func TestRegistry(t *testing.T) {
	o := opener{parsed(t, single(`"long"`)), parsed(t, single(`"string"`)), parsed(t, `{"type":"map","values":"int"}`)}
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"v"}, Dotted: 1}, 0)
	d, r := NewRegistryDecoder(o), NewRegistryProjector(o, p)
	for _, tt := range []struct{ payload, doc, v string }{
		{"\x00" + l(5), `{"v":5}`, "5"},
		{"\x01" + b("x"), `{"v":"x"}`, `"x"`},
		{"\x02" + l(2) + b("w") + l(1) + b("v") + l(2) + l(0), `{"w":1,"v":2}`, "2"},
		{"\x00" + l(6), `{"v":6}`, "6"},
		{"\x03", "", ""},
		{"\x00", "", ""},
	} {
		doc, err := d.AppendJSON(nil, []byte(tt.payload))
		if (err != nil) != (tt.doc == "") || err == nil && string(doc) != tt.doc {
			t.Errorf("%x: got %s %v", tt.payload, doc, err)
		}
		b := record.NewBatch(1)
		b.Fill(nil, []record.Record{{Data: []byte(tt.payload)}})
		row := b.Row(&b.Records[0])
		err = r.Project(b.Records[0].Data, b, row)
		if got := format.Append(nil, &row[0]); (err != nil) != (tt.v == "") || err == nil && string(got) != tt.v {
			t.Errorf("%x: got %s %v", tt.payload, got, err)
		}
	}
}

func TestParse(t *testing.T) {
	const (
		level = `{"type":"enum","name":"a.Level","symbols":["x","y"]}`
		user  = `{"type":"record","name":"User","namespace":"b","fields":[{"name":"l","type":"a.Level"},{"name":"up","type":["null","User"]}]}`
		main  = `{"type":"record","name":"Main","namespace":"b","fields":[{"name":"u","type":"User"},{"name":"l","type":"a.Level"}]}`
	)
	s := parsed(t, main, level, user)
	const doc = `{"u":{"l":"y","up":{"l":"x","up":null}},"l":"x"}`
	payload, err := NewEncoder(s, nil).AppendPayload(nil, []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := NewDecoder(s).AppendJSON(nil, payload); string(got) != doc || err != nil {
		t.Errorf("got %s %v", got, err)
	}
	if want := lib.MustParse(point).Fingerprint(lib.NewRabin()); len(want) != 8 || parsed(t, point).Fingerprint() == 0 {
		t.Error("a schema has no fingerprint")
	}
	for want, text := range map[string]string{
		"reading the Avro schema: ":                   `{`,
		"of type string: only a record, a map":        `"string"`,
		"of type union: only a record, a map":         `["null","string"]`,
		"reading the Avro schema":                     main,
		"reading the Avro schema: unknown type \"X\"": single(`"X"`),
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(want, ": unknown type \"X\"")) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if _, err := Parse(main, user, level); err == nil || !strings.Contains(err.Error(), "referenced Avro schema 1 of 2") {
		t.Errorf("in the wrong order: %v", err)
	}
}
