package sniff

import (
	"bytes"
	"regexp"
)

// The lines that are known by their form alone.
var (
	// rfc5424 is a priority, the version 1, and a time or "-".
	rfc5424 = regexp.MustCompile(`^<(\d{1,2}|1[0-8]\d|19[01])>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)) \S+ \S+ \S+ \S+ ?(-|\[)`)
	// rfc3164 is a priority and a time without a year.
	rfc3164 = regexp.MustCompile(`^<(\d{1,2}|1[0-8]\d|19[01])>(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \S+ `)
	// clf is host, identity, user, time, request, status, size.
	clf      = regexp.MustCompile(`^\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "([^"\\]|\\.)*" \d{3} (\d+|-)$`)
	combined = regexp.MustCompile(`^\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "([^"\\]|\\.)*" \d{3} (\d+|-) "([^"\\]|\\.)*" "([^"\\]|\\.)*"`)
	// pair is a name, "=", and a value in quotes or without spaces.
	pair = regexp.MustCompile(`^[A-Za-z_@][\w.@/-]*=("([^"\\]|\\.)*"|[^\s"=]*)( +|$)`)
)

// maxLine is how much of a line is looked at: what tells is at its begin.
const maxLine = 8 << 10

// logLine tells what a payload's first line is, "" where it is no known form of log.
func logLine(line []byte) (f Format, note string) {
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	switch {
	case rfc5424.Match(line):
		return Syslog, "RFC 5424"
	case rfc3164.Match(line):
		return Syslog, "RFC 3164"
	case combined.Match(line):
		return Combined, "combined format"
	case clf.Match(line):
		return CLF, "common format"
	case isLogfmt(line):
		return Logfmt, ""
	}
	return "", ""
}

// isLogfmt reports whether the whole line is pairs, at least two: one alone is as likely to be a formula or a setting.
func isLogfmt(line []byte) bool {
	if bytes.IndexByte(line, '=') < 0 || len(line) == maxLine {
		return false
	}
	n := 0
	for len(line) > 0 {
		m := pair.Find(line)
		if m == nil {
			return false
		}
		line = line[len(m):]
		n++
	}
	return n >= 2
}
