package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a duration as Go writes it, or a number of days: 1m30s, 250ms, 7d. It is never negative.
func ParseDuration(s string) (time.Duration, error) {
	d, err := parseAge(s)
	if err != nil {
		return 0, err
	}
	if d < 0 {
		return 0, fmt.Errorf("%q is negative", s)
	}
	return d, nil
}

// parseAge reads a duration that may be negative.
func parseAge(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err == nil && math.Abs(n) < 100_000 {
			return time.Duration(n * 24 * float64(time.Hour)), nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration: write it as 90s, 1m30s, 250ms or 7d", s)
	}
	return d, nil
}

// units of sizes; KB and MB are taken as what people mean by them in such a place.
var units = []struct {
	suffix string
	bytes  float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30},
	{"b", 1}, {"", 1},
}

// ParseSize reads a number of bytes: 64MiB, 1.5GiB, 500kB, 1048576.
func ParseSize(s string) (int64, error) {
	text := strings.ToLower(strings.ReplaceAll(s, " ", ""))
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !(n >= 0 && n*u.bytes <= 1<<60) { // not so for NaN either
			break
		}
		return int64(n * u.bytes), nil
	}
	return 0, fmt.Errorf("%q is no size: write it as 64MiB, 1GiB or a number of bytes", s)
}

// Moment is a point in time: Time, or Ago before the service's now where Time is zero.
type Moment struct {
	Time time.Time
	Ago  time.Duration
}

// forms of times. The one with a zone's name is what compose makes of an unquoted date.
var forms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700 MST",
}

// ParseMoment reads a time: RFC 3339, a date, Unix seconds (13 digits: milliseconds), or an age (10m and -10m are the
// same). What has no zone is in the zone of TZ.
func ParseMoment(s string) (Moment, error) {
	for _, form := range forms {
		if t, err := time.ParseInLocation(form, s, time.Local); err == nil {
			return Moment{Time: t}, nil
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		if len(s) == 13 {
			return Moment{Time: time.UnixMilli(n)}, nil
		}
		if len(s) >= 9 && len(s) <= 11 {
			return Moment{Time: time.Unix(n, 0)}, nil
		}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f >= 1e8 && f < 1e11 {
		return Moment{Time: time.UnixMilli(int64(f * 1000))}, nil
	}
	if d, err := parseAge(s); err == nil {
		return Moment{Ago: d.Abs()}, nil
	}
	return Moment{}, fmt.Errorf("%q is no time: write it as 2006-01-02T15:04:05Z, 2006-01-02, Unix seconds, or an age such as 10m or 7d", s)
}

// splitList parts a list by commas.
func splitList(s string) (list []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
