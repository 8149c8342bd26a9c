package avro

import (
	"math/big"
	"strconv"
	"time"
)

const (
	durationSize = 12
	// maxUnscaled is how many bytes a decimal's digits may take: they cost more than linear time to write. It is some
	// 9,800 digits.
	maxUnscaled = 4096
	// maxZeros is how many zeros a decimal is written out with; more than that take an exponent.
	maxZeros = 400
)

// The forms of dates and times. A fraction's zeros at the end are left out.
const (
	dateForm    = "2006-01-02"
	localForm   = "2006-01-02T15:04:05.999999999"
	timeOfDay   = "15:04:05.999999999"
	unitsPerDay = int64(24 * time.Hour)
)

// logical appends a value of a logical type.
func (r *reader) logical(dst []byte, n *node) ([]byte, error) {
	switch n.logical {
	case decimal, bigDecimal:
		return r.decimal(dst, n)
	case uuid:
		v, err := r.take(n.size)
		return append(appendUUID(append(dst, '"'), v), '"'), err
	case duration:
		v, err := r.take(n.size)
		if err != nil {
			return dst, err
		}
		return append(appendDuration(append(dst, '"'), v), '"'), nil
	}
	read := r.long
	if n.kind == integer {
		read = r.int
	}
	v, err := read()
	if err != nil {
		return dst, err
	}
	return n.appendTime(dst, v), nil
}

// appendTime appends a date, a time of day or a point in time. What has no such form, as a year 30000 or a 25th hour, stays
// the number that it is: a marker for "never" is no reason to refuse a record.
func (n *node) appendTime(dst []byte, v int64) []byte {
	var t time.Time
	form := localForm
	switch n.logical {
	case date:
		t, form = time.Unix(v*24*60*60, 0), dateForm
	case timeMillis, timeMicros:
		unit := int64(time.Millisecond)
		if n.logical == timeMicros {
			unit = int64(time.Microsecond)
		}
		if v < 0 || v >= unitsPerDay/unit {
			return strconv.AppendInt(dst, v, 10)
		}
		t, form = time.Unix(0, v*unit), timeOfDay
	case instantMillis, localMillis:
		t = time.UnixMilli(v)
	case instantMicros, localMicros:
		t = time.UnixMicro(v)
	default:
		t = time.Unix(v/1e9, v%1e9)
	}
	if n.logical == instantMillis || n.logical == instantMicros || n.logical == instantNanos {
		form = time.RFC3339Nano
	}
	if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 {
		return strconv.AppendInt(dst, v, 10)
	}
	return append(t.AppendFormat(append(dst, '"'), form), '"')
}

// decimal appends a number with all its digits.
func (r *reader) decimal(dst []byte, n *node) ([]byte, error) {
	digits, scale, err := r.unscaled(n)
	if err != nil {
		return dst, err
	}
	return appendDecimal(dst, digits, scale), nil
}

// unscaled reads a decimal's digits and scale. A big-decimal is bytes that hold both.
func (c *cursor) unscaled(n *node) (digits []byte, scale int64, err error) {
	at := c.at
	if digits, err = c.raw(n); err == nil && n.logical == bigDecimal {
		inner := cursor{c.src[:c.at], c.at - len(digits)}
		if digits, err = inner.bytes(); err == nil {
			scale, err = inner.int()
		}
		if err == nil && inner.left() > 0 {
			err = c.fault(inner.at, "%d bytes too many in a big-decimal", inner.left())
		}
	} else {
		scale = int64(n.scale)
	}
	if err == nil && len(digits) > maxUnscaled {
		err = c.fault(at, "a decimal of %d bytes: at most %d", len(digits), maxUnscaled)
	}
	return digits, scale, err
}

// appendDecimal appends the big-endian integer in two's complement, times ten to the power of minus scale.
func appendDecimal(dst, digits []byte, scale int64) []byte {
	from := len(dst)
	if len(digits) <= 8 {
		dst = strconv.AppendInt(dst, smallUnscaled(digits), 10)
	} else {
		dst = bigUnscaled(digits).Append(dst, 10)
	}
	if dst[from] == '-' {
		from++
	}
	zeros := scale - int64(len(dst)-from) + 1 // so that one digit stands before the point
	switch {
	case scale == 0:
		return dst
	case scale < 0 || zeros > maxZeros:
		return strconv.AppendInt(append(dst, 'e'), -scale, 10)
	case zeros > 0:
		end := len(dst)
		for range zeros {
			dst = append(dst, '0')
		}
		copy(dst[from+int(zeros):], dst[from:end])
		for i := range zeros {
			dst[from+int(i)] = '0'
		}
	}
	point := len(dst) - int(scale)
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}

func smallUnscaled(b []byte) (v int64) {
	if len(b) > 0 && b[0] >= 0x80 {
		v = -1
	}
	for _, c := range b {
		v = v<<8 | int64(c)
	}
	return v
}

func bigUnscaled(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}
