package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

const (
	pageBytes = 1 << 20  // what one read asks for
	maxLine   = 64 << 20 // bytes; a longer line is no line but another kind of file
)

// reader reads one file. A record's sequence is the offset of its line in the unpacked file.
type reader struct {
	name    string
	key     []byte
	file    io.ReadCloser
	arrival record.Millis // of the records; those of standard input arrive when they are read
	offset  int64         // of rest
	rest    []byte        // read, and not yet given out: part of a line
	end     record.Position
	over    bool
	reads   chan result // 1: a read under way may outlive whoever waits for it
	reading bool
}

type result struct {
	data []byte
	err  error
}

// newReader passes what lies before state's position.
func newReader(state record.State, file io.ReadCloser, arrival record.Millis) (*reader, error) {
	r := &reader{
		name: state.Partition.Shard, key: []byte(filepath.Base(state.Partition.Shard)), file: file, arrival: arrival,
		end: state.Position, reads: make(chan result, 1),
	}
	if state.Position.Where != record.After {
		return r, nil
	}
	offset, err := strconv.ParseInt(string(state.Position.Sequence), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("going on in %s: %q is no offset", r.name, state.Position.Sequence)
	}
	if seeker, ok := file.(io.Seeker); ok {
		_, err = seeker.Seek(offset, io.SeekStart)
	} else {
		_, err = io.CopyN(io.Discard, file, offset)
	}
	if err != nil {
		return nil, fmt.Errorf("going on in %s at byte %d: it is shorter than it was: %w", r.name, offset, err)
	}
	r.offset = offset
	return r, r.passLine()
}

// passLine passes the line that was handled last.
func (r *reader) passLine() error {
	for {
		n := bytes.IndexByte(r.rest, '\n')
		if n >= 0 {
			r.offset += int64(n + 1)
			r.rest = r.rest[n+1:]
			return nil
		}
		more := r.read()
		r.rest = append(r.rest, more.data...)
		switch {
		case errors.Is(more.err, io.EOF) && len(more.data) == 0:
			r.offset, r.rest = r.offset+int64(len(r.rest)), nil
			return nil
		case more.err != nil && !errors.Is(more.err, io.EOF):
			return fmt.Errorf("reading %s: %w", r.name, more.err)
		}
	}
}

// Read implements record.Reader.
func (r *reader) Read(ctx context.Context, p *record.Page) error {
	if r.over {
		return io.EOF
	}
	if err := p.Reserve(ctx, pageBytes); err != nil {
		return err
	}
	p.Begun = record.MillisOf(time.Now())
	more, err := r.await(ctx)
	if err != nil {
		return err
	}
	if more.err != nil && !errors.Is(more.err, io.EOF) {
		return fmt.Errorf("reading %s behind byte %d: %w", r.name, r.offset+int64(len(r.rest)), more.err)
	}
	if _, endless := r.file.(input); endless {
		r.arrival = record.MillisOf(time.Now())
	}
	ended := errors.Is(more.err, io.EOF)
	if err := r.lines(p, append(r.rest, more.data...), ended); err != nil {
		return err
	}
	p.End, p.HandledTo = r.end, p.Begun
	if ended {
		r.over, p.Tip, p.End = true, true, record.Position{Where: record.Ended}
	}
	return nil
}

// lines gives out the whole lines of text, and the last one too where the file has ended.
func (r *reader) lines(p *record.Page, text []byte, ended bool) error {
	held := len(text)
	for len(text) > 0 {
		n := bytes.IndexByte(text, '\n')
		line, length := text, len(text)
		if n >= 0 {
			line, length = text[:n], n+1
		} else if !ended {
			break
		}
		sequence := strconv.AppendInt(nil, r.offset, 10)
		p.Records = append(p.Records, record.Record{
			Data: bytes.TrimSuffix(line, []byte("\r")), Key: r.key, Sequence: sequence, Arrival: r.arrival, Event: r.arrival,
		})
		r.end = record.Position{Where: record.After, Sequence: record.Sequence(sequence)}
		r.offset += int64(length)
		text = text[length:]
	}
	if len(text) > maxLine {
		return fmt.Errorf("reading %s: the line at byte %d is longer than %d bytes: these are no lines", r.name, r.offset, maxLine)
	}
	r.rest = append([]byte(nil), text...)
	p.Settle(held)
	return nil
}

// await reads on, or gives up waiting when ctx ends; what is read then is the next call's.
func (r *reader) await(ctx context.Context) (result, error) {
	if !r.reading {
		r.reading = true
		go func() { r.reads <- r.read() }()
	}
	select {
	case more := <-r.reads:
		r.reading = false
		return more, nil
	case <-ctx.Done():
		return result{}, ctx.Err()
	}
}

// read reads what is there, up to pageBytes.
func (r *reader) read() result {
	data := make([]byte, pageBytes)
	n, err := r.file.Read(data)
	return result{data[:n], err}
}

// Close closes the file, when a read that is under way has come back. One of standard input ends with the process.
func (r *reader) Close() error {
	if _, endless := r.file.(input); r.reading && !endless {
		<-r.reads
	}
	return r.file.Close()
}
