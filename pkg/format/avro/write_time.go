package avro

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"
)

// parse appends the value whose text form is s, of a logical type that is no decimal.
func (n *node) parse(dst, s []byte) ([]byte, bool) {
	switch n.logical {
	case uuid:
		return parseUUID(dst, s)
	case duration:
		return parseDuration(dst, s)
	}
	t, ok := n.parseTime(string(s))
	if !ok {
		return dst, false
	}
	v, ok := n.units(t)
	return appendLong(dst, v), ok
}

func (n *node) parseTime(s string) (t time.Time, ok bool) {
	forms := []string{time.RFC3339Nano, localForm}
	switch n.logical {
	case date:
		forms = []string{dateForm, time.RFC3339Nano, localForm}
	case timeMillis, timeMicros:
		forms = []string{timeOfDay}
	case instantMillis, instantMicros, instantNanos:
		forms = forms[:1] // without a zone it is no point in time
	}
	for _, form := range forms {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return t, false
}

// units returns t as the type counts it, cut to its unit; ok is false where it does not fit.
func (n *node) units(t time.Time) (v int64, ok bool) {
	switch n.logical {
	case date:
		y, m, d := t.Date() // in the text's own zone
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60), true
	case timeMillis, timeMicros:
		v = t.Sub(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())).Microseconds()
		if n.logical == timeMillis {
			v /= 1000
		}
		return v, true
	case localMillis, localMicros, localNanos:
		_, offset := t.Zone()
		t = t.Add(time.Duration(offset) * time.Second)
	}
	switch n.logical {
	case instantMillis, localMillis:
		return t.UnixMilli(), true
	case instantMicros, localMicros:
		return t.UnixMicro(), true
	}
	return t.UnixNano(), !t.Before(firstNano) && !t.After(lastNano)
}

// The points in time that nanoseconds in 64 bits reach.
var firstNano, lastNano = time.Unix(0, math.MinInt64), time.Unix(0, math.MaxInt64)

// parseDuration appends a duration in ISO 8601: years and months, weeks and days, hours to seconds.
func parseDuration(dst, s []byte) ([]byte, bool) {
	if len(s) < 3 || s[0] != 'P' || s[len(s)-1] == 'T' {
		return dst, false
	}
	var months, days, millis uint64
	clock := false
	for s = s[1:]; len(s) > 0; {
		if s[0] == 'T' && !clock {
			clock, s = true, s[1:]
			continue
		}
		end := 0
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
			end++
		}
		if end == 0 || end > 14 || end == len(s) {
			return dst, false
		}
		unit := s[end]
		if clock && unit == 'S' {
			v, err := strconv.ParseFloat(string(s[:end]), 64)
			if err != nil {
				return dst, false
			}
			millis += uint64(math.Round(v * 1000))
		} else if !addUnit(string(s[:end]), unit, clock, &months, &days, &millis) {
			return dst, false
		}
		s = s[end+1:]
	}
	if max(months, days, millis) > math.MaxUint32 {
		return dst, false
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(months))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(days))
	return binary.LittleEndian.AppendUint32(dst, uint32(millis)), true
}

func addUnit(digits string, unit byte, clock bool, months, days, millis *uint64) bool {
	v, err := strconv.ParseUint(digits, 10, 40)
	switch {
	case err != nil:
		return false
	case !clock && unit == 'Y':
		*months += 12 * v
	case !clock && unit == 'M':
		*months += v
	case !clock && unit == 'W':
		*days += 7 * v
	case !clock && unit == 'D':
		*days += v
	case clock && unit == 'H':
		*millis += v * 3_600_000
	case clock && unit == 'M':
		*millis += v * 60_000
	default:
		return false
	}
	return true
}
