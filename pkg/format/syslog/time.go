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

// bsdTime passes the time at hand by and appends it, if there is one: an ISO date, or RFC 3164's Jan _2 15:04:05, with or
// without a fraction, and with a year ahead of the clock, as firewalls write it.
func (d *Decoder) bsdTime() bool {
	rest := d.text[d.at:]
	if looksLikeISO(rest) {
		return d.passTime(rest[:wordEnd(rest)], wordEnd(rest))
	}
	const month, year = len("Jan"), len("2006")
	if len(rest) < month+2 || rest[month] != ' ' {
		return false
	}
	i := month + 1
	if rest[i] == ' ' {
		i++
	}
	day := rest[i : i+wordEnd(rest[i:])]
	clock := min(i+len(day)+1, len(rest))
	if n := clock + year; n < len(rest) && rest[n] == ' ' && isDigit(rest[clock+2]) {
		end := n + 1 + clockEnd(rest[n+1:])
		d.buf = append(append(append(d.buf[:0], day...), ' '), rest[:month]...)
		d.buf = append(append(d.buf, ' '), rest[clock:end]...)
		return d.passTime(d.buf, end) // 02 Jan 2006 15:04:05
	}
	end := clock + clockEnd(rest[clock:])
	return d.passTime(rest[:end], end)
}

// passTime passes n bytes by and appends the time that they stand for, if it is one.
func (d *Decoder) passTime(text []byte, n int) bool {
	if !d.time(text) {
		return false
	}
	d.at += n
	return true
}

// clockEnd returns where 15:04:05.999 ends, which may have a colon behind it that is none of its own.
func clockEnd(text []byte) (i int) {
	const hoursToSeconds = len("15:04:05")
	for i < len(text) && (isDigit(text[i]) || text[i] == '.' || text[i] == ':' && i < hoursToSeconds) {
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
