package logfmt_test

import (
	"io"
	"log/slog"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/logfmt"
	"github.com/kstream/kstream/pkg/record"
)

var line = []byte(`time=2024-05-01T10:00:00.123Z level=INFO msg="GET \"/cart\" done" service=cart status=502 latency_ms=12.5 ` +
	`retry=false user.id=9007199254740993 trace=4bf92f3577b34da6a3ce929d0e0e4736 peer=10.1.2.3:4711` + "\n")

func TestNoAllocations(t *testing.T) {
	d, e := logfmt.New(), logfmt.NewEncoder()
	doc, err := d.AppendJSON(nil, line)
	if err != nil {
		t.Fatal(err)
	}
	r := logfmt.NewReader([]format.Wanted{{Path: format.Path{Names: []string{"msg"}, Dotted: 1}}})
	batch, row := record.NewBatch(0), make([]record.Value, 1)
	dst := make([]byte, 0, 1<<10)
	for name, f := range map[string]func() error{
		"decoder": func() error { _, err := d.AppendJSON(dst, line); return err },
		"reader":  func() error { batch.Reset(); return r.Project(line, batch, row) },
		"encoder": func() error { _, err := e.AppendPayload(dst, doc); return err },
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	d := logfmt.New()
	b.Run("whole", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			if dst, err = d.AppendJSON(dst[:0], line); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("two fields", func(b *testing.B) {
		r := logfmt.NewReader([]format.Wanted{
			{Path: format.Path{Names: []string{"service"}, Dotted: 1}, Slot: 0}, {Path: format.Path{Names: []string{"status"}, Dotted: 1}, Slot: 1},
		})
		batch, row := record.NewBatch(0), make([]record.Value, 2)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			batch.Reset()
			if err := r.Project(line, batch, row); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("two fields by way of JSON", func(b *testing.B) {
		p := format.NewProjection()
		p.Want(format.Path{Names: []string{"service"}, Dotted: 1}, 0)
		p.Want(format.Path{Names: []string{"status"}, Dotted: 1}, 1)
		r, batch, row := p.Projector(), record.NewBatch(0), make([]record.Value, 2)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			var err error
			batch.Reset()
			if dst, err = d.AppendJSON(dst[:0], line); err != nil {
				b.Fatal(err)
			}
			if err := r.Project(dst, batch, row); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	doc, err := logfmt.New().AppendJSON(nil, line)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		e := logfmt.NewEncoder()
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			if dst, err = e.AppendPayload(dst[:0], doc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("log-slog", func(b *testing.B) { // from typed values, not from JSON
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			log.Info(`GET "/cart" done`, "service", "cart", "status", 502, "latency_ms", 12.5, "retry", false,
				"user.id", 9007199254740993, "trace", "4bf92f3577b34da6a3ce929d0e0e4736", "peer", "10.1.2.3:4711")
		}
	})
}
