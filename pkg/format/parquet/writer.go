package parquet

import (
	"fmt"
	"io"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

const (
	batchValues = 1 << 16 // of all columns, that are handed on at once
	batchBytes  = 1 << 20
	// cellBytes is what a null costs in a row group, at least: its level, and its place in the page.
	cellBytes = 8
	// dictionaryBytes is how large the dictionary of a column of strings becomes: one whose values don't repeat is written
	// plain from there on.
	dictionaryBytes = 1 << 20
)

// writer writes rows, a batch at a time.
type writer struct {
	*table
	out    *pq.GenericWriter[any]
	group  int // JSON that makes a row group
	filled int // of it, in the row group in hand

	values []pq.Value // a row behind the other
	batch  []pq.Row
	most   int    // rows a batch
	text   []byte // of the batch's strings
	others []byte // the row's fields that have no column
}

func newWriter(out io.Writer, t *table, codec compress.Codec, group int) *writer {
	columns := len(t.columns)
	most := min(512, max(1, batchValues/columns))
	options := []pq.WriterOption{
		t.schema(), pq.Compression(codec), pq.DictionaryMaxBytes(dictionaryBytes), pq.CreatedBy("kstream", "1", "parquet-go"),
		pq.DataPageStatistics(false), // the column index has them
	}
	for i := range t.columns {
		if c := &t.columns[i]; !c.bounded() {
			options = append(options, pq.SkipPageBounds(c.name))
		}
	}
	return &writer{
		table: t, group: group, most: most,
		out:    pq.NewGenericWriter[any](out, options...),
		values: make([]pq.Value, 0, most*columns),
	}
}

// row adds a row to the batch.
func (w *writer) row(line []byte) error {
	from := len(w.values)
	for i := range w.columns {
		w.values = append(w.values, pq.NullValue().Level(0, 0, i))
	}
	row := w.values[from:len(w.values):len(w.values)]
	w.others = w.others[:0]
	for f := format.NewWalk(line); f.Next(); {
		i, ok := w.byName[string(f.Name)]
		if !ok {
			w.other(&f)
			continue
		}
		row[i] = w.value(i, f.Raw)
	}
	if len(w.others) > 0 {
		row[w.rest] = w.bytes(w.rest, append(w.others, '}'))
	}
	w.batch = append(w.batch, pq.Row(row))
	w.filled += len(line) + cellBytes*len(row)
	if len(w.batch) == w.most || len(w.text) >= batchBytes || w.filled >= w.group {
		return w.hand()
	}
	return nil
}

// other keeps a field that has no column.
func (w *writer) other(f *format.Walk) {
	if f.Raw[0] == 'n' {
		return
	}
	mark := byte(',')
	if len(w.others) == 0 {
		mark = '{'
	}
	w.others = append(append(w.others, mark), f.Member...)
}

// value returns what raw is in column i, whose form holds it.
func (w *writer) value(i int, raw []byte) pq.Value {
	v := w.strings.parse(raw)
	if v.Kind == record.Null {
		return pq.NullValue().Level(0, 0, i)
	}
	var is pq.Value
	switch w.columns[i].form {
	case asBool:
		is = pq.BooleanValue(v.Kind == record.True)
	case asInt:
		n, _ := v.Int()
		is = pq.Int64Value(n)
	case asDouble:
		f, _ := v.Float()
		is = pq.DoubleValue(f)
	case asMicros:
		t, _ := parseTime(v.Text)
		is = pq.Int64Value(t.UnixMicro())
	case asNanos:
		t, _ := parseTime(v.Text)
		is = pq.Int64Value(t.UnixNano())
	case asString:
		return w.bytes(i, v.Text)
	default:
		return w.bytes(i, raw)
	}
	return is.Level(0, 1, i)
}

// bytes returns a copy of text as a value of column i.
func (w *writer) bytes(i int, text []byte) pq.Value {
	from := len(w.text)
	w.text = append(w.text, valid(text)...)
	return pq.ByteArrayValue(w.text[from:len(w.text):len(w.text)]).Level(0, 1, i)
}

// hand writes the batch, and finishes the row group that is full with it.
func (w *writer) hand() error {
	if _, err := w.out.WriteRows(w.batch); err != nil {
		return fmt.Errorf("writing rows: %w", err)
	}
	w.batch, w.values, w.text = w.batch[:0], w.values[:0], w.text[:0]
	if w.filled < w.group {
		return nil
	}
	w.filled = 0
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing a row group: %w", err)
	}
	return nil
}

func (w *writer) close() error {
	if err := w.hand(); err != nil {
		return err
	}
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("writing the end of the file: %w", err)
	}
	return nil
}
