// Package csv reads and writes delimited text as RFC 4180 has it: a quoted field may hold delimiters, line ends, and quotes
// written twice. Lines end in LF or CRLF, blank ones are none.
package csv

import (
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
)

// Config says how payloads read.
type Config struct {
	// Names are the columns' names, in order. Empty where Header is true.
	Names []string
	// Header says that each payload's first line names the columns.
	Header bool
	// Delimiter parts fields. 0 is a comma.
	Delimiter byte
	// Types are the types of columns by name; the others are inferred from each field's text (scalar.Inferred). With Header a
	// column that a payload does not have is passed over.
	Types map[string]scalar.Type
}

// Decoder is a format.Transcoder for payloads of one record, and a format.Splitter for payloads of any number of them. One
// goroutine uses it.
//
// A field is what its column's type makes of its text; quotes say nothing about it, but that a quoted field of no text is an
// empty string and no null where the type is inferred. A record has as many fields as there are columns.
type Decoder struct {
	cfg     Config
	columns []column
	header  []byte // the line that columns were read from
	renamed bool   // columns are others since a Reader has looked
	scan    scanner
}

// column is what is known of the fields at one place.
type column struct {
	name   string
	prefix []byte // its name as JSON, with what stands around it
	kind   scalar.Type
}

// New returns a decoder. The error says what is wrong with cfg.
func New(cfg Config) (*Decoder, error) {
	if cfg.Delimiter == 0 {
		cfg.Delimiter = ','
	}
	if !validDelimiter(cfg.Delimiter) {
		return nil, fmt.Errorf("the delimiter %q can't part fields: right is any ASCII character but quotes and line ends", cfg.Delimiter)
	}
	d := &Decoder{cfg: cfg, scan: newScanner(cfg.Delimiter)}
	if cfg.Header == (len(cfg.Names) > 0) {
		return nil, fmt.Errorf("the columns need names: either a list of them, or the first line of each payload")
	}
	for i, name := range cfg.Names {
		if err := d.add(name); err != nil {
			return nil, fmt.Errorf("column %d, %q: %w", i+1, name, err)
		}
	}
	if cfg.Header {
		return d, nil
	}
	for name := range cfg.Types {
		if d.column(name) < 0 {
			return nil, fmt.Errorf("there is a type for the column %q, and there is no such column: there are %s", name, strings.Join(cfg.Names, ", "))
		}
	}
	return d, nil
}

func validDelimiter(c byte) bool { return c < 0x80 && c != '"' && c != '\n' && c != '\r' && c != 0 }

// column returns the place of the column of that name, -1 where there is none.
func (d *Decoder) column(name string) int {
	for i := range d.columns {
		if d.columns[i].name == name {
			return i
		}
	}
	return -1
}

func (d *Decoder) add(name string) error {
	switch {
	case name == "":
		return errNoName
	case d.column(name) >= 0:
		return errTwice
	}
	d.columns = append(d.columns, column{name, prefix(name, len(d.columns)), d.cfg.Types[name]})
	return nil
}

func prefix(name string, place int) []byte {
	p := []byte{'{'}
	if place > 0 {
		p[0] = ','
	}
	return append(format.AppendString(p, []byte(name)), ':')
}

var (
	_ format.Transcoder = (*Decoder)(nil)
	_ format.Splitter   = (*Decoder)(nil)
)
