package expression

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

var errTime = errors.New("the time is outside of the years 1678 to 2261")

// timeFunctions are those on times. A span of time is a number of seconds.
var timeFunctions = map[string]function{
	"date":     {takes: []Types{String | Number | Time, String, String}, least: 1, gives: Time, run: date},
	"duration": {takes: []Types{String}, least: 1, gives: Number, run: duration},
	"unix":     {takes: []Types{Time}, least: 1, gives: Number, run: unix},
	"unixMs":   {takes: []Types{Time}, least: 1, gives: Number, run: unixMs},

	"parseTime":  {takes: []Types{String | Number | Time, String, String}, least: 1, gives: Time, prepare: parseTime},
	"formatTime": {takes: []Types{Time, String, String}, least: 2, gives: String, prepare: formatTime},
	"truncate":   {takes: []Types{Time, String, String}, least: 2, gives: Time, prepare: truncate},
}

// layouts are what date tries, most exact first. One without a zone is UTC.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly,
	time.RFC1123, time.RFC1123Z, time.RFC850, time.RFC822,
}

// date reads a time: a string by the common layouts or the one given (as Go writes them) and a zone's name, a number as
// seconds since 1970, or as milliseconds where it has 12 digits or more.
func date(f *Frame, args []record.Value) record.Value {
	switch {
	case args[0].Kind == record.Time:
		return args[0]
	case args[0].Kind != record.String:
		x, _ := args[0].Float()
		return f.epoch(&args[0], x)
	case len(args) == 1:
		for _, layout := range layouts {
			if t, err := time.Parse(layout, string(args[0].Text)); err == nil {
				return f.time(t)
			}
		}
		return f.fail(errors.New("date: the string is no time in any of the common layouts"))
	}
	zone := time.UTC
	if len(args) == 3 {
		var err error
		if zone, err = zoneOf(string(args[2].Text)); err != nil {
			return f.fail(errors.New("date: there is no such time zone"))
		}
	}
	layout := string(args[1].Text)
	t, err := time.ParseInLocation(layout, string(args[0].Text), zone)
	if err != nil {
		return f.fail(fmt.Errorf("date: the string is no time in the layout %q", layout))
	}
	return f.time(t)
}

// zones are those that have been read from disk: a few hundred names exist, and none other is kept.
var zones sync.Map // string to *time.Location

func zoneOf(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, z)
	}
	return z, err
}

func (f *Frame) epoch(v *record.Value, x float64) record.Value {
	const inMillis, last = 1e11, 1e13 // seconds from 1e11 on would be past the year 5138
	n, ok := v.Int()
	switch {
	case math.Abs(x) >= last:
		return f.fail(errTime)
	case math.Abs(x) >= inMillis && ok:
		return f.time(time.UnixMilli(n))
	case math.Abs(x) >= inMillis:
		return f.time(time.UnixMilli(int64(math.Round(x))))
	case ok:
		return f.time(time.Unix(n, 0))
	}
	return f.time(time.UnixMicro(int64(math.Round(x * 1e6))))
}

func (f *Frame) time(t time.Time) record.Value {
	if y := t.UTC().Year(); y < 1678 || y > 2261 {
		return f.fail(errTime)
	}
	return record.TimeValue(t)
}

// duration reads a span as stages have it, "1h30m" or "7d", as seconds.
func duration(f *Frame, args []record.Value) record.Value {
	d, ok := spanOf(string(args[0].Text))
	if !ok {
		return f.fail(errors.New(`duration: the string is no span of time such as "1h30m" or "7d"`))
	}
	return seconds(d)
}

// spanOf reads a span of time as Go writes it, and days.
func spanOf(text string) (d time.Duration, ok bool) {
	if days, isDays := strings.CutSuffix(text, "d"); isDays {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(math.Abs(n) <= math.MaxInt64/float64(25*time.Hour)) {
			return 0, false
		}
		return time.Duration(n * float64(24*time.Hour)), true
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// unix gives seconds since 1970.
func unix(_ *Frame, args []record.Value) record.Value {
	t, _ := args[0].Time()
	if t.Nanosecond() == 0 {
		return record.IntValue(t.Unix())
	}
	return record.FloatValue(float64(t.Unix()) + float64(t.Nanosecond())/1e9)
}

// unixMs gives whole milliseconds since 1970.
func unixMs(_ *Frame, args []record.Value) record.Value {
	t, _ := args[0].Time()
	return record.IntValue(t.UnixMilli())
}
