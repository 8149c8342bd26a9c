package msgpack

import (
	"encoding/json"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// event is what a service logs: 21 fields, one level deep, and a list.
const event = `{"ts":"2024-05-01T10:00:07.123Z","service":"cart","level":"error","host":"ip-10-0-0-1","pid":4711,"trace_id":"4f6a1c2b9d8e7f60","span_id":"9d8e7f60","method":"POST","path":"/v1/carts/1234/items","status":503,"latency_ms":35.25,"bytes_in":512,"bytes_out":2048,"user":{"id":7123456789,"tier":"gold","email":"ada@example.com"},"tags":["a","b","c"],"retry":false,"attempt":1,"region":"eu-west-1","version":"1.4.2","build":8123,"message":"upstream timed out"}`

// BenchmarkMessagePack counts bytes of MessagePack. No MessagePack library is a dependency of ours: encoding/json, and our own
// JSON projection, of the same event are what it is beside.
func BenchmarkMessagePack(b *testing.B) {
	var w Transcriber
	doc := []byte(event)
	payload, err := w.AppendPayload(nil, doc)
	if err != nil {
		b.Fatal(err)
	}
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"level"}, Dotted: 1}, 0)
	p.Want(format.Path{Names: []string{"status"}, Dotted: 1}, 1)
	batch, dst := record.NewBatch(2), []byte(nil)
	fields, ofJSON := NewFieldReader(p), p.Projector()
	one := []record.Record{{}}
	for _, bench := range []struct {
		name  string
		bytes int
		op    func() error
	}{
		{"whole", len(payload), func() (err error) { dst, err = Transcoder{}.AppendJSON(dst[:0], payload); return err }},
		{"two fields", len(payload), func() error {
			batch.Fill(nil, one)
			return fields.Project(payload, batch, batch.Row(&batch.Records[0]))
		}},
		{"written", len(payload), func() (err error) { dst, err = w.AppendPayload(dst[:0], doc); return err }},
		{"JSON, two fields", len(event), func() error {
			batch.Fill(nil, one)
			return ofJSON.Project(doc, batch, batch.Row(&batch.Records[0]))
		}},
		{"JSON, encoding/json into any", len(event), func() error {
			var v any
			return json.Unmarshal(doc, &v)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(bench.bytes))
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.op(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
