package logfmt

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// A member of an object within objects goes out under the names of all of them, joined by dots. What goes beyond these is
// JSON in quotes: each name is repeated for everything below it, so that a long name over many members would take the square
// of what came in.
const (
	maxDepth  = 16 // names
	maxJoined = 64 // bytes of the names above a member
)

// Encoder is a format.Transcriber: a record is one line, without its end. One goroutine uses it.
//
// Lists are JSON in quotes, and so is what nests deeper than 16 names or has more than 64 bytes of names above it. A string
// stands in quotes where it has to, and where it would read as a number, true, false or null without them. So does a name
// with space, quotes or an equals sign in it, as log/slog writes it.
type Encoder struct {
	line  []byte
	path  []byte
	arena *record.Batch // strings that have escapes, for the length of one call
}

// NewEncoder returns an encoder.
func NewEncoder() *Encoder { return &Encoder{arena: record.NewBatch(0)} }

// AppendPayload appends doc's line.
func (e *Encoder) AppendPayload(dst, doc []byte) ([]byte, error) {
	doc, err := format.Validate(doc)
	if err != nil {
		return dst, fmt.Errorf("encoding logfmt: %w", err)
	}
	if doc[0] != '{' {
		return dst, format.ErrNotObject
	}
	e.arena.Reset()
	e.path = e.path[:0]
	e.line = e.object(e.line[:0], doc, 1)
	return append(dst, bytes.TrimPrefix(e.line, []byte{' '})...), nil
}

// object appends the members of an object, each behind a space. The names above it are e.path.
func (e *Encoder) object(dst, object []byte, depth int) []byte {
	above := len(e.path)
	for w := format.NewWalk(object); w.Next(); {
		if depth > 1 {
			e.path = append(e.path, '.')
		}
		e.path = append(e.path, w.Name...)
		if w.Raw[0] == '{' && depth < maxDepth && len(e.path) <= maxJoined && !isEmpty(w.Raw) {
			dst = e.object(dst, w.Raw, depth+1)
		} else {
			dst = append(e.name(append(dst, ' ')), '=')
			dst = e.value(dst, w.Raw)
		}
		e.path = e.path[:above]
	}
	return dst
}

func isEmpty(object []byte) bool { return len(format.Trim(object[1:len(object)-1])) == 0 }

func (e *Encoder) name(dst []byte) []byte {
	if needsQuotes(e.path) {
		return format.AppendString(dst, e.path)
	}
	return append(dst, e.path...)
}

func (e *Encoder) value(dst, raw []byte) []byte {
	switch raw[0] {
	case '"':
		text := format.Parse(raw, e.arena).Text
		if mustQuote(text) || scalar.Plain(text) || string(text) == "null" {
			return format.AppendString(dst, text)
		}
		return append(dst, text...)
	case '[', '{':
		if needsQuotes(raw) {
			return format.AppendString(dst, raw)
		}
	}
	return append(dst, raw...)
}

// needsQuotes reports whether text can't stand alone.
func needsQuotes(text []byte) bool { return mustQuote(text) || !utf8.Valid(text) }

// mustQuote is needsQuotes for what is UTF-8, as go-kit, log/slog and Loki have it.
func mustQuote(text []byte) bool {
	for _, c := range text {
		if c <= ' ' || c == '=' || c == '"' || c == 0x7f || c == '\\' {
			return true
		}
	}
	return len(text) == 0
}

var _ format.Transcriber = (*Encoder)(nil)
