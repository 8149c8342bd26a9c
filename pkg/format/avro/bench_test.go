package avro

import (
	"testing"

	lib "github.com/twmb/avro"
	"github.com/twmb/avro/ocf"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

const eventDoc = `{"id":"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63","at":"2023-11-14T22:13:20.123Z","service":"checkout","level":"error",` +
	`"status":502,"latency_ms":81.25,"user":{"id":9007199254740993,"email":"ada@example.org","roles":["admin","buyer"]},` +
	`"tags":{"region":"eu-central-1","version":"2024.05.1","zone":"b"},"price":1999.9900,"trace":"0af76519-16cd-43dd-8448-eb211c80319c",` +
	`"body":"Y29ubmVjdGlvbiByZXNldCBieSBwZWVyIHdoaWxlIHJlYWRpbmcgdGhlIHJlc3BvbnNlIGhlYWRlcnMgb2YgdGhlIHBheW1lbnQgZ2F0ZXdheQ==","parent":null}`

func eventPayload(b *testing.B) (*Schema, []byte) {
	s := parsed(b, event)
	payload, err := NewEncoder(s, nil).AppendPayload(nil, []byte(eventDoc))
	if err != nil {
		b.Fatal(err)
	}
	return s, payload
}

func BenchmarkDecode(b *testing.B) {
	s, payload := eventPayload(b)
	d := NewDecoder(s)
	var dst []byte
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = d.AppendJSON(dst[:0], payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeTwmb(b *testing.B) {
	_, payload := eventPayload(b)
	s := lib.MustParse(event)
	var dst []byte
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if _, err := s.Decode(payload, &v); err != nil {
			b.Fatal(err)
		}
		var err error
		if dst, err = s.AppendEncodeJSON(dst[:0], v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProject(b *testing.B) {
	s, payload := eventPayload(b)
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"level"}, Dotted: 1}, 0)
	p.Want(format.Path{Names: []string{"status"}, Dotted: 1}, 1)
	r := NewProjector(s, p)
	batch := record.NewBatch(2)
	batch.Fill(nil, []record.Record{{Data: payload}})
	row := batch.Row(&batch.Records[0])
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Project(payload, batch, row); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProjectTwmb reads the same two fields into a struct, by a reader's schema that has no others.
func BenchmarkProjectTwmb(b *testing.B) {
	_, payload := eventPayload(b)
	s, err := lib.Resolve(lib.MustParse(event), lib.MustParse(`{"type":"record","name":"shop.Event","fields":[
		{"name":"level","type":{"type":"enum","name":"Level","symbols":["debug","info","warn","error"]}},{"name":"status","type":"int"}]}`))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		var v struct {
			Level  string `avro:"level"`
			Status int32  `avro:"status"`
		}
		if _, err := s.Decode(payload, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	s, _ := eventPayload(b)
	e := NewEncoder(s, nil)
	var dst []byte
	doc := []byte(eventDoc)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = e.AppendPayload(dst[:0], doc); err != nil {
			b.Fatal(err)
		}
	}
}

// plainDoc is of types that JSON has, as the library does not take times and the like in their text forms from JSON.
const (
	plainDoc = `{"id":"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63","service":"checkout","status":502,"latency_ms":81.25,` +
		`"tags":{"region":"eu-central-1","version":"2024.05.1","zone":"b"},"message":"connection reset by peer while reading the headers"}`
	plainSchema = `{"type":"record","name":"E","fields":[{"name":"id","type":"string"},{"name":"service","type":"string"},
		{"name":"status","type":"int"},{"name":"latency_ms","type":["null","double"]},{"name":"tags","type":{"type":"map","values":"string"}},
		{"name":"message","type":"string"}]}`
)

func BenchmarkEncodePlain(b *testing.B) {
	e := NewEncoder(parsed(b, plainSchema), nil)
	doc := []byte(plainDoc)
	var dst []byte
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = e.AppendPayload(dst[:0], doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodePlainTwmb(b *testing.B) {
	s := lib.MustParse(plainSchema)
	doc := []byte(plainDoc)
	var dst []byte
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if err := s.DecodeJSON(doc, &v); err != nil {
			b.Fatal(err)
		}
		var err error
		if dst, err = s.AppendEncode(dst[:0], v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFiles(b *testing.B) {
	var values []any
	for i := range 1000 {
		values = append(values, map[string]any{"n": int64(i), "s": "connection reset by peer"})
	}
	payload := container(b, point, values, ocf.WithCodec(ocf.SnappyCodec()))
	f := NewFiles(0)
	batch := record.NewBatch(0)
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		batch.Reset()
		if err := f.Split(payload, batch, func([]byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
