package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kstream/kstream/pkg/source/file"
)

// line is one of an input, or a made-up record. It owns its bytes.
type line struct {
	place string // "line 3", "line 3 of logs.jsonl"; "": it was made up
	key   string // "": it has none of its own
	hash  string // the hash key that decides its shard; "": the key does
	data  []byte
	err   error // why it can't be written; what follows it can
}

// Lines go from who reads them to who writes them in batches, which are as large as what is there without waiting.
const (
	batchLines = 500
	batchBytes = 256 << 10
)

// maxLine is the longest record that any stream takes. With a key, and as JSON with base64, the line is longer.
const maxLine = 16 << 20

// feed gives what is to be written.
type feed func() ([]line, error)

// reading is a batch on its way, or the end of the input.
type reading struct {
	lines []line
	err   error
}

// readLines returns the lines of inputs, one after the other, until io.EOF. They are read by a goroutine of their own, since
// nothing ends a read of standard input: where stop ends first, the feed says io.EOF and the goroutine is left to the end of the
// process.
func readLines(stop context.Context, inputs []input) feed {
	batches := make(chan reading)
	go func() {
		err := readAll(inputs, func(lines []line) bool {
			select {
			case batches <- reading{lines: lines}:
				return true
			case <-stop.Done():
				return false
			}
		})
		select {
		case batches <- reading{err: err}:
		case <-stop.Done():
		}
	}()
	return func() ([]line, error) {
		select {
		case b := <-batches:
			return b.lines, b.err
		case <-stop.Done():
			return nil, io.EOF
		}
	}
}

// input is where lines come from: a file, or standard input where name is "".
type input struct {
	name string
	in   io.Reader
}

// readAll hands on the lines of inputs until hand wants no more. Its error is io.EOF at the end.
func readAll(inputs []input, hand func([]line) bool) error {
	for _, in := range inputs {
		if err := in.read(hand); !errors.Is(err, io.EOF) {
			return err
		}
	}
	return io.EOF
}

func (in input) read(hand func([]line) bool) (err error) {
	r := in.in
	if in.name != "" {
		f, err := file.Unpack(in.name)
		if err != nil {
			return err
		}
		defer f.Close()
		r = f
	}
	l := &lineReader{from: in.name, r: bufio.NewReaderSize(r, 64<<10)}
	for err == nil {
		var lines []line
		lines, err = l.batch()
		if len(lines) > 0 && !hand(lines) {
			return io.EOF
		}
	}
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("reading %s: %w", l.place(l.n+1), err)
}

// lineReader cuts one input into lines.
type lineReader struct {
	from string
	r    *bufio.Reader
	n    int // lines so far
}

func (l *lineReader) place(n int) string {
	if l.from == "" {
		return fmt.Sprintf("line %d", n)
	}
	return fmt.Sprintf("line %d of %s", n, l.from)
}

// batch returns the next line, and those behind it that are there already. With an error there may be lines too.
func (l *lineReader) batch() (lines []line, err error) {
	for size := 0; len(lines) < batchLines && size < batchBytes; {
		next, err := l.next()
		if err != nil {
			return lines, err
		}
		lines = append(lines, next)
		size += len(next.data)
		there, err := l.r.Peek(l.r.Buffered())
		if err != nil || bytes.IndexByte(there, '\n') < 0 {
			return lines, err
		}
	}
	return lines, nil
}

// next returns one line, without its end. Of one that is longer than any record nothing is kept.
func (l *lineReader) next() (line, error) {
	var data []byte
	size := 0
	for {
		part, err := l.r.ReadSlice('\n')
		if size += len(part); size <= maxLine {
			data = append(data, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || size == 0):
			return line{}, err
		}
		break
	}
	l.n++
	next := line{place: l.place(l.n)}
	if size > maxLine {
		next.err = fmt.Errorf("it is longer than %d bytes, which is more than any stream takes", maxLine)
		return next, nil
	}
	data = bytes.TrimSuffix(data, []byte("\n"))
	next.data = bytes.TrimSuffix(data, []byte("\r"))
	return next, nil
}
