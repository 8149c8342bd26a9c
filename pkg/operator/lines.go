package operator

import (
	"strings"
	"unicode"
)

// stages cuts the text at every | and at each new line but those inside a stage.
func (p *splitter) stages() (stages []span) {
	from := 0
	for _, c := range append(p.cuts, cut{at: len(p.src.text)}) {
		if c.newline && (continues(p.src.text[from:c.at]) || begins(p.src.text[c.at:])) {
			continue
		}
		if s := (span{p.src, from, c.at}).trim(); s.from < s.to {
			stages = append(stages, s)
		}
		from = min(c.at+1, len(p.src.text))
	}
	return stages
}

// continues reports whether a stage that ends like before goes on in the next line: it ends in an operator or a comma.
// A % right behind a digit is a percentage.
func continues(before string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	if before == "" {
		return false
	}
	last := before[len(before)-1]
	if last == '%' && len(before) > 1 && '0' <= before[len(before)-2] && before[len(before)-2] <= '9' {
		return false
	}
	return strings.IndexByte("+-*/%^&|=<>!?:.,;", last) >= 0 || isWordOperator(before[strings.LastIndexFunc(before, notInName)+1:])
}

// begins reports whether what follows a new line begins with an operator or a comma.
func begins(after string) bool {
	after = strings.TrimLeftFunc(after, unicode.IsSpace)
	if after == "" {
		return false
	}
	if strings.HasPrefix(after, "|") && !strings.HasPrefix(after, "||") {
		return false
	}
	if strings.IndexByte("+-*/%^&|=<>!?:.,;", after[0]) >= 0 {
		return true
	}
	end := strings.IndexFunc(after, notInName)
	if end < 0 {
		end = len(after)
	}
	return isWordOperator(after[:end])
}

func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func isWordOperator(word string) bool {
	switch word {
	case "and", "or", "not", "in", "contains", "matches", "startsWith", "endsWith":
		return true
	}
	return false
}
