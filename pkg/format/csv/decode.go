package csv

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
)

var (
	errNoName  = errors.New("a column needs a name")
	errTwice   = errors.New("there is a column of that name already")
	errColumns = fmt.Errorf("there are more than %d columns", maxColumns)
)

// What the JSON of a payload with a header may take, in bytes: each record repeats the names, so that a long name and many
// short records would take the square of what came in.
const (
	jsonBase   = 1 << 20
	jsonFactor = 16 // a column of a digit and a comma with a name of 30 letters
)

// maxColumns is how many columns a header may have: as many as a spreadsheet, whose last one is XFD. What is kept of a column
// is a hundred times the two bytes that it may take in a payload.
const maxColumns = 16_384

// AppendJSON appends the one record of payload as an object. With Header it is the one behind the header. A second record
// is an error: Split is for several.
func (d *Decoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	if err := d.begin(payload); err != nil {
		return dst, err
	}
	if !d.scan.more() {
		return dst, errNoRecord
	}
	dst, err := d.record(dst)
	if err == nil && d.scan.more() {
		err = fault(d.scan.at, "a second record")
	}
	return dst, err
}

// errNoRecord is a header alone.
var errNoRecord = errors.New("the payload is a header without a record")

// Split calls each for each record, as a JSON object: what follows reads JSON, and goes through no AppendJSON. The parts
// are a's. A header without records behind it is none. With Header the objects of a payload of n bytes take at most 1 MiB
// and 16 n bytes; what would take more is an error.
func (d *Decoder) Split(payload []byte, a format.Arena, each func(part []byte) error) error {
	if err := d.begin(payload); err != nil {
		return err
	}
	for size := 0; d.scan.more(); {
		at := d.scan.at
		dst := a.Scratch()
		from := len(dst)
		dst, err := d.record(dst)
		part := a.Kept(dst, from)
		if err != nil {
			return err
		}
		if size += len(part); d.cfg.Header && size > jsonBase+jsonFactor*len(payload) {
			return fmt.Errorf("the payload takes more than %d bytes as JSON, from the record at byte %d on: the names in its header are too long for its records",
				jsonBase+jsonFactor*len(payload), at)
		}
		if err := each(part); err != nil {
			return err
		}
	}
	return nil
}

// begin checks the payload's text and reads its header.
func (d *Decoder) begin(payload []byte) error {
	if _, err := format.Text(payload); err != nil {
		return err
	}
	d.scan.reset(payload)
	if !d.scan.more() {
		return format.ErrEmpty
	}
	if !d.cfg.Header {
		return nil
	}
	return d.readHeader()
}

// readHeader reads the columns' names, unless they are those of the payload before: nearly always.
func (d *Decoder) readHeader() error {
	from := d.scan.at
	if n := len(d.header); n > 0 && bytes.HasPrefix(d.scan.text[from:], d.header) {
		d.scan.at += n
		return nil
	}
	d.columns, d.header, d.renamed = d.columns[:0], d.header[:0], true
	seen := map[string]bool{} // a header may have as many names as it has bytes: none is looked for among all others
	for {
		f, err := d.scan.next()
		if err != nil {
			return err
		}
		name := string(f.text)
		switch {
		case name == "":
			err = errNoName
		case seen[name]:
			err = errTwice
		case len(d.columns) == maxColumns:
			err = errColumns
		}
		if err != nil {
			return fmt.Errorf("the header's field %d, at byte %d: %w", len(d.columns)+1, f.at, err)
		}
		seen[name] = true
		d.columns = append(d.columns, column{name, prefix(name, len(d.columns)), d.cfg.Types[name]})
		if f.last {
			break
		}
	}
	if line := d.scan.text[from:d.scan.at]; line[len(line)-1] == '\n' { // one without may only be a part of the next one
		d.header = append(d.header, line...)
	}
	return nil
}

// record appends the record at hand.
func (d *Decoder) record(dst []byte) ([]byte, error) {
	at := d.scan.at
	for i := range d.columns {
		f, err := d.scan.next()
		if err != nil {
			return dst, err
		}
		c := &d.columns[i]
		dst = append(dst, c.prefix...)
		if dst, err = f.append(dst, c.kind); err != nil {
			return dst, d.misfit(i, &f, err)
		}
		if last := i == len(d.columns)-1; f.last != last {
			return dst, d.count(at, i+1, f.last)
		}
	}
	return append(dst, '}'), nil
}

// misfit says which column's type the field is not of. A name that came in a header is the payload's text, and not shown.
func (d *Decoder) misfit(i int, f *field, err error) error {
	if d.cfg.Header {
		return fmt.Errorf("field %d, at byte %d: %w", i+1, f.at, err)
	}
	return fmt.Errorf("field %d (%s), at byte %d: %w", i+1, d.columns[i].name, f.at, err)
}

// count says that the record at that byte has another number of fields than there are columns.
func (d *Decoder) count(at, fields int, ended bool) error {
	if ended {
		return fmt.Errorf("the record at byte %d has %d fields, and there are %d columns", at, fields, len(d.columns))
	}
	return fmt.Errorf("the record at byte %d has more fields than the %d columns", at, len(d.columns))
}

func (f *field) append(dst []byte, kind scalar.Type) ([]byte, error) {
	if kind == scalar.Inferred {
		if len(f.text) == 0 && f.quoted {
			return append(dst, `""`...), nil
		}
		return scalar.AppendInferred(dst, f.text), nil
	}
	return scalar.Append(dst, f.text, kind)
}
