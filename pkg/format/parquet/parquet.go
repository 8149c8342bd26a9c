// Package parquet makes Parquet files of lines of JSON.
//
// A Parquet file says at its end what is in it, and can't be appended to: what is written record by record are lines of
// JSON, the spool, of which a whole file is made when it is finished. Convert reads the spool twice, first for the columns
// and their types, then for the rows, and holds one row group of it in memory.
//
// There is a column for each field of the objects, in the order in which they first appear; what is in a nested object or
// a list is one column of JSON. A column's type is the narrowest that loses nothing:
//
//   - bool, int64; double where every number reads back as the digits that it was written with, else their digits as a string.
//   - Strings that all are RFC 3339 times are a timestamp in UTC: microseconds, or nanoseconds where a time has them. The
//     offsets that they were written with are gone.
//   - Other strings are strings; bytes of them that are no UTF-8 become U+FFFD.
//   - Lists, objects, and fields that are of several of these kinds are JSON: text, with Parquet's logical type for it.
//
// Every column is optional: null and missing are both null, and a field that is null in all rows has no column. Of several
// fields of one name the last counts. Fields beyond MaxColumns, and those whose names are empty or longer than MaxName, are
// gathered as an object in one more column, "_rest".
package parquet

import (
	"errors"
	"fmt"
	"io"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/gzip"
	"github.com/parquet-go/parquet-go/compress/uncompressed"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// Limits of a file. A column takes memory in each row group whether its rows have it or not, so that their number is what
// a hostile producer would drive up.
const (
	MaxColumns = 1000
	MaxName    = 1 << 10 // bytes of a column's name
	MaxRow     = 64 << 20
	// DefaultGroupBytes is how much JSON makes a row group: what is in memory at once is about twice that.
	DefaultGroupBytes = 64 << 20
)

// Compression is how pages are packed. The zero value is not at all.
type Compression string

// The kinds of Compression.
const (
	None Compression = ""
	Gzip Compression = "gzip"
	Zstd Compression = "zstd"
)

// Options say how a file is written.
type Options struct {
	Compression Compression
	// GroupBytes is the JSON from which a row group is finished, DefaultGroupBytes where it is 0.
	GroupBytes int
}

// Convert writes the lines of in, from its begin, to out as a Parquet file: the same lines give the same bytes. in has
// objects only, as Rows writes them. It blocks for as long as reading in twice takes; an error of in or out ends it.
func Convert(in io.ReadSeeker, out io.Writer, o Options) error {
	codec, err := o.codec()
	if err != nil {
		return err
	}
	if o.GroupBytes <= 0 {
		o.GroupBytes = DefaultGroupBytes
	}
	t := newTable()
	if err := eachRow(in, t.see); err != nil {
		return fmt.Errorf("finding the columns: %w", err)
	}
	t.settle()
	w := newWriter(out, t, codec, o.GroupBytes)
	if err := eachRow(in, w.row); err != nil {
		return fmt.Errorf("writing the rows: %w", err)
	}
	return w.close()
}

func (o *Options) codec() (compress.Codec, error) {
	switch o.Compression {
	case None:
		return &uncompressed.Codec{}, nil
	case Gzip:
		return &gzip.Codec{Level: gzip.DefaultCompression}, nil
	case Zstd:
		return &zstd.Codec{Level: zstd.DefaultLevel, Concurrency: 1}, nil
	}
	return nil, fmt.Errorf("parquet files can't be packed with %q: none, gzip or zstd", o.Compression)
}

// errTooLong is a row that would take more memory than there may be.
var errTooLong = errors.New("a row has more than 64 MiB")

var _ pq.Node = ordered{}
