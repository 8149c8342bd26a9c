package cbor

import (
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// event is what a service logs: 21 fields, one level deep, and a list.
const event = `{"ts":"2024-05-01T10:00:07.123Z","service":"cart","level":"error","host":"ip-10-0-0-1","pid":4711,"trace_id":"4f6a1c2b9d8e7f60","span_id":"9d8e7f60","method":"POST","path":"/v1/carts/1234/items","status":503,"latency_ms":35.25,"bytes_in":512,"bytes_out":2048,"user":{"id":7123456789,"tier":"gold","email":"ada@example.com"},"tags":["a","b","c"],"retry":false,"attempt":1,"region":"eu-west-1","version":"1.4.2","build":8123,"message":"upstream timed out"}`

// BenchmarkCBOR counts bytes of CBOR, beside fxamacker/cbor.
func BenchmarkCBOR(b *testing.B) {
	var v map[string]any
	if err := json.Unmarshal([]byte(event), &v); err != nil {
		b.Fatal(err)
	}
	for name, value := range v {
		if f, ok := value.(float64); ok && f == float64(int64(f)) {
			v[name] = int64(f)
		}
	}
	payload, err := cbor.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	p := format.NewProjection()
	p.Want(format.Path{Names: []string{"level"}, Dotted: 1}, 0)
	p.Want(format.Path{Names: []string{"status"}, Dotted: 1}, 1)
	batch, fields, dst := record.NewBatch(2), NewFieldReader(p), []byte(nil)
	var c Transcoder
	one := []record.Record{{}}
	for _, bench := range []struct {
		name string
		op   func() error
	}{
		{"whole", func() (err error) { dst, err = c.AppendJSON(dst[:0], payload); return err }},
		{"two fields", func() error {
			batch.Fill(nil, one)
			return fields.Project(payload, batch, batch.Row(&batch.Records[0]))
		}},
		{"fxamacker, whole into a map", func() error {
			var m map[string]any
			return cbor.Unmarshal(payload, &m)
		}},
		{"fxamacker, two fields into a struct", func() error {
			var s struct {
				Level  string `cbor:"level"`
				Status int    `cbor:"status"`
			}
			return cbor.Unmarshal(payload, &s)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.op(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
