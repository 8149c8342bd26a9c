package csv_test

import (
	"bytes"
	stdlib "encoding/csv"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
	"github.com/kstream/kstream/pkg/record"
)

var (
	flight = csv.Config{Names: []string{"ts", "carrier", "number", "origin", "target", "delay_min", "distance_km", "cancelled", "note"}}
	line   = []byte(`2024-05-01T10:00:00.123Z,LH,1234,FRA,JFK,12.5,6205,false,"gate changed, then ""held"" for slot"` + "\n")
)

func TestNoAllocations(t *testing.T) {
	d := decoder(t, flight)
	e := encoder(t, csv.EncoderConfig{Columns: paths([]string{"ts"}, []string{"note"}, []string{"gone"})})
	h := decoder(t, csv.Config{Header: true})
	table := append([]byte("ts,carrier,number,origin,target,delay_min,distance_km,cancelled,note\n"), line...)
	doc, err := d.AppendJSON(nil, line)
	if err != nil {
		t.Fatal(err)
	}
	r, err := csv.NewReader(flight, []format.Wanted{{Path: format.Path{Names: []string{"note"}, Dotted: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	batch, row := record.NewBatch(0), make([]record.Value, 1)
	dst := make([]byte, 0, 1<<10)
	for name, f := range map[string]func() error{
		"decoder":     func() error { _, err := d.AppendJSON(dst, line); return err },
		"with header": func() error { _, err := h.AppendJSON(dst, table); return err },
		"reader":      func() error { batch.Reset(); return r.Project(line, batch, row) },
		"encoder":     func() error { _, err := e.AppendPayload(dst, doc); return err },
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
	d := decoder(b, flight)
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
	b.Run("two fields by way of JSON", func(b *testing.B) {
		p := format.NewProjection()
		p.Want(format.Path{Names: []string{"carrier"}, Dotted: 1}, 0)
		p.Want(format.Path{Names: []string{"delay_min"}, Dotted: 1}, 1)
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
	b.Run("two fields", func(b *testing.B) {
		r, err := csv.NewReader(flight, []format.Wanted{
			{Path: format.Path{Names: []string{"carrier"}, Dotted: 1}, Slot: 0}, {Path: format.Path{Names: []string{"delay_min"}, Dotted: 1}, Slot: 1},
		})
		if err != nil {
			b.Fatal(err)
		}
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
	b.Run("encoding-csv to fields", func(b *testing.B) {
		const many = 1000
		lines := bytes.Repeat(line, many)
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		r := stdlib.NewReader(bytes.NewReader(lines))
		r.ReuseRecord = true
		for n := 0; b.Loop(); n++ {
			if n%many == 0 {
				r = stdlib.NewReader(bytes.NewReader(lines))
				r.ReuseRecord = true
			}
			if _, err := r.Read(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	d := decoder(b, flight)
	doc, err := d.AppendJSON(nil, line)
	if err != nil {
		b.Fatal(err)
	}
	var columns []format.Path
	for _, name := range flight.Names {
		columns = append(columns, format.Path{Names: []string{name}, Dotted: 1})
	}
	e := encoder(b, csv.EncoderConfig{Columns: columns})
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		if dst, err = e.AppendPayload(dst[:0], doc); err != nil {
			b.Fatal(err)
		}
	}
}
