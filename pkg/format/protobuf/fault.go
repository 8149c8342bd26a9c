package protobuf

import (
	"fmt"
	"strings"
)

// Fault says what is wrong with a payload, or with a document that is to become one, and where. It never holds a payload's
// text; of a document it names members.
type Fault struct {
	// Problem is what is wrong.
	Problem string
	// Offset is the byte of the payload, -1 where there is none to say.
	Offset int

	path []string // from the inside out
}

// Field returns the path of the field, as reading.tags[3].name, "" where the fault is of no field.
func (f *Fault) Field() string {
	var b strings.Builder
	for i := len(f.path) - 1; i >= 0; i-- {
		if b.Len() > 0 && f.path[i][0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(f.path[i])
	}
	return b.String()
}

// Error returns the field, the problem and its place.
func (f *Fault) Error() string {
	text := f.Problem
	if field := f.Field(); field != "" {
		text = "field " + field + ": " + text
	}
	if f.Offset >= 0 {
		text += fmt.Sprintf(" at byte %d", f.Offset)
	}
	return text
}

// in adds the field around the fault.
func (f *Fault) in(name string) *Fault {
	f.path = append(f.path, name)
	return f
}

func (f *Fault) at(i int) *Fault { return f.in(fmt.Sprintf("[%d]", i)) }

const (
	problemShort   = "the message ends early"
	problemVarint  = "a varint goes beyond 64 bits"
	problemNumber  = "there is no field of this number"
	problemWire    = "there is no such wire type"
	problemEnd     = "a group ends that did not begin"
	problemNoEnd   = "a group does not end"
	problemDepth   = "messages nest too deep (100)"
	problemText    = "the string is no UTF-8"
	problemPieces  = "the message stands in pieces, whose messages stand in pieces, too deep"
	problemTooMuch = "the message reads as more JSON than 1 MiB and 32 times its own size, or than 64 MiB"
)
