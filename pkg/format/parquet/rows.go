package parquet

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/kstream/kstream/pkg/format"
)

// Rows is a format.Transcriber that writes records as Convert reads them: an object in one line. It keeps nothing, so that
// many may share one.
type Rows struct{}

var _ format.Transcriber = Rows{}

// errNoObject is a payload that has no fields.
var errNoObject = errors.New("the record is no JSON object, so it has no fields to make columns of")

// AppendPayload implements format.Transcriber.
func (Rows) AppendPayload(dst, doc []byte) ([]byte, error) {
	raw, err := format.Validate(doc)
	switch {
	case err != nil:
		return dst, err
	case raw[0] != '{':
		return dst, errNoObject
	case len(raw) > MaxRow:
		return dst, errTooLong
	}
	for _, c := range raw { // strings hold no bare line ends: these are white space
		if c != '\n' && c != '\r' {
			dst = append(dst, c)
		}
	}
	return dst, nil
}

// eachRow calls row for each line of in, from its begin. line is lent, and an object.
func eachRow(in io.ReadSeeker, row func(line []byte) error) error {
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(in, 1<<16)
	var long []byte
	for n := 1; ; n++ {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long, err = readLong(r, append(long[:0], line...))
			line = long
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if text := format.Trim(line); len(text) > 0 {
			if text, err := object(text); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			} else if err := row(text); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// readLong reads on in a line that is longer than the buffer.
func readLong(r *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxRow+1 {
			return line, errTooLong
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// object holds that text is what Rows writes: a spool that somebody has edited is no Parquet file.
func object(text []byte) ([]byte, error) {
	raw, err := format.Validate(text)
	if err == nil && raw[0] != '{' {
		err = errNoObject
	}
	return raw, err
}
