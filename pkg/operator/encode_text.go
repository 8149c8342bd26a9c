package operator

import (
	"strings"

	"github.com/kstream/kstream/pkg/operator/expression"
)

// pieces takes the text of encode apart: words, and expressions in braces.
func (b *builder) pieces(c *clause, quoted span, text string) (pieces []piece, ok bool) {
	before := len(*b.faults)
	var words strings.Builder
	flush := func() {
		if words.Len() > 0 {
			pieces = append(pieces, piece{words: words.String()})
			words.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "{{"), strings.HasPrefix(text[i:], "}}"):
			words.WriteByte(text[i])
			i++
		case text[i] == '}':
			b.fault(quoted, "a } in the text closes nothing", "}} is a brace")
			return nil, false
		case text[i] == '{':
			end := closing(text, i)
			if end < 0 {
				b.fault(quoted, "a { in the text is never closed", "{{ is a brace")
				return nil, false
			}
			flush()
			pieces = append(pieces, piece{program: b.inText(c, quoted, text, i+1, end)})
			i = end
		default:
			words.WriteByte(text[i])
		}
	}
	flush()
	return pieces, len(*b.faults) == before
}

// closing returns the place of the brace that closes the one at text[i], or -1.
func closing(text string, i int) int {
	depth := 0
	for ; i < len(text); i++ {
		switch text[i] {
		case '"', '\'', '`':
			i = endOfString(text, i)
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// inText compiles an expression of the text. A fault of it stands where the expression does, if the text has no escapes
// before it; otherwise at the whole text.
func (b *builder) inText(c *clause, quoted span, text string, from, to int) *expression.Program {
	src := quoted.src
	at := quoted.from + 1 + from
	if strings.HasPrefix(src.text[at:], text[from:to]) && !strings.Contains(src.text[quoted.from:at], `\`) {
		return b.expression(c, span{src, at, at + to - from})
	}
	inner := &source{name: src.name, original: text[from:to], text: text[from:to]}
	faults := b.faults
	b.faults = &Faults{}
	p := b.expression(c, span{inner, 0, to - from})
	for _, f := range *b.faults {
		faults.add(src, quoted.from, quoted.to, f.Message, f.Hint)
	}
	b.faults = faults
	return p
}
