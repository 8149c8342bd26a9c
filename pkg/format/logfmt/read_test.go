package logfmt_test

import (
	"bytes"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/logfmt"
	"github.com/kstream/kstream/pkg/record"
)

// FuzzRead holds that a Reader reads what a Projector reads in what a Decoder writes, and refuses the same payloads.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`a=1 b.c="x" n`, `b.c=1 b=2`, `b=2 b.c=1`, `b.c=1 b.c=2 a= a="\x41"`, `a.x=1 a=2 n=null`, `"\u0061"=1.5 n=""`, "a=1\nb=2", `=`,
	} {
		f.Add([]byte(s))
	}
	p := format.NewProjection()
	for i, names := range [][]string{{"a"}, {"b", "c"}, {"n"}, {"a", "x"}, {"a"}, {"gone"}} {
		p.Want(format.Path{Names: names, Dotted: len(names)}, i)
	}
	d, r := logfmt.New(), logfmt.NewReader(p.Wanted())
	b, row, want := record.NewBatch(0), make([]record.Value, len(p.Wanted())), make([]record.Value, len(p.Wanted()))
	f.Fuzz(func(t *testing.T, payload []byte) {
		clear(row)
		clear(want)
		doc, wantErr := d.AppendJSON(nil, payload)
		err := r.Project(payload, b, row)
		if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("got the error %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if err := p.Projector().Project(doc, b, want); err != nil {
			t.Fatal(err)
		}
		for i := range row {
			if got, want := &row[i], &want[i]; got.Kind != want.Kind || !bytes.Equal(format.AppendText(nil, got), format.AppendText(nil, want)) {
				t.Fatalf("slot %d is %d %q, want %d %q", i, got.Kind, got.Text, want.Kind, want.Text)
			}
		}
	})
}
