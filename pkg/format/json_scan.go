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
func Skip(data []byte, i int) (end int, err error) { return skip(data, i, 0) }

func skip(data []byte, i, depth int) (int, error) {
	if i >= len(data) {
		return i, fault(i, truncated)
	}
	switch c := data[i]; {
	case c == '"':
		return skipString(data, i)
	case c == '{':
		return skipObject(data, i, depth+1)
	case c == '[':
		return skipList(data, i, depth+1)
	case c == '-' || '0' <= c && c <= '9':
		return skipNumber(data, i)
	case c == 't':
		return skipWord(data, i, "true")
	case c == 'f':
		return skipWord(data, i, "false")
	case c == 'n':
		return skipWord(data, i, "null")
	}
	return i, fault(i, "no value")
}

func skipObject(data []byte, i, depth int) (int, error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == '}' {
		return i + 1, nil
	}
	for {
		_, at, err := skipKey(data, i)
		if err != nil {
			return at, err
		}
		if i, err = skip(data, at, depth); err != nil {
			return i, err
		}
		var more bool
		if i, more, err = skipComma(data, i, '}'); err != nil || !more {
			return i, err
		}
	}
}

func skipList(data []byte, i, depth int) (int, error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == ']' {
		return i + 1, nil
	}
	for {
		var err error
		if i, err = skip(data, i, depth); err != nil {
			return i, err
		}
		var more bool
		if i, more, err = skipComma(data, i, ']'); err != nil || !more {
			return i, err
		}
	}
}

// skipKey passes a member's name and colon: keyEnd is behind the name's closing quote, value where the value begins.
func skipKey(data []byte, i int) (keyEnd, value int, err error) {
	if i >= len(data) || data[i] != '"' {
		return i, i, expected(data, i, "a name in quotes is missing")
	}
	if keyEnd, err = skipString(data, i); err != nil {
		return i, keyEnd, err
	}
	i = skipSpace(data, keyEnd)
	if i >= len(data) || data[i] != ':' {
		return i, i, expected(data, i, "a colon is missing")
	}
	return keyEnd, skipSpace(data, i+1), nil
}

// skipComma passes what stands behind a member or element: a comma, or the bracket that closes.
func skipComma(data []byte, i int, closing byte) (next int, more bool, err error) {
	i = skipSpace(data, i)
	switch {
	case i < len(data) && data[i] == ',':
		return skipSpace(data, i+1), true, nil
	case i < len(data) && data[i] == closing:
		return i + 1, false, nil
	}
	return i, false, expected(data, i, "a comma or a closing bracket is missing")
}

func expected(data []byte, i int, problem string) error {
	if i >= len(data) {
		problem = truncated
	}
	return fault(i, problem)
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
		i++
	}
	return i
}

func skipWord(data []byte, i int, word string) (int, error) {
	if len(data)-i < len(word) {
		return i, fault(len(data), truncated)
	}
	if string(data[i:i+len(word)]) != word {
		return i, fault(i, "no value")
	}
	return i + len(word), nil
}

func skipNumber(data []byte, i int) (int, error) {
	if data[i] == '-' {
		i++
	}
	var err error
	if i < len(data) && data[i] == '0' {
		i++
	} else if i, err = skipDigits(data, i); err != nil {
		return i, err
	}
	if i < len(data) && data[i] == '.' {
		if i, err = skipDigits(data, i+1); err != nil {
			return i, err
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		if i++; i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		return skipDigits(data, i)
	}
	return i, nil
}

func skipDigits(data []byte, i int) (int, error) {
	from := i
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	if i == from {
		return i, expected(data, i, "a digit is missing")
	}
	return i, nil
}
