package operator

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSource is how long a chain may be, in bytes: what a person writes is far below it, and a file of data by mistake above.
const maxSource = 64 << 10

// source is one text with stages: the chain's or that of a flag.
type source struct {
	name     string
	original string // as it was given, for faults
	text     string // with comments blanked out; places are the same
}

// span is a part of a source's text.
type span struct {
	src      *source
	from, to int
}

func (s span) String() string { return s.src.text[s.from:s.to] }

// text is String for a span that may be nowhere.
func (s span) text() string {
	if s.src == nil {
		return ""
	}
	return s.String()
}

// trim returns s without white space at its ends.
func (s span) trim() span {
	text := s.String()
	left := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	if left == len(text) {
		return span{s.src, s.from, s.from}
	}
	return span{s.src, s.from + left, s.from + len(strings.TrimRightFunc(text, unicode.IsSpace))}
}

// splitter takes a source apart into stages. It knows strings, brackets and comments, and leaves the rest to whoever
// reads a stage.
type splitter struct {
	src    *source
	faults *Faults
	out    []byte // the text with comments blanked out
	open   []int  // places of brackets that are open
	cuts   []cut
}

// cut is a place where a stage may end: at a | or a new line.
type cut struct {
	at      int
	newline bool
}

// split returns the stages of the source, without white space around them; empty ones are left out.
func (s *source) split(faults *Faults) []span {
	p := &splitter{src: s, faults: faults, out: []byte(s.original)}
	if len(s.original) > maxSource {
		faults.add(s, 0, 0, "the chain is longer than 64 KiB", "")
		return nil
	}
	if !utf8.ValidString(s.original) {
		faults.add(s, 0, 0, "the chain is no UTF-8 text", "")
		return nil
	}
	before := len(*faults)
	for i := 0; i < len(p.out); {
		i = p.step(i)
	}
	for _, at := range p.open {
		faults.add(s, at, at+1, "this bracket is never closed", "")
	}
	if s.text = string(p.out); len(*faults) > before {
		return nil // what would be said of the stages is mostly wrong
	}
	return p.stages()
}

// step passes one thing at i and returns what is behind it.
func (p *splitter) step(i int) int {
	switch c := p.out[i]; c {
	case '"', '\'', '`':
		return p.quoted(i, c)
	case '(', '[', '{':
		p.open = append(p.open, i)
	case ')', ']', '}':
		p.shut(i, c)
	case '#':
		if strings.TrimSpace(string(p.out[strings.LastIndexByte(string(p.out[:i]), '\n')+1:i])) == "" {
			return p.blank(i, "\n")
		}
	case '/':
		switch {
		case strings.HasPrefix(p.src.original[i:], "//"):
			return p.blank(i, "\n")
		case strings.HasPrefix(p.src.original[i:], "/*"):
			return p.comment(i)
		}
	case '\n':
		if len(p.open) == 0 {
			p.cuts = append(p.cuts, cut{i, true})
		}
	case '|':
		if strings.HasPrefix(p.src.original[i:], "||") {
			return i + 2
		}
		if len(p.open) == 0 {
			p.cuts = append(p.cuts, cut{i, false})
		}
	}
	return i + 1
}

func (p *splitter) quoted(from int, quote byte) int {
	for i := from + 1; i < len(p.out); i++ {
		switch c := p.out[i]; {
		case c == quote:
			return i + 1
		case c == '\\' && quote != '`':
			i++
		case c == '\n' && quote != '`':
			p.faults.add(p.src, from, i, "this string is never closed", "a string ends on its line, but for one in `…`")
			return i
		}
	}
	p.faults.add(p.src, from, len(p.out), "this string is never closed", "")
	return len(p.out)
}

func (p *splitter) shut(i int, c byte) {
	pairs := map[byte]byte{')': '(', ']': '[', '}': '{'}
	n := len(p.open)
	if n == 0 {
		p.faults.add(p.src, i, i+1, "this bracket closes nothing", "")
		return
	}
	if open := p.out[p.open[n-1]]; open != pairs[c] {
		p.faults.add(p.src, i, i+1, fmt.Sprintf("this bracket can't close the %c before it", open), "")
	}
	p.open = p.open[:n-1]
}

// comment blanks a comment in /* */.
func (p *splitter) comment(i int) int {
	if !strings.Contains(p.src.original[i+2:], "*/") {
		p.faults.add(p.src, i, i+2, "this comment is never closed", "")
		return len(p.out)
	}
	end := p.blank(i+2, "*/") + len("*/")
	for _, k := range []int{i, i + 1, end - 2, end - 1} {
		p.out[k] = ' '
	}
	return end
}

// blank puts spaces over a comment up to where end begins.
func (p *splitter) blank(i int, end string) int {
	for ; i < len(p.out) && !strings.HasPrefix(p.src.original[i:], end); i++ {
		if p.out[i] != '\n' {
			p.out[i] = ' '
		}
	}
	return i
}
