package window

import (
	"math"

	"github.com/kstream/kstream/pkg/record"
)

// appendCanonical appends a binary form of v that is the same for equal values, and that readValue can read: a number is an
// Int wherever 64 bits hold it, and has no digits of its own, so that 1, 1.0 and 1e0 are one. Lists and objects are equal if
// they are written in the same way.
func appendCanonical(dst []byte, v *record.Value) []byte {
	if v.Kind == record.Float {
		f, _ := v.Float()
		if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
			n := record.IntValue(int64(f))
			return record.AppendValue(dst, &n)
		}
		if !math.IsInf(f, 0) { // which can go out only by its digits
			n := record.FloatValue(f)
			return record.AppendValue(dst, &n)
		}
	}
	return record.AppendValue(dst, v)
}
