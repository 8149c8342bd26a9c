// Package literal writes as JSON what JSON itself has no form for: floats that are no numbers, bytes, points in time. The
// formats that have them all write them the same way.
package literal

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
)

// AppendFloat appends f in the fewest digits that read back as the same float of that many bits, 32 or 64. What is no
// number is a string, as Protobuf's JSON has it: "NaN", "Infinity", "-Infinity".
func AppendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	// As ECMAScript, and with it every JSON library, writes floats: exponents only for the very large and very small.
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(dst, f, form, -1, bits)
}

// AppendBytes appends p as a string of standard base64 with padding.
func AppendBytes(dst, p []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, p)
	return append(dst, '"')
}

// AppendTime appends the point in time that is so many seconds and nanoseconds after 1970 as RFC 3339 in UTC. ok is false,
// and nothing is appended, for years that RFC 3339 can't write: before 0 and after 9999.
func AppendTime(dst []byte, seconds, nanos int64) (out []byte, ok bool) {
	const (
		first = -62167219200 // 0000-01-01T00:00:00Z
		last  = 253402300799 // 9999-12-31T23:59:59Z
	)
	if seconds < first || seconds > last || nanos < 0 || nanos >= 1e9 {
		return dst, false
	}
	dst = append(dst, '"')
	dst = time.Unix(seconds, nanos).UTC().AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), true
}
