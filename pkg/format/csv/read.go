package csv

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// Reader is a format.FieldReader: it makes values of the wanted fields and passes the others by. It refuses what a Decoder
// refuses, types of columns that nobody wants included. One goroutine uses it.
type Reader struct {
	d      *Decoder
	wanted []format.Wanted
	slots  [][]int // by column
}

// NewReader returns a reader of the wanted fields: a projection that wants the whole document needs a Decoder. The error
// says what is wrong with cfg.
func NewReader(cfg Config, wanted []format.Wanted) (*Reader, error) {
	d, err := New(cfg)
	if err != nil {
		return nil, err
	}
	r := &Reader{d: d, wanted: wanted}
	r.resolve()
	return r, nil
}

// resolve finds the columns of the wanted fields. A column is never an object, so that a.b is the column a.b, and nothing
// where there is a column a.
func (r *Reader) resolve() {
	r.slots = make([][]int, len(r.d.columns))
	for _, w := range r.wanted {
		for rank := 1; rank <= w.Path.Dotted; rank++ {
			names := w.Path.Joined(rank)
			i := r.d.column(names[0])
			if i < 0 {
				continue
			}
			if len(names) == 1 {
				r.slots[i] = append(r.slots[i], w.Slot)
			}
			break
		}
	}
}

// Project puts the wanted fields of the one record of payload into row.
func (r *Reader) Project(payload []byte, a format.Arena, row []record.Value) error {
	d := r.d
	if err := d.begin(payload); err != nil {
		return err
	}
	if d.renamed {
		d.renamed = false
		r.resolve()
	}
	if !d.scan.more() {
		return errNoRecord
	}
	if err := r.record(a, row); err != nil {
		return err
	}
	if d.scan.more() {
		return fault(d.scan.at, "a second record")
	}
	return nil
}

func (r *Reader) record(a format.Arena, row []record.Value) error {
	d := r.d
	at := d.scan.at
	for i := range d.columns {
		f, err := d.scan.next()
		if err != nil {
			return err
		}
		c := &d.columns[i]
		if slots := r.slots[i]; len(slots) > 0 || c.kind == scalar.Number || c.kind == scalar.Bool {
			v, err := f.value(c.kind, a)
			if err != nil {
				return d.misfit(i, &f, err)
			}
			for _, slot := range slots {
				row[slot] = v
			}
		}
		if last := i == len(d.columns)-1; f.last != last {
			return d.count(at, i+1, f.last)
		}
	}
	return nil
}

func (f *field) value(kind scalar.Type, a format.Arena) (record.Value, error) {
	if f.doubled { // the text is the scanner's
		dst := a.Scratch()
		from := len(dst)
		f.text = a.Kept(append(dst, f.text...), from)
	}
	if kind == scalar.Inferred && len(f.text) == 0 && f.quoted {
		return record.Value{Kind: record.String, Text: f.text}, nil
	}
	return scalar.Value(f.text, kind, a)
}

var _ format.FieldReader = (*Reader)(nil)
