package window

import (
	"bytes"
	"math"
	"strconv"

	"github.com/kstream/kstream/pkg/record"
)

// appendCanonical appends a binary form of v that is the same for equal values, and that readValue can read: a number is an
// Int wherever 64 bits hold it, and has no digits of its own, so that 1, 1.0 and 1e0 are one. Lists and objects are equal if
// they are written in the same way.
func appendCanonical(dst []byte, v *record.Value) []byte {
	if v.Kind == record.Float {
		n := canonicalNumber(v)
		return record.AppendValue(dst, &n)
	}
	return record.AppendValue(dst, v)
}

// canonicalNumber returns the one form of a Float. Digits stay where no float has the number: of an infinity, and of an integer
// beyond 64 bits, since identifiers are such, and two of them are not one for being near each other.
func canonicalNumber(v *record.Value) record.Value {
	f, _ := v.Float()
	var room [32]byte
	switch {
	case math.IsInf(f, 0), v.Digits() && !bytes.Equal(strconv.AppendFloat(room[:0], f, 'f', -1, 64), v.Text):
		return *v
	case f == math.Trunc(f) && f >= -1<<63 && f < 1<<63:
		return record.IntValue(int64(f))
	}
	return record.FloatValue(f)
}
