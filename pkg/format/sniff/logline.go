package sniff

import (
	"bytes"
	"regexp"
	"sync"
)

// logForms are the lines that are known by their form alone. They are made when the first line is looked at: few runs do, and
// compiling them would be a part of every start.
type logForms struct{ rfc5424, rfc3164, clf, combined, pair *regexp.Regexp }

var forms = sync.OnceValue(func() *logForms {
	return &logForms{
		// A priority, the version 1, and a time or "-".
		rfc5424: regexp.MustCompile(`^<(\d{1,2}|1[0-8]\d|19[01])>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)) \S+ \S+ \S+ \S+ ?(-|\[)`),
		// A priority and a time without a year.
		rfc3164: regexp.MustCompile(`^<(\d{1,2}|1[0-8]\d|19[01])>(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \S+ `),
		// Host, identity, user, time, request, status, size.
		clf:      regexp.MustCompile(`^\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "([^"\\]|\\.)*" \d{3} (\d+|-)$`),
		combined: regexp.MustCompile(`^\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "([^"\\]|\\.)*" \d{3} (\d+|-) "([^"\\]|\\.)*" "([^"\\]|\\.)*"`),
		// A name, "=", and a value in quotes or without spaces.
		pair: regexp.MustCompile(`^[A-Za-z_@][\w.@/-]*=("([^"\\]|\\.)*"|[^\s"=]*)( +|$)`),
	}
})

// maxLine is how much of a line is looked at: what tells is at its begin.
const maxLine = 8 << 10

// logLine tells what a payload's first line is, "" where it is no known form of log.
func logLine(line []byte) (f Format, note string) {
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	forms := forms()
	switch {
	case forms.rfc5424.Match(line):
		return Syslog, "RFC 5424"
	case forms.rfc3164.Match(line):
		return Syslog, "RFC 3164"
	case forms.combined.Match(line):
		return Combined, "combined format"
	case forms.clf.Match(line):
		return CLF, "common format"
	case forms.isLogfmt(line):
		return Logfmt, ""
	}
	return "", ""
}

// isLogfmt reports whether the whole line is pairs, at least two: one alone is as likely to be a formula or a setting.
func (f *logForms) isLogfmt(line []byte) bool {
	if bytes.IndexByte(line, '=') < 0 || len(line) == maxLine {
		return false
	}
	n := 0
	for len(line) > 0 {
		m := f.pair.Find(line)
		if m == nil {
			return false
		}
		line = line[len(m):]
		n++
	}
	return n >= 2
}
