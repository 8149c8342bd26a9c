package cloudwatch

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
	"github.com/kstream/kstream/pkg/format/literal"
)

// event is where the parts of a log event stand.
type event struct {
	timestamp, message, id, extracted []byte
	unknown                           [][2][]byte // names, in quotes, and values
}

// record appends the record of the event that c stands before, and passes it.
func (s *Splitter) record(dst []byte, c *cursor.Cursor) ([]byte, error) {
	at := c.Offset()
	if c.Kind() != '{' {
		return dst, fault(at, "a log event is no object")
	}
	var e event
	for more := c.Enter(); more; more = c.More() {
		switch name := c.Name(); string(name) {
		case `"timestamp"`:
			e.timestamp = c.Value()
		case `"message"`:
			e.message = c.Value()
		case `"id"`:
			e.id = c.Value()
		case `"extractedFields"`:
			e.extracted = c.Value()
		default:
			e.unknown = append(e.unknown, [2][]byte{name, c.Value()})
		}
	}
	if len(e.message) == 0 || e.message[0] != '"' {
		return dst, fault(at, `a log event without a text "message"`)
	}
	dst, ok := appendMillis(append(dst, `{"timestamp":`...), e.timestamp)
	if !ok {
		return dst, fault(at, `a log event without a "timestamp" in milliseconds`)
	}
	dst = s.message(append(dst, `,"message":`...), e.message)
	if e.id != nil {
		dst = append(append(dst, `,"id":`...), e.id...)
	}
	dst = append(dst, s.shared...)
	if len(e.extracted) > 0 && e.extracted[0] != 'n' {
		dst = append(append(dst, `,"extracted_fields":`...), e.extracted...)
	}
	for _, m := range e.unknown {
		dst = append(append(append(append(dst, ','), m[0]...), ':'), m[1]...)
	}
	return append(dst, '}'), nil
}

// message appends a message: the object that its text is, or the text in quotes as it came.
func (s *Splitter) message(dst, quoted []byte) []byte {
	if s.asText || !bytes.Contains(quoted, []byte{'{'}) {
		return append(dst, quoted...)
	}
	s.scratch = s.scratch[:0]
	text := format.Parse(quoted, (*arena)(&s.scratch)).Text
	if !isObject(text) {
		return append(dst, quoted...)
	}
	return append(dst, format.Trim(text)...)
}

// appendMillis appends the time that is raw milliseconds after 1970; ok is false where raw is no such number.
func appendMillis(dst, raw []byte) (out []byte, ok bool) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return dst, false
	}
	v := format.Parse(raw, nil) // of a number nothing is kept
	n, ok := v.Int()
	if !ok {
		return dst, false
	}
	seconds, rest := n/1000, n%1000
	if rest < 0 {
		seconds, rest = seconds-1, rest+1000
	}
	return literal.AppendTime(dst, seconds, rest*1e6)
}

// arena is the format.Arena of a message's text, which lives until the next one.
type arena []byte

// Scratch is format.Arena's.
func (a *arena) Scratch() []byte { return *a }

// Kept is format.Arena's.
func (a *arena) Kept(p []byte, from int) []byte {
	*a = p
	return p[from:]
}
