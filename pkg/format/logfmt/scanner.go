package logfmt

import (
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/escape"
)

// scanner reads a line pair by pair.
type scanner struct {
	text   []byte
	at     int
	valued bool // a name with a value has been there
}

// pair is a name and a value, both with their escapes.
type pair struct {
	name, value             []byte
	nameQuoted, valueQuoted bool
	alone                   bool // a name without a value
}

func fault(at int, problem string) error {
	return fmt.Errorf("the payload is not logfmt: %s at byte %d", problem, at)
}

// reset begins a payload.
func (s *scanner) reset(payload []byte) error {
	if _, err := format.Text(payload); err != nil {
		return err
	}
	s.text, s.valued = payload, false
	for s.at = 0; s.at < len(payload) && isSpace(payload[s.at]); s.at++ {
	}
	if !s.more() {
		return format.ErrEmpty
	}
	return nil
}

// more reports whether a pair follows.
func (s *scanner) more() bool { return s.at < len(s.text) }

// end says what is wrong with the payload as a whole: words alone are names to the letter of it, and a sentence in truth.
func (s *scanner) end() error {
	if !s.valued {
		return errNoPair
	}
	return nil
}

var errNoPair = errors.New("the payload is not logfmt: there is no name=value in it")

// isSpace is true for all control characters: none of them stands in a name or value without quotes.
func isSpace(c byte) bool { return c <= ' ' }

// space passes white space by. Behind a line's end only the payload's may stand.
func (s *scanner) space() error {
	ended := false
	for ; s.at < len(s.text) && isSpace(s.text[s.at]); s.at++ {
		ended = ended || s.text[s.at] == '\n'
	}
	if ended && s.at < len(s.text) {
		return fault(s.at, "a second line")
	}
	return nil
}

// next reads the pair at s.at and passes the space behind it by.
func (s *scanner) next() (p pair, err error) {
	if p.nameQuoted = s.text[s.at] == '"'; p.nameQuoted {
		p.name, err = s.quoted()
	} else if p.name = s.word('='); len(p.name) == 0 {
		err = fault(s.at, "a value without a name")
	}
	if err != nil {
		return p, err
	}
	if p.alone = s.at == len(s.text) || s.text[s.at] != '='; !p.alone {
		s.at++
		s.valued = true
		if p.valueQuoted = s.at < len(s.text) && s.text[s.at] == '"'; p.valueQuoted {
			p.value, err = s.quoted()
		} else {
			p.value = s.word(' ')
		}
	}
	if err == nil && s.more() && !isSpace(s.text[s.at]) {
		err = fault(s.at, "something stands behind a closing quote,")
	}
	if err != nil {
		return p, err
	}
	return p, s.space()
}

// word returns what stands before the next space or end, and leaves s there.
func (s *scanner) word(end byte) []byte {
	from := s.at
	for s.at < len(s.text) && s.text[s.at] != end && !isSpace(s.text[s.at]) {
		s.at++
	}
	return s.text[from:s.at]
}

// quoted returns what stands in quotes, with its escapes, and leaves s behind them.
func (s *scanner) quoted() ([]byte, error) {
	from := s.at + 1
	end := escape.End(s.text, from)
	if end < 0 {
		return nil, fault(s.at, "the closing quote is missing: it opens")
	}
	s.at = end + 1
	return s.text[from:end], nil
}
