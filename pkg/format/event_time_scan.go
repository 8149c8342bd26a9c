package format

import (
	"github.com/kstream/kstream/pkg/record"
)

// timeScanner reads a time from its left to its right. The first thing that does not fit ends it: err is set, and what is
// read after that is of no use.
type timeScanner struct {
	rest                                   []byte
	year, month, day, hour, minute, second int
	thousandths                            int
	offset                                 int // seconds east of UTC
	err                                    error
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func allDigits(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

func (s *timeScanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	s.rest = nil
}

// digits reads a number of just n digits.
func (s *timeScanner) digits(n int) (v int) {
	if len(s.rest) < n {
		s.fail(errTimeText)
		return 0
	}
	for _, c := range s.rest[:n] {
		if !isDigit(c) {
			s.fail(errTimeText)
			return 0
		}
		v = v*10 + int(c-'0')
	}
	s.rest = s.rest[n:]
	return v
}

func (s *timeScanner) oneOrTwo() int {
	if len(s.rest) > 1 && isDigit(s.rest[1]) {
		return s.digits(2)
	}
	return s.digits(1)
}

// skip passes c by, if it is next.
func (s *timeScanner) skip(c byte) bool {
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *timeScanner) byte(c byte) {
	if !s.skip(c) {
		s.fail(errTimeText)
	}
}

// clock reads 15:04, with seconds and a fraction of them if they are there.
func (s *timeScanner) clock() {
	s.hour = s.digits(2)
	s.byte(':')
	s.minute = s.digits(2)
	if s.skip(':') {
		s.second = s.digits(2)
		s.fraction()
	}
}

// fraction reads any number of digits behind a point or comma, and keeps three.
func (s *timeScanner) fraction() {
	if !s.skip('.') && !s.skip(',') {
		return
	}
	scale, n := 100, 0
	for n < len(s.rest) && isDigit(s.rest[n]) {
		s.thousandths += scale * int(s.rest[n]-'0')
		scale /= 10
		n++
	}
	if n == 0 {
		s.fail(errTimeText)
		return
	}
	s.rest = s.rest[n:]
}

// zone reads Z, +01:00, +0100, +01, a name that stands for one offset, or nothing, which is UTC.
func (s *timeScanner) zone() {
	spaced := s.skip(' ')
	switch {
	case len(s.rest) == 0 && !spaced:
	case len(s.rest) == 1 && s.rest[0]|0x20 == 'z': // nearly all
		s.rest = nil
	case len(s.rest) == 0:
		s.fail(errTimeText)
	case s.rest[0] == '+' || s.rest[0] == '-':
		s.numericZone()
	default:
		s.namedZone()
	}
}

func (s *timeScanner) numericZone() {
	sign := 1
	if s.rest[0] == '-' {
		sign = -1
	}
	s.rest = s.rest[1:]
	hours, minutes := s.digits(2), 0
	if s.skip(':') || len(s.rest) > 0 && isDigit(s.rest[0]) {
		minutes = s.digits(2)
	}
	if hours > 23 || minutes > 59 {
		s.fail(errTimeText)
	}
	s.offset = sign * (hours*3600 + minutes*60)
}

// zones are the names that RFC 822 gives an offset in hours. Other names mean one place here and another there.
var zones = map[string]int{
	"UTC": 0, "GMT": 0, "UT": 0,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

func (s *timeScanner) namedZone() {
	n := 0
	for n < len(s.rest) && isLetter(s.rest[n]) {
		n++
	}
	hours, ok := zones[string(s.rest[:n])]
	switch {
	case n == 0:
		s.fail(errTimeText)
	case !ok:
		s.fail(errTimeZone)
	default:
		s.offset = hours * 3600
		s.rest = s.rest[n:]
	}
}

const (
	monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"
	dayNames   = "monday tuesday wednesday thursday friday saturday sunday"
)

// monthName reads the three letters of a month.
func (s *timeScanner) monthName() int {
	m := s.peekMonth()
	if m == 0 {
		s.fail(errTimeText)
		return 0
	}
	s.rest = s.rest[3:]
	return m
}

func (s *timeScanner) isMonth() bool { return s.peekMonth() != 0 }

func (s *timeScanner) peekMonth() int {
	if len(s.rest) < 4 || isLetter(s.rest[3]) {
		return 0
	}
	for i := 0; i < len(monthNames); i += 3 {
		if s.rest[0]|0x20 == monthNames[i] && s.rest[1]|0x20 == monthNames[i+1] && s.rest[2]|0x20 == monthNames[i+2] {
			return i/3 + 1
		}
	}
	return 0
}

// weekday passes a day of the week by, whole or its first three letters. Whether it is the date's own says nothing.
func (s *timeScanner) weekday() {
	n := 0
	for n < len(s.rest) && isLetter(s.rest[n]) {
		n++
	}
	for from := 0; from < len(dayNames); {
		to := from
		for to < len(dayNames) && dayNames[to] != ' ' {
			to++
		}
		if (n == 3 || n == to-from) && sameLetters(s.rest[:n], dayNames[from:from+n]) {
			s.rest = s.rest[n:]
			return
		}
		from = to + 1
	}
	s.fail(errTimeText)
}

func sameLetters(text []byte, lower string) bool {
	for i, c := range text {
		if c|0x20 != lower[i] {
			return false
		}
	}
	return true
}

// millis returns the time that was read. A leap second is the first of the next minute.
func (s *timeScanner) millis() (record.Millis, error) {
	if s.month < 1 || s.month > 12 || s.day < 1 || s.day > daysIn(s.year, s.month) ||
		s.hour > 23 || s.minute > 59 || s.second > 60 {
		return 0, errTimeText
	}
	seconds := int64(days(s.year, s.month, s.day))*86400 + int64(s.hour*3600+s.minute*60+s.second-s.offset)
	return checked(record.Millis(seconds*1000 + int64(s.thousandths)))
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// days counts the days from 1970-01-01 in the Gregorian calendar, by years that begin in March, so that a leap day is the
// last of its year (Hinnant, "chrono-compatible low-level date algorithms").
func days(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	const to1970 = 719_468
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - to1970
}
