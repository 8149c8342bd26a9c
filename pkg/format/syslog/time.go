package syslog

import (
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// time appends text as the timestamp, if it is one.
func (d *Decoder) time(text []byte) bool {
	v := record.Value{Kind: record.String, Text: text}
	m, err := format.ParseEventTime(&v, format.AnyUnit, d.near)
	if err != nil {
		return false
	}
	d.dst = append(d.dst, `,"timestamp":"`...)
	if isRFC3339(text) {
		d.dst = append(d.dst, text...) // with the digits of its fraction, and its offset
	} else {
		d.dst = m.Time().AppendFormat(d.dst, time.RFC3339Nano)
	}
	d.dst = append(d.dst, '"')
	return true
}

// isRFC3339 tells the form that RFC 5424 asks for from the others that ParseEventTime takes.
func isRFC3339(text []byte) bool {
	const shortest = len("2006-01-02T15:04:05Z")
	n := len(text)
	if n < shortest || text[4] != '-' || text[10] != 'T' || text[16] != ':' {
		return false
	}
	for _, c := range text {
		if c == ',' || c == ' ' {
			return false
		}
	}
	return text[n-1] == 'Z' || text[n-3] == ':' && (text[n-6] == '+' || text[n-6] == '-')
}

// looksLikeISO tells a date with its year first, and a T behind it: with a space it is two words.
func looksLikeISO(text []byte) bool {
	return len(text) > 10 && text[4] == '-' && text[10] == 'T' && isDigit(text[0])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// bsdTime returns where the time ends that may begin at text[at]: RFC 3164's Jan _2 15:04:05, with or without a fraction, or
// an ISO date. It is 0 where it can be neither.
func bsdTime(text []byte, at int) (end int) {
	if looksLikeISO(text[at:]) {
		return at + wordEnd(text[at:])
	}
	const month, clock = len("Jan "), len("15:04:05")
	i := at + month
	if i >= len(text) || text[i-1] != ' ' {
		return 0
	}
	if text[i] == ' ' {
		i++
	}
	i += wordEnd(text[i:]) + 1 // behind the day
	if i += clock; i > len(text) {
		return 0
	}
	for i < len(text) && (isDigit(text[i]) || text[i] == '.') {
		i++
	}
	return i
}

// wordEnd returns the place of the first space, or text's end.
func wordEnd(text []byte) int {
	for i := range text {
		if text[i] == ' ' {
			return i
		}
	}
	return len(text)
}
