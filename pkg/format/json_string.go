package format

import (
	"math/bits"

	"github.com/kstream/kstream/internal/bytescan"
)

// string passes a string: most of a document is in them.
func (s *scan) string(i int) (int, error) {
	for i++; ; {
		at, found := s.near(i)
		if !found {
			at = s.special(i)
		}
		i = at
		switch {
		case i >= len(s.text):
			return i, fault(i, truncated)
		case s.text[i] == '"':
			return i + 1, nil
		case s.text[i] == '\\':
			n, err := s.escape(i)
			if err != nil {
				return i, err
			}
			i = n
		default:
			return i, fault(i, "a bare control character in a string")
		}
	}
}

const marksPerWord = 64

// near is special where the word of marks that i is in has one. It is inlined: most strings end there.
func (s *scan) near(i int) (at int, found bool) {
	if w := uint(i) / marksPerWord; w < uint(len(s.marks)) {
		word := s.marks[w] >> (uint(i) % marksPerWord)
		return i + bits.TrailingZeros64(word), word != 0
	}
	return i, false
}

// special returns the place of the first byte from i on that a string can't have as it is, or the end of the text.
func (s *scan) special(i int) int {
	w := i / marksPerWord
	if w >= len(s.marks) { // the text's end, or one without marks
		return i + bytescan.Unquoted(s.text[i:])
	}
	word := s.marks[w] >> (i % marksPerWord) << (i % marksPerWord)
	for word == 0 {
		if w++; w == len(s.marks) {
			return len(s.text)
		}
		word = s.marks[w]
	}
	return w*marksPerWord + bits.TrailingZeros64(word)
}

func (s *scan) escape(i int) (int, error) {
	if i+1 >= len(s.text) {
		return i, fault(len(s.text), truncated)
	}
	switch s.text[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(s.text) {
				return i, fault(k, truncated)
			}
			if hexDigit(s.text[k]) < 0 {
				return i, fault(i, "a broken \\u escape")
			}
		}
		return i + 6, nil
	}
	return i, fault(i, "an unknown escape in a string")
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
