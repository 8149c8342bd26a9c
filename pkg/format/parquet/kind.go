package parquet

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// kinds is what a column's values are, one bit a kind.
type kinds uint16

const (
	isBool      kinds = 1 << iota
	isInt             // and a double holds it too
	isWideInt         // beyond 2^53: of its digits a double would lose some
	isFloat           // a double gives its digits back
	isDigits          // a number that neither an int64 nor a double gives back
	isMicros          // a time of whole microseconds
	isFarMicros       // the same, outside the years 1678 to 2262, which nanoseconds in 64 bits can say
	isNanos           // a time that has nanoseconds
	isText
	isNested // a list or object
)

// form is how a column's values are written.
type form uint8

const (
	asJSON form = iota
	asBool
	asInt
	asDouble
	asMicros
	asNanos
	asString
)

// form returns the narrowest form that loses nothing of values of these kinds.
func (k kinds) form() form {
	within := func(few kinds) bool { return k&^few == 0 }
	switch {
	case within(isBool):
		return asBool
	case within(isInt | isWideInt):
		return asInt
	case within(isInt | isFloat):
		return asDouble
	case within(isInt | isWideInt | isFloat | isDigits):
		return asString
	case within(isMicros | isFarMicros):
		return asMicros
	case within(isMicros | isNanos):
		return asNanos
	case within(isMicros | isFarMicros | isNanos | isText):
		return asString
	}
	return asJSON
}

// kindOf returns what v, which is no null, is. Where the column is known to have other strings, times are not looked for.
func kindOf(v *record.Value, known kinds) kinds {
	switch v.Kind {
	case record.True, record.False:
		return isBool
	case record.Int:
		if n, _ := v.Int(); n > 1<<53 || n < -1<<53 {
			return isWideInt
		}
		return isInt
	case record.Float:
		if f, _ := v.Float(); exact(v.Text, f) {
			return isFloat
		}
		return isDigits
	case record.String:
		if known&isText != 0 {
			return isText
		}
		t, ok := parseTime(v.Text)
		return timeKind(t, ok)
	}
	return isNested
}

func timeKind(t time.Time, ok bool) kinds {
	near := t.Year() > 1678 && t.Year() < 2262
	whole := t.Nanosecond()%1000 == 0
	switch {
	case !ok || !near && !whole:
		return isText
	case !near:
		return isFarMicros
	case whole:
		return isMicros
	}
	return isNanos
}

// shortestTime and longestTime are as long as RFC 3339 times are, down to nanoseconds: of more digits time.Time would drop
// some.
const (
	shortestTime = len("2006-01-02T15:04:05Z")
	longestTime  = len("2006-01-02T15:04:05.000000000+01:00")
	digitsAt     = len("2006-01-02T15:04:05.")
)

// parseTime reads RFC 3339, strictly, in the years 1 to 9998, so that it is within them in UTC too.
func parseTime(text []byte) (t time.Time, ok bool) {
	if len(text) < shortestTime || len(text) > longestTime || text[4] != '-' || text[10] != 'T' {
		return t, false
	}
	if digits := bytes.IndexAny(text[digitsAt-1:], "Z+-"); digits > len(".000000000") {
		return t, false
	}
	if err := t.UnmarshalText(text); err != nil {
		return t, false
	}
	return t, t.Year() > 0 && t.Year() < 9999
}

// exact reports whether f is written with the digits of text, a JSON number: 1.50 and 15e-1 are, 0.1000000000000000055 is
// not. Beyond a double's range nothing is.
func exact(text []byte, f float64) bool {
	if math.IsInf(f, 0) {
		return false
	}
	var own [32]byte
	a, e := decimal(text)
	b, g := decimal(strconv.AppendFloat(own[:0], f, 'e', -1, 64))
	return bytes.Equal(a, b) && (e == g || len(a) == 0)
}

// decimal returns a number's digits without zeros around them, and the power of ten that the first one of them stands for.
func decimal(number []byte) (digits []byte, exponent int) {
	mantissa := bytes.TrimPrefix(number, []byte{'-'})
	if i := bytes.IndexAny(mantissa, "eE"); i >= 0 {
		// Out of range, it is the largest or smallest there is: the digits or the exponent differ then.
		exponent, _ = strconv.Atoi(string(mantissa[i+1:]))
		mantissa = mantissa[:i]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte{'.'})
	all := append(bytes.Clone(whole), fraction...)
	digits = bytes.TrimLeft(all, "0")
	exponent += len(whole) - 1 - (len(all) - len(digits))
	return bytes.TrimRight(digits, "0"), exponent
}
