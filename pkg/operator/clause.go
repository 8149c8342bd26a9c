package operator

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/operator/expression/syntax"
)

// clause is a stage as it is written: a word, its main arguments and its options.
type clause struct {
	place int // in the chain, from 1
	all   span
	word  span
	args  []span // parted by commas; none where nothing stands behind the word
}

// label is the name that metrics, logs and dead letters know the stage by.
func (c *clause) label() string { return label(c.place, c.word.String()) }

// newClause takes a stage apart.
func newClause(place int, s span) *clause {
	text := s.String()
	end := strings.IndexFunc(text, notInName)
	if end < 0 {
		end = len(text)
	}
	c := &clause{place: place, all: s, word: span{s.src, s.from, s.from + end}}
	if rest := (span{s.src, s.from + end, s.to}).trim(); rest.from < rest.to {
		c.args = rest.parts()
	}
	return c
}

// parts cuts s at its commas outside of brackets and strings. The source's brackets and strings are known to be closed.
func (s span) parts() (parts []span) {
	text, depth, from := s.String(), 0, s.from
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'', '`':
			i = endOfString(text, i)
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, span{s.src, from, s.from + i}.trim())
				from = s.from + i + 1
			}
		}
	}
	return append(parts, span{s.src, from, s.to}.trim())
}

// endOfString returns where the string that begins at text[i] has its closing quote.
func endOfString(text string, i int) int {
	quote := text[i]
	for i++; i < len(text) && text[i] != quote; i++ {
		if text[i] == '\\' && quote != '`' {
			i++
		}
	}
	return i
}

// path reads a field's path at the begin of s: names and quoted names, joined by dots. rest is what stands behind it.
func (s span) path() (names []string, rest span, ok bool) {
	at := s.from
	for {
		name, next := s.src.name1(at, s.to)
		if next == at {
			return nil, s, false
		}
		names, at = append(names, name), next
		if at == s.to || s.src.text[at] != '.' {
			return names, span{s.src, at, s.to}.trim(), true
		}
		at++
	}
}

// name1 reads one name or quoted name from at on; next is at where there is none.
func (s *source) name1(at, to int) (name string, next int) {
	text := s.text[at:to]
	if text == "" {
		return "", at
	}
	if text[0] == '"' || text[0] == '\'' {
		end := endOfString(text, 0) + 1
		name, ok := syntax.Unquote(text[:min(end, len(text))])
		if !ok {
			return "", at
		}
		return name, at + end
	}
	if r, _ := utf8.DecodeRuneInString(text); r != '_' && r != '$' && !unicode.IsLetter(r) {
		return "", at
	}
	end := strings.IndexFunc(text, func(r rune) bool { return notInName(r) && r != '$' })
	if end < 0 {
		end = len(text)
	}
	return text[:end], at + end
}
