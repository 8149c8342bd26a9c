package main

import "strings"

// roff is a manual page in the making, in the language of man(7).
type roff struct{ b strings.Builder }

// macro writes a request with its arguments.
func (r *roff) macro(name string, args ...string) {
	r.b.WriteString("." + name)
	for _, a := range args {
		r.b.WriteString(` "` + strings.ReplaceAll(escape(a), `"`, `\(dq`) + `"`)
	}
	r.b.WriteByte('\n')
}

// text writes paragraphs. Lines that begin with a space stand as they are.
func (r *roff) text(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		switch {
		case strings.HasPrefix(paragraph, " "):
			r.verbatim(paragraph)
		case i > 0:
			r.macro("PP")
			r.lines(paragraph)
		default:
			r.lines(paragraph)
		}
	}
}

// verbatim writes lines that are neither filled nor broken.
func (r *roff) verbatim(text string) {
	r.macro("PP")
	r.macro("nf")
	r.lines(text)
	r.macro("fi")
}

// entry writes a term and, indented below it, what it means.
func (r *roff) entry(term, meaning string) {
	r.macro("TP")
	r.macro("B", term)
	r.lines(meaning)
}

// lines writes text line by line.
func (r *roff) lines(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = escape(line); strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line // else a request
		}
		r.b.WriteString(line + "\n")
	}
}

var escapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

// escape keeps text from being read as roff. A plain hyphen would be printed as a typographic one, which no shell takes.
func escape(text string) string { return escapes.Replace(text) }
