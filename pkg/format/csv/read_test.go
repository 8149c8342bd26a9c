package csv_test

import (
	"bytes"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// projection wants fields in every way that a chain can: by name, by dots, below a field, twice, and such as are not there.
func projection() *format.Projection {
	p := format.NewProjection()
	for i, names := range [][]string{{"a"}, {"b", "c"}, {"n"}, {"a", "x"}, {"a"}, {"gone"}, {"yes"}} {
		p.Want(format.Path{Names: names, Dotted: len(names)}, i)
	}
	return p
}

// FuzzRead holds that a Reader reads what a Projector reads in what a Decoder writes, and refuses the same payloads.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"1,2,3,y\n", "a,\"b\"\"c\",-1.5,0", ",\"\",,", "x,y,z,t", "1,2,+03,", "a,b.c,n,yes\n1,2,3,no\n", "b,a,n\n\"\",x,1\n", "a\n1\n2"} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	p := projection()
	types := map[string]scalar.Type{"n": scalar.Number, "yes": scalar.Bool}
	b, row, want := record.NewBatch(0), make([]record.Value, len(p.Wanted())), make([]record.Value, len(p.Wanted()))
	f.Fuzz(func(t *testing.T, payload []byte, header bool) {
		cfg := csv.Config{Header: header, Types: types}
		if !header {
			cfg.Names = []string{"a", "b.c", "n", "yes"}
		}
		d := decoder(t, cfg)
		r, err := csv.NewReader(cfg, p.Wanted())
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // with the header of the payload before, too
			clear(row)
			clear(want)
			doc, wantErr := d.AppendJSON(nil, payload)
			err = r.Project(payload, b, row)
			if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
				t.Fatalf("got the error %v, want %v", err, wantErr)
			}
			if err != nil {
				continue
			}
			if err := p.Projector().Project(doc, b, want); err != nil {
				t.Fatal(err)
			}
			for i := range row {
				same(t, i, &row[i], &want[i])
			}
		}
	})
}

func same(t *testing.T, slot int, got, want *record.Value) {
	t.Helper()
	if got.Kind != want.Kind || !bytes.Equal(format.AppendText(nil, got), format.AppendText(nil, want)) {
		t.Fatalf("slot %d is %d %q, want %d %q", slot, got.Kind, got.Text, want.Kind, want.Text)
	}
}
