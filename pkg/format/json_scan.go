// Package format reads and writes payloads: the fields that a chain needs out of a document, and documents out of fields.
//
// A JSON list or object is its source text all the way through: it is looked into only by an expression that asks for a
// part of it, and what nobody changed goes out byte for byte.
package format

import (
	"fmt"
)

// MaxDepth is how deep objects and lists may nest, the limit that encoding/json has too: a payload of nothing but
// brackets must not take the stack.
const MaxDepth = 10_000

// SyntaxError says where a document stops being JSON. It never holds the payload.
type SyntaxError struct {
	Offset  int // bytes from the document's begin
	Problem string
}

// Error returns the problem and its place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the payload is not JSON: %s at byte %d", e.Problem, e.Offset)
}

func fault(i int, problem string) error { return &SyntaxError{i, problem} }

const truncated = "the document ends early"

// Skip checks the JSON value that begins at data[i], all of it but the validity of its UTF-8, and returns where it ends.
func Skip(data []byte, i int) (end int, err error) {
	s := scan{text: data}
	return s.value(i, 0)
}

// scan passes over the values of a document, and checks them: all but the validity of their UTF-8. Each of its functions is given
// where something begins and returns where it ends, or where it is at fault.
type scan struct {
	text  []byte
	marks []uint64 // bytescan.Marks of text, or none
}

func (s *scan) value(i, depth int) (int, error) {
	if i >= len(s.text) {
		return i, fault(i, truncated)
	}
	switch c := s.text[i]; {
	case c == '"':
		if end, found := s.near(i + 1); found && s.text[end] == '"' {
			return end + 1, nil
		}
		return s.string(i)
	case c == '{':
		return s.object(i, depth+1)
	case c == '[':
		return s.list(i, depth+1)
	case c == '-' || '0' <= c && c <= '9':
		return s.number(i)
	case c == 't':
		return s.word(i, "true")
	case c == 'f':
		return s.word(i, "false")
	case c == 'n':
		return s.word(i, "null")
	}
	return i, fault(i, "no value")
}

func (s *scan) object(i, depth int) (int, error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	i = skipSpace(s.text, i+1)
	if i < len(s.text) && s.text[i] == '}' {
		return i + 1, nil
	}
	for {
		_, at, err := s.key(i)
		if err != nil {
			return at, err
		}
		if i, err = s.value(at, depth); err != nil {
			return i, err
		}
		var more bool
		if i, more, err = s.comma(i, '}'); err != nil || !more {
			return i, err
		}
	}
}

func (s *scan) list(i, depth int) (int, error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	i = skipSpace(s.text, i+1)
	if i < len(s.text) && s.text[i] == ']' {
		return i + 1, nil
	}
	for {
		var err error
		if i, err = s.value(i, depth); err != nil {
			return i, err
		}
		var more bool
		if i, more, err = s.comma(i, ']'); err != nil || !more {
			return i, err
		}
	}
}

// key passes a member's name and colon: keyEnd is behind the name's closing quote, value where the value begins.
func (s *scan) key(i int) (keyEnd, value int, err error) {
	if i >= len(s.text) || s.text[i] != '"' {
		return i, i, s.expected(i, "a name in quotes is missing")
	}
	if keyEnd, err = s.string(i); err != nil {
		return i, keyEnd, err
	}
	i = skipSpace(s.text, keyEnd)
	if i >= len(s.text) || s.text[i] != ':' {
		return i, i, s.expected(i, "a colon is missing")
	}
	return keyEnd, skipSpace(s.text, i+1), nil
}

// comma passes what stands behind a member or element: a comma, or the bracket that closes.
func (s *scan) comma(i int, closing byte) (next int, more bool, err error) {
	i = skipSpace(s.text, i)
	switch {
	case i < len(s.text) && s.text[i] == ',':
		return skipSpace(s.text, i+1), true, nil
	case i < len(s.text) && s.text[i] == closing:
		return i + 1, false, nil
	}
	return i, false, s.expected(i, "a comma or a closing bracket is missing")
}

func (s *scan) expected(i int, problem string) error {
	if i >= len(s.text) {
		problem = truncated
	}
	return fault(i, problem)
}

func (s *scan) word(i int, word string) (int, error) {
	if len(s.text)-i < len(word) {
		return i, fault(len(s.text), truncated)
	}
	if string(s.text[i:i+len(word)]) != word {
		return i, fault(i, "no value")
	}
	return i + len(word), nil
}

func (s *scan) number(i int) (int, error) {
	if s.text[i] == '-' {
		i++
	}
	var err error
	if i < len(s.text) && s.text[i] == '0' {
		i++
	} else if i, err = s.digits(i); err != nil {
		return i, err
	}
	if i < len(s.text) && s.text[i] == '.' {
		if i, err = s.digits(i + 1); err != nil {
			return i, err
		}
	}
	if i < len(s.text) && (s.text[i] == 'e' || s.text[i] == 'E') {
		if i++; i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
			i++
		}
		return s.digits(i)
	}
	return i, nil
}

func (s *scan) digits(i int) (int, error) {
	from := i
	for i < len(s.text) && '0' <= s.text[i] && s.text[i] <= '9' {
		i++
	}
	if i == from {
		return i, s.expected(i, "a digit is missing")
	}
	return i, nil
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && data[i] <= ' ' && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
		i++
	}
	return i
}
