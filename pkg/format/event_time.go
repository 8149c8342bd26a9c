package format

import (
	"errors"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/record"
)

// TimeUnit is what a number that stands for a time counts since 1970 UTC.
type TimeUnit uint8

// The units of time. AnyUnit goes by a number's size: below 1e11 it counts seconds, below 1e14 milliseconds, below 1e17
// microseconds, else nanoseconds. Each of them reads the years 1973 to 2262 as they are meant.
const (
	AnyUnit TimeUnit = iota
	Seconds
	Milliseconds
	Microseconds
	Nanoseconds
)

// TimeUnitOf returns the unit that users write as s, ms, us or ns.
func TimeUnitOf(name string) (u TimeUnit, ok bool) {
	switch name {
	case "s":
		return Seconds, true
	case "ms":
		return Milliseconds, true
	case "us":
		return Microseconds, true
	case "ns":
		return Nanoseconds, true
	}
	return AnyUnit, false
}

// Why a value is no event time. None shows what the payload holds.
var (
	errNoTime   = errors.New("there is no event time: the value is nil")
	errNotTime  = errors.New("an event time is a number, a text or a time, and no true, false, list or object")
	errTimeText = errors.New("the text is no event time: right are RFC 3339 (2006-01-02T15:04:05Z), Unix seconds or milliseconds, " +
		"and the usual forms of logs (10/Oct/2000:13:55:36 -0700, 2006/01/02 15:04:05, Mon, 02 Jan 2006 15:04:05 GMT, Jan  2 15:04:05)")
	errTimeRange = errors.New("the event time is outside the years 1678 to 2262: is the unit right? (`unit s`, ms, us or ns)")
	errTimeZone  = errors.New("the event time's zone is not known by its name alone: right are Z, UTC, GMT, an offset (+01:00), or none for UTC")
)

// The times that a record.Value holds, from the first full year on.
const (
	earliest record.Millis = -9214560000000
	latest   record.Millis = math.MaxInt64 / 1_000_000
)

// ParseEventTime returns the time that v stands for, in milliseconds; what is finer is cut off. A number, in a text too,
// counts unit. A text is RFC 3339 (with a space for the T, a comma for the point, any number of digits behind it, and an
// offset with or without colon), or one of the forms that logs use. Without a zone it is UTC; syslog's, which has no year,
// is in the one that puts it nearest to near, the record's arrival. Many goroutines may call it; it keeps nothing of v.
// The error says what would be right and never shows what v holds.
func ParseEventTime(v *record.Value, unit TimeUnit, near record.Millis) (record.Millis, error) {
	switch v.Kind {
	case record.Int:
		n, _ := v.Int()
		d := decimal{negative: n < 0, whole: uint64(n)}
		if d.negative {
			d.whole = -d.whole
		}
		return d.millis(unit)
	case record.Float:
		if d, ok := parseDecimal(v.Text); ok {
			return d.millis(unit)
		}
		f, _ := v.Float()
		return floatMillis(f, unit)
	case record.Time:
		t, _ := v.Time()
		return checked(record.MillisOf(t))
	case record.String:
		return parseTimeText(v.Text, unit, near)
	case record.Missing, record.Null:
		return 0, errNoTime
	}
	return 0, errNotTime
}

func checked(m record.Millis) (record.Millis, error) {
	if m < earliest || m > latest {
		return 0, errTimeRange
	}
	return m, nil
}

// unitOf returns the unit of a number of this size.
func unitOf(size float64) TimeUnit {
	switch {
	case size < 1e11:
		return Seconds
	case size < 1e14:
		return Milliseconds
	case size < 1e17:
		return Microseconds
	}
	return Nanoseconds
}

// decimal is a number as it was written: the fractions of seconds that logs write are none of a float64.
type decimal struct {
	negative bool
	whole    uint64
	billions uint64 // the fraction in units of 1e-9
	rest     bool   // digits other than 0 stand behind those
}

// parseDecimal reads digits with an optional sign and fraction; ok is false for anything else, exponents included.
func parseDecimal(text []byte) (d decimal, ok bool) {
	i, digits := 0, 0
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		d.negative = text[0] == '-'
		i++
	}
	for ; i < len(text) && isDigit(text[i]); i++ {
		if d.whole > (math.MaxUint64-9)/10 {
			return decimal{}, false
		}
		d.whole = d.whole*10 + uint64(text[i]-'0')
		digits++
	}
	if i < len(text) && text[i] == '.' {
		scale := uint64(100_000_000)
		for i++; i < len(text) && isDigit(text[i]); i++ {
			d.billions += scale * uint64(text[i]-'0')
			d.rest = d.rest || scale == 0 && text[i] != '0'
			scale /= 10
			digits++
		}
	}
	return d, digits > 0 && i == len(text)
}

// millis rounds towards the past, before 1970 too.
func (d *decimal) millis(unit TimeUnit) (record.Millis, error) {
	if unit == AnyUnit {
		unit = unitOf(float64(d.whole))
	}
	m, rest := d.whole, d.rest
	switch unit {
	case Seconds:
		if m > math.MaxInt64/1000-1 {
			return 0, errTimeRange
		}
		m = m*1000 + d.billions/1_000_000
		rest = rest || d.billions%1_000_000 != 0
	case Milliseconds:
		rest = rest || d.billions != 0
	case Microseconds:
		rest = rest || d.billions != 0 || m%1000 != 0
		m /= 1000
	default:
		rest = rest || d.billions != 0 || m%1_000_000 != 0
		m /= 1_000_000
	}
	if m > math.MaxInt64-1 {
		return 0, errTimeRange
	}
	if !d.negative {
		return checked(record.Millis(m))
	}
	if rest {
		m++
	}
	return checked(-record.Millis(m))
}

// floatMillis goes by way of microseconds: 1700000000.123 is a little less in binary, and would lose its last millisecond.
func floatMillis(f float64, unit TimeUnit) (record.Millis, error) {
	if unit == AnyUnit {
		unit = unitOf(math.Abs(f))
	}
	switch unit {
	case Seconds:
		f = math.Round(f*1e6) / 1e3
	case Milliseconds:
		f = math.Round(f*1e3) / 1e3
	case Microseconds:
		f /= 1e3
	default:
		f /= 1e6
	}
	if !(math.Abs(f) < 1e15) { // NaN too
		return 0, errTimeRange
	}
	return checked(record.Millis(math.Floor(f)))
}

// parseExponent reads 1.7e9, as spreadsheets and some languages write numbers.
func parseExponent(text []byte, unit TimeUnit) (record.Millis, error) {
	for _, c := range text {
		if !isDigit(c) && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, errTimeText
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, errTimeRange
	}
	if err != nil {
		return 0, errTimeText
	}
	return floatMillis(f, unit)
}
