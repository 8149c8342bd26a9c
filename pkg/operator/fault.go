package operator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fault is one thing that is wrong with a chain.
type Fault struct {
	Source string // what the text came from: "KSTREAM_OPERATORS", a file's name, "--filter"
	// Line and Column count from 1, Column in characters. Width is how many characters are meant, at least 1.
	Line, Column, Width int
	Text                string // the line
	Message             string // what is wrong
	Hint                string // what to try, or ""
}

// String returns the fault with a caret under its place.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s\n", f.Source, f.Line, f.Column, f.Message)
	fmt.Fprintf(&b, "    %s\n    ", f.Text)
	column := 1
	for _, r := range f.Text {
		if column == f.Column {
			break
		}
		if column++; r == '\t' {
			b.WriteByte('\t') // so that the caret stands right however wide a tab is
		} else {
			b.WriteByte(' ')
		}
	}
	b.WriteString(strings.Repeat("^", f.Width))
	if f.Hint != "" {
		b.WriteString("\n    " + f.Hint)
	}
	return b.String()
}

// Faults is all that is wrong with a chain, in the order of the text.
type Faults []Fault

// Error returns what a user reads: every fault with a caret under its place.
func (f *Faults) Error() string {
	parts := make([]string, len(*f))
	for i := range *f {
		parts[i] = (*f)[i].String()
	}
	return strings.Join(parts, "\n")
}

// add notes a fault of the text from byte from to byte to.
func (f *Faults) add(s *source, from, to int, message, hint string) {
	from = min(max(from, 0), len(s.original))
	begin := strings.LastIndexByte(s.original[:from], '\n') + 1
	line, _, _ := strings.Cut(s.original[begin:], "\n")
	line = strings.TrimSuffix(line, "\r")
	to = min(max(to, from), begin+len(line))
	width := 1
	if to > from {
		width = utf8.RuneCountInString(s.original[from:to])
	}
	*f = append(*f, Fault{
		Source: s.name,
		Line:   strings.Count(s.original[:begin], "\n") + 1,
		Column: utf8.RuneCountInString(s.original[begin:from]) + 1,
		Width:  width, Text: line, Message: message, Hint: hint,
	})
}

// sorted puts the faults of each text in its order, and texts in the order in which they were first met.
func (f *Faults) sorted() *Faults {
	order := map[string]int{}
	for _, one := range *f {
		if _, ok := order[one.Source]; !ok {
			order[one.Source] = len(order)
		}
	}
	slices.SortStableFunc(*f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(order[a.Source], order[b.Source]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f
}
