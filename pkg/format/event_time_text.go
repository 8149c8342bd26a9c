package format

import (
	"bytes"

	"github.com/kstream/kstream/pkg/record"
)

// parseTimeText reads a time in one of the forms that ParseEventTime names.
func parseTimeText(text []byte, unit TimeUnit, near record.Millis) (record.Millis, error) {
	text = bytes.TrimSpace(text)
	if n := len(text); n > 1 && text[0] == '[' && text[n-1] == ']' {
		text = text[1 : n-1] // as web servers write it
	}
	if len(text) == 0 {
		return 0, errTimeText
	}
	s := timeScanner{rest: text}
	switch c := text[0]; {
	case isDigit(c) && len(text) > 4 && text[4] == '-':
		s.isoDate('-')
	case isDigit(c) && len(text) > 4 && text[4] == '/':
		s.isoDate('/')
	case isDigit(c) && len(text) > 8 && (text[8] == 'T' || text[8] == 't'):
		s.compact()
	case len(text) == 14 && text[0] <= '2' && unit == AnyUnit && allDigits(text):
		s.compact() // 20060102150405, which is no number of anything within the years that there are
	case isDigit(c) && len(text) > 6 && (text[1] == '/' || text[2] == '/'):
		s.commonLog()
	case isDigit(c) && len(text) > 6 && (text[1] == ' ' || text[2] == ' '):
		s.mail()
	case isLetter(c):
		s.named(near)
	default:
		if d, ok := parseDecimal(text); ok {
			return d.millis(unit)
		}
		return parseExponent(text, unit)
	}
	if len(s.rest) > 0 {
		s.fail(errTimeText)
	}
	if s.err != nil {
		return 0, s.err
	}
	return s.millis()
}

// isoDate reads 2006-01-02T15:04:05.999+01:00 and what resembles it: a date alone, RFC 3339 with a space, Java's and
// Python's comma, and, with slashes, what Go and nginx log.
func (s *timeScanner) isoDate(separator byte) {
	s.year = s.digits(4)
	s.byte(separator)
	s.month = s.digits(2)
	s.byte(separator)
	s.day = s.digits(2)
	if len(s.rest) == 0 {
		return
	}
	if !s.skip('T') && !s.skip('t') {
		s.byte(' ')
	}
	s.clock()
	s.zone()
}

// compact reads ISO 8601's basic form, 20060102T150405Z, and the same without the T.
func (s *timeScanner) compact() {
	s.year, s.month, s.day = s.digits(4), s.digits(2), s.digits(2)
	if !s.skip('T') {
		s.skip('t')
	}
	s.hour, s.minute, s.second = s.digits(2), s.digits(2), s.digits(2)
	s.fraction()
	s.zone()
}

// commonLog reads 10/Oct/2000:13:55:36 -0700, as Apache and nginx log requests.
func (s *timeScanner) commonLog() {
	s.day = s.oneOrTwo()
	s.byte('/')
	s.month = s.monthName()
	s.byte('/')
	s.year = s.digits(4)
	if !s.skip(':') {
		s.byte(' ')
	}
	s.clock()
	s.zone()
}

// mail reads 02 Jan 2006 15:04:05 -0700: RFC 1123 and RFC 2822, behind the day of the week.
func (s *timeScanner) mail() {
	s.day = s.oneOrTwo()
	s.byte(' ')
	s.month = s.monthName()
	s.byte(' ')
	s.year = s.digits(4)
	s.byte(' ')
	s.clock()
	s.zone()
}

// named reads what begins with the name of a day or a month.
func (s *timeScanner) named(near record.Millis) {
	if s.isMonth() {
		s.syslog(near)
		return
	}
	s.weekday()
	if s.skip(',') {
		s.byte(' ')
		if len(s.rest) > 2 && s.rest[2] == '-' {
			s.rfc850()
			return
		}
		s.mail()
		return
	}
	s.byte(' ')
	s.date()
}

// rfc850 reads 02-Jan-06 15:04:05 GMT.
func (s *timeScanner) rfc850() {
	s.day = s.digits(2)
	s.byte('-')
	s.month = s.monthName()
	s.byte('-')
	s.year = s.digits(2)
	if len(s.rest) > 0 && isDigit(s.rest[0]) { // 02-Jan-2006, as old cookies have it
		s.year = 100*s.year + s.digits(2)
	} else if s.year += 1900; s.year < 1969 {
		s.year += 100
	}
	s.byte(' ')
	s.clock()
	s.zone()
}

// date reads Jan _2 15:04:05 2006, as ANSI C and Apache's error log write it, and with a zone ahead of the year, as the
// shell's date does.
func (s *timeScanner) date() {
	s.month = s.monthName()
	s.byte(' ')
	s.skip(' ')
	s.day = s.oneOrTwo()
	s.byte(' ')
	s.clock()
	s.byte(' ')
	if len(s.rest) > 0 && !isDigit(s.rest[0]) {
		s.zone()
		s.byte(' ')
	}
	s.year = s.digits(4)
}

// syslog reads Jan _2 15:04:05, RFC 3164's, in the year in which it is nearest to near.
func (s *timeScanner) syslog(near record.Millis) {
	s.month = s.monthName()
	s.byte(' ')
	s.skip(' ')
	s.day = s.oneOrTwo()
	s.byte(' ')
	s.clock()
	if s.err != nil {
		return
	}
	var best record.Millis = -1
	around := near.Time().Year()
	for year := around - 4; year <= around+4; year++ { // so that February 29th has one
		t := *s
		t.year = year
		m, err := t.millis()
		if err != nil {
			continue
		}
		if away := max(m-near, near-m); best < 0 || away < best {
			best, s.year = away, year
		}
	}
}
