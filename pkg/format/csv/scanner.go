package csv

import (
	"bytes"
	"fmt"
)

// scanner reads a text field by field.
type scanner struct {
	text      []byte
	at        int
	delimiter byte
	special   [256]bool // bytes that mean something in a field without quotes
	buf       []byte    // a field that has quotes inside
}

func newScanner(delimiter byte) scanner {
	s := scanner{delimiter: delimiter}
	for _, c := range []byte{delimiter, '"', '\n', '\r'} {
		s.special[c] = true
	}
	return s
}

// field is one field of a record. Its text is good until the next one is read.
type field struct {
	text   []byte
	at     int  // where it begins, in bytes from the payload's begin
	quoted bool // which only matters where there is no text
	// doubled is true where quotes were written twice: the text is the scanner's then, else the payload's.
	doubled bool
	last    bool // of its record
}

func fault(at int, problem string) error {
	return fmt.Errorf("the payload is not CSV: %s at byte %d", problem, at)
}

func (s *scanner) reset(text []byte) {
	s.text, s.at = text, 0
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) { // what Excel puts ahead
		s.at = 3
	}
}

// more passes blank lines by and reports whether a record follows.
func (s *scanner) more() bool {
	for s.at < len(s.text) {
		n := s.lineEnd(s.at)
		if n == 0 {
			return true
		}
		s.at += n
	}
	return false
}

// lineEnd returns how many bytes of a line's end are at i: 1 or 2, 0 for none. A CR at the payload's end is one.
func (s *scanner) lineEnd(i int) int {
	switch {
	case s.text[i] == '\n':
		return 1
	case s.text[i] != '\r':
		return 0
	case i+1 == len(s.text):
		return 1
	case s.text[i+1] == '\n':
		return 2
	}
	return 0
}

// next reads the field at s.at and passes what ends it.
func (s *scanner) next() (field, error) {
	if s.at < len(s.text) && s.text[s.at] == '"' {
		return s.quoted()
	}
	from, text := s.at, s.text
	for i := from; i < len(text); i++ {
		if !s.special[text[i]] {
			continue
		}
		if text[i] == s.delimiter {
			s.at = i + 1
			return field{text: text[from:i], at: from}, nil
		}
		if n := s.lineEnd(i); n > 0 {
			s.at = i + n
			return field{text: text[from:i], at: from, last: true}, nil
		}
		if text[i] == '"' {
			return field{}, fault(i, "a quote inside of a field that does not begin with one")
		}
	}
	s.at = len(s.text)
	return field{text: s.text[from:], at: from, last: true}, nil
}

func (s *scanner) quoted() (field, error) {
	f := field{at: s.at, quoted: true}
	from := s.at + 1
	s.buf = s.buf[:0]
	for {
		n := bytes.IndexByte(s.text[from:], '"')
		if n < 0 {
			return f, fault(f.at, "the field's closing quote is missing: it opens")
		}
		to := from + n
		if to+1 == len(s.text) || s.text[to+1] != '"' {
			if f.text = s.text[from:to]; f.doubled {
				s.buf = append(s.buf, f.text...)
				f.text = s.buf
			}
			return f, s.closed(to+1, &f)
		}
		s.buf = append(s.buf, s.text[from:to+1]...)
		f.doubled = true
		from = to + 2
	}
}

// closed passes what ends a quoted field, whose closing quote stands before i.
func (s *scanner) closed(i int, f *field) error {
	switch {
	case i == len(s.text):
		f.last, s.at = true, i
	case s.text[i] == s.delimiter:
		s.at = i + 1
	case s.lineEnd(i) > 0:
		f.last, s.at = true, i+s.lineEnd(i)
	default:
		return fault(i, "something stands behind a field's closing quote,")
	}
	return nil
}
