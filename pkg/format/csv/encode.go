package csv

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// EncoderConfig says how records are written.
type EncoderConfig struct {
	// Columns are the fields to write, in order. At least one.
	Columns []format.Path
	// Delimiter parts fields. 0 is a comma.
	Delimiter byte
}

// Encoder is a format.Transcriber: a record is one line, without its end. One goroutine uses it.
//
// A field that is missing or null is empty, and an empty string is "". Lists and objects are their JSON, in quotes.
type Encoder struct {
	cfg    EncoderConfig
	reader *format.Projector
	row    []record.Value
	arena  *record.Batch // strings that have escapes, for the length of one call
}

// NewEncoder returns an encoder. The error says what is wrong with cfg.
func NewEncoder(cfg EncoderConfig) (*Encoder, error) {
	if cfg.Delimiter == 0 {
		cfg.Delimiter = ','
	}
	if !validDelimiter(cfg.Delimiter) {
		return nil, fmt.Errorf("the delimiter %q can't part fields: right is any ASCII character but quotes and line ends", cfg.Delimiter)
	}
	if len(cfg.Columns) == 0 {
		return nil, fmt.Errorf("encoding CSV needs a list of columns")
	}
	p := format.NewProjection()
	for i, path := range cfg.Columns {
		p.Want(path, i)
	}
	return &Encoder{cfg, p.Projector(), make([]record.Value, len(cfg.Columns)), record.NewBatch(0)}, nil
}

// AppendHeader appends the line that names the columns, paths with dots, without its end.
func (e *Encoder) AppendHeader(dst []byte) []byte {
	for i, path := range e.cfg.Columns {
		if i > 0 {
			dst = append(dst, e.cfg.Delimiter)
		}
		dst = e.field(dst, []byte(strings.Join(path.Names, ".")))
	}
	return dst
}

// AppendPayload appends doc's line.
func (e *Encoder) AppendPayload(dst, doc []byte) ([]byte, error) {
	clear(e.row)
	e.arena.Reset()
	if err := e.reader.Project(doc, e.arena, e.row); err != nil {
		return dst, err
	}
	for i := range e.row {
		if i > 0 {
			dst = append(dst, e.cfg.Delimiter)
		}
		switch v := &e.row[i]; v.Kind {
		case record.True:
			dst = e.field(dst, wordTrue)
		case record.False:
			dst = e.field(dst, wordFalse)
		case record.Missing, record.Null:
			if len(e.row) == 1 {
				dst = e.field(dst, nil) // in quotes: a blank line is no record
			}
		default:
			dst = e.field(dst, v.Text)
		}
	}
	return dst, nil
}

var wordTrue, wordFalse = []byte("true"), []byte("false")

// field appends the text of a field, in quotes where it needs them.
func (e *Encoder) field(dst, text []byte) []byte {
	if !e.needsQuotes(text) {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for {
		n := bytes.IndexByte(text, '"')
		if n < 0 {
			return append(append(dst, text...), '"')
		}
		dst = append(append(dst, text[:n+1]...), '"')
		text = text[n+1:]
	}
}

// needsQuotes is true for space at the ends too, which some readers drop, and for what Excel puts ahead of files.
func (e *Encoder) needsQuotes(text []byte) bool {
	if len(text) == 0 || text[0] <= ' ' || text[len(text)-1] <= ' ' || text[0] == 0xef {
		return true
	}
	for _, c := range text {
		if c == e.cfg.Delimiter || c == '"' || c == '\n' || c == '\r' {
			return true
		}
	}
	return false
}

var _ format.Transcriber = (*Encoder)(nil)
