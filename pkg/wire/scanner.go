package wire

import (
	"bytes"
	"math"
	"strconv"
)

// scanner reads the JSON of an answer, of which it knows just as much as the service sends: anything else is
// errUnfamiliar.
type scanner struct {
	body []byte
	at   int
}

// space passes white space and returns the byte behind it, 0 at the end.
func (s *scanner) space() byte {
	for s.at < len(s.body) {
		switch c := s.body[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.space() != c {
		return false
	}
	s.at++
	return true
}

// end reports whether nothing but white space is left.
func (s *scanner) end() bool { return s.space() == 0 && s.at == len(s.body) }

// object calls member for each member, whose value it has to read.
func (s *scanner) object(member func(name []byte) error) error {
	if !s.take('{') {
		return errUnfamiliar
	}
	if s.take('}') {
		return nil
	}
	for {
		var name []byte
		if err := s.text(&name); err != nil {
			return err
		}
		if !s.take(':') {
			return errUnfamiliar
		}
		if err := member(name); err != nil {
			return err
		}
		if s.take(',') {
			continue
		}
		if s.take('}') {
			return nil
		}
		return errUnfamiliar
	}
}

// array calls element for each element, which it has to read.
func (s *scanner) array(element func() error) error {
	if !s.take('[') {
		return errUnfamiliar
	}
	if s.take(']') {
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if s.take(',') {
			continue
		}
		if s.take(']') {
			return nil
		}
		return errUnfamiliar
	}
}

// text reads a string into to, which must be nil: printable ASCII without escapes, which payloads, iterators, sequence
// numbers and nearly all partition keys are.
func (s *scanner) text(to *[]byte) error {
	if *to != nil || !s.take('"') {
		return errUnfamiliar
	}
	n := bytes.IndexByte(s.body[s.at:], '"')
	if n < 0 || !isPlain(s.body[s.at:s.at+n]) {
		return errUnfamiliar
	}
	*to = s.body[s.at : s.at+n : s.at+n]
	s.at += n + 1
	return nil
}

// payload is text for base64, whose decoder looks at each byte anyway, and knows all but the backslash.
func (s *scanner) payload(to *[]byte) error {
	if *to != nil || !s.take('"') {
		return errUnfamiliar
	}
	n := bytes.IndexByte(s.body[s.at:], '"')
	if n < 0 || bytes.IndexByte(s.body[s.at:s.at+n], '\\') >= 0 {
		return errUnfamiliar
	}
	*to = s.body[s.at : s.at+n : s.at+n]
	s.at += n + 1
	return nil
}

// isPlain reports whether text is printable ASCII without a backslash, eight bytes at a time.
func isPlain(text []byte) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for len(text) >= 8 {
		x := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
		slash := x ^ ones*'\\'
		// The top bit of a byte is set where it is over 0x7f, below 0x20, or a backslash; a borrow may set more of them.
		if (x|(x-ones*0x20)|((slash-ones)&^slash))&tops != 0 {
			break
		}
		text = text[8:]
	}
	for _, c := range text {
		if c < 0x20 || c >= 0x80 || c == '\\' {
			return false
		}
	}
	return true
}

// integer reads a whole number.
func (s *scanner) integer() (int64, error) {
	text := s.number()
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || !isNumber(text) {
		return 0, errUnfamiliar
	}
	return n, nil
}

// number passes the bytes that a number may have and returns them.
func (s *scanner) number() []byte {
	s.space()
	from := s.at
	for s.at < len(s.body) {
		switch c := s.body[s.at]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			s.at++
		default:
			return s.body[from:s.at]
		}
	}
	return s.body[from:s.at]
}

// seconds reads a time: seconds since 1970 with a fraction, or in the form 1.7E9, into milliseconds.
func (s *scanner) seconds(to *int64) error {
	text := s.number()
	if whole, fraction, ok := bytes.Cut(text, []byte(".")); ok && len(whole) == 10 && len(fraction) == 3 && allDigits(whole) && allDigits(fraction) {
		for _, c := range whole {
			*to = *to*10 + int64(c-'0')
		}
		for _, c := range fraction {
			*to = *to*10 + int64(c-'0')
		}
		return nil
	}
	if !isNumber(text) {
		return errUnfamiliar
	}
	f, err := strconv.ParseFloat(string(text), 64)
	const most = 1e11 // seconds; what is beyond is no time
	if err != nil || math.Abs(f) > most {
		return errUnfamiliar
	}
	*to = int64(math.Round(f * 1000))
	return nil
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// isNumber reports whether text is a number as JSON writes them: strconv takes more.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	digits := func() (n int) {
		for len(text) > 0 && text[0] >= '0' && text[0] <= '9' {
			text, n = text[1:], n+1
		}
		return n
	}
	zero := len(text) > 0 && text[0] == '0'
	if n := digits(); n == 0 || zero && n > 1 {
		return false
	}
	if len(text) > 0 && text[0] == '.' {
		if text = text[1:]; digits() == 0 {
			return false
		}
	}
	if len(text) > 0 && (text[0] == 'e' || text[0] == 'E') {
		text = text[1:]
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return len(text) == 0
}
