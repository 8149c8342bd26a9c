package record

import (
	"bytes"
	"math"
	"time"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of Value.
const (
	Missing Kind = iota // not in the document: nil in expressions. The zero Value.
	Null
	False
	True
	Int
	Float
	String
	List   // Text is the list's source text
	Object // Text is the object's source text
	Time   // a point in time, which expressions make; it goes out as RFC 3339 in UTC
)

// Value is one field of one record. Text is a String unescaped, or the source text of a number, list or object, so that
// what nobody changed goes out digit for digit; an Int or Float that a stage has made has no Text. Text is the batch's.
type Value struct {
	Text []byte
	bits uint64
	Kind Kind
}

// IntValue returns n as a Value.
func IntValue(n int64) Value { return Value{Kind: Int, bits: uint64(n)} }

// FloatValue returns f as a Value.
func FloatValue(f float64) Value { return Value{Kind: Float, bits: math.Float64bits(f)} }

// BoolValue returns t as a Value.
func BoolValue(t bool) Value {
	if t {
		return Value{Kind: True}
	}
	return Value{Kind: False}
}

// TimeValue returns t as a Value. Its range is that of nanoseconds in 64 bits: the years 1678 to 2262.
func TimeValue(t time.Time) Value { return Value{Kind: Time, bits: uint64(t.UnixNano())} }

// Nil reports whether v is nil to an expression: missing, or null in the document.
func (v *Value) Nil() bool { return v.Kind <= Null }

// Time returns a Time's value in UTC; ok is false for every other kind.
func (v *Value) Time() (t time.Time, ok bool) {
	return time.Unix(0, int64(v.bits)).UTC(), v.Kind == Time
}

// Int returns an Int's value; ok is false for every other kind.
func (v *Value) Int() (n int64, ok bool) { return int64(v.bits), v.Kind == Int }

// Float returns the value of an Int or a Float; ok is false for every other kind.
func (v *Value) Float() (f float64, ok bool) {
	switch v.Kind {
	case Int:
		return float64(int64(v.bits)), true
	case Float:
		return math.Float64frombits(v.bits), true
	}
	return 0, false
}

// Digits reports whether a number was written as digits alone: an integer, of whatever size. A Float that was is one
// beyond 64 bits, which only its Text has in full, or -0.
func (v *Value) Digits() bool {
	digits := bytes.TrimPrefix(v.Text, []byte("-"))
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	return len(digits) > 0 && bytes.IndexFunc(digits, notDigit) < 0
}
