package format_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// near is the arrival of what the tests parse.
var near = record.MillisOf(time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC))

func str(text string) *record.Value { return &record.Value{Kind: record.String, Text: []byte(text)} }

func number(text string, f float64) *record.Value {
	v := record.FloatValue(f)
	v.Text = []byte(text)
	return &v
}

func made(v record.Value) *record.Value { return &v }

func TestEventTimeOfText(t *testing.T) {
	for text, want := range map[string]string{
		// RFC 3339, and what resembles it
		"2000-10-10T13:55:36Z":                "2000-10-10T13:55:36Z",
		"2000-10-10t13:55:36z":                "2000-10-10T13:55:36Z",
		"2000-10-10T13:55:36.123456789Z":      "2000-10-10T13:55:36.123Z",
		"2000-10-10T13:55:36.5Z":              "2000-10-10T13:55:36.5Z",
		"2000-10-10T13:55:36.99999999999999Z": "2000-10-10T13:55:36.999Z",
		"2000-10-10T13:55:36,25Z":             "2000-10-10T13:55:36.25Z",
		"2000-10-10T13:55:36+01:00":           "2000-10-10T12:55:36Z",
		"2000-10-10T13:55:36+0100":            "2000-10-10T12:55:36Z",
		"2000-10-10T13:55:36-07":              "2000-10-10T20:55:36Z",
		"2000-10-10 13:55:36.001-07:30":       "2000-10-10T21:25:36.001Z",
		"2000-10-10 13:55:36 +0000":           "2000-10-10T13:55:36Z",
		"2000-10-10 13:55:36 UTC":             "2000-10-10T13:55:36Z",
		"2000-10-10 13:55:36":                 "2000-10-10T13:55:36Z",
		"2000-10-10T13:55Z":                   "2000-10-10T13:55:00Z",
		"2000-10-10":                          "2000-10-10T00:00:00Z",
		"2016-12-31T23:59:60Z":                "2017-01-01T00:00:00Z",
		"2000-02-29T00:00:00Z":                "2000-02-29T00:00:00Z",
		"1969-12-31T23:59:59.999Z":            "1969-12-31T23:59:59.999Z",
		"1678-01-01T00:00:00Z":                "1678-01-01T00:00:00Z",
		"2262-04-11T23:47:16.854Z":            "2262-04-11T23:47:16.854Z",
		" 2000-10-10T13:55:36Z\n":             "2000-10-10T13:55:36Z",
		"20001010T135536Z":                    "2000-10-10T13:55:36Z",
		"20001010T135536.5+0200":              "2000-10-10T11:55:36.5Z",
		"20001010135536":                      "2000-10-10T13:55:36Z",
		"2000-10-10 13:55:36,789":             "2000-10-10T13:55:36.789Z", // Python, Java
		"2000/10/10 13:55:36":                 "2000-10-10T13:55:36Z",     // Go, nginx
		"2000/10/10 13:55:36.123456":          "2000-10-10T13:55:36.123Z",
		"10/Oct/2000:13:55:36 -0700":          "2000-10-10T20:55:36Z", // Apache, nginx
		"[10/Oct/2000:13:55:36 -0700]":        "2000-10-10T20:55:36Z",
		"Tue, 10 Oct 2000 13:55:36 GMT":       "2000-10-10T13:55:36Z", // RFC 1123
		"Tue, 10 Oct 2000 13:55:36 -0700":     "2000-10-10T20:55:36Z",
		"Tue, 3 Oct 2000 13:55:36 EST":        "2000-10-03T18:55:36Z",
		"10 Oct 2000 13:55:36 +0000":          "2000-10-10T13:55:36Z",
		"Tuesday, 10-Oct-00 13:55:36 GMT":     "2000-10-10T13:55:36Z", // RFC 850
		"Friday, 10-Oct-69 13:55:36 UTC":      "1969-10-10T13:55:36Z",
		"Tue, 10-Oct-2000 13:55:36 GMT":       "2000-10-10T13:55:36Z",
		"Tue Oct 10 13:55:36 2000":            "2000-10-10T13:55:36Z", // ANSI C
		"Tue Oct  3 13:55:36 2000":            "2000-10-03T13:55:36Z",
		"Tue Oct 10 13:55:36 UTC 2000":        "2000-10-10T13:55:36Z", // Unix date
		"Tue Oct 10 13:55:36 PDT 2000":        "2000-10-10T20:55:36Z",
		"Tue Oct 10 13:55:36 -0700 2000":      "2000-10-10T20:55:36Z", // Ruby
		"[Tue Oct 10 13:55:36.123456 2000]":   "2000-10-10T13:55:36.123Z",
		"Jan  2 15:04:05":                     "2026-01-02T15:04:05Z", // syslog
		"Jan 2 15:04:05":                      "2026-01-02T15:04:05Z",
		"Dec 31 23:59:59":                     "2025-12-31T23:59:59Z", // of last year, in January
		"Jun 30 00:00:00.5":                   "2026-06-30T00:00:00.5Z",
		"Feb 29 12:00:00":                     "2024-02-29T12:00:00Z",
		"1700000000":                          "2023-11-14T22:13:20Z",
		"1700000000.123":                      "2023-11-14T22:13:20.123Z",
		"+1700000000":                         "2023-11-14T22:13:20Z",
		"1700000000123":                       "2023-11-14T22:13:20.123Z",
		"1.7e9":                               "2023-11-14T22:13:20Z",
		"-1.0005":                             "1969-12-31T23:59:58.999Z",
		"0":                                   "1970-01-01T00:00:00Z",
	} {
		got, err := format.ParseEventTime(str(text), format.AnyUnit, near)
		if err != nil || got.Time().Format(time.RFC3339Nano) != want {
			t.Errorf("%q: got %v, %v, want %s", text, got.Time().Format(time.RFC3339Nano), err, want)
		}
	}
}

func TestEventTimeOfNumbers(t *testing.T) {
	day := time.Date(2023, 11, 14, 22, 13, 20, 123_456_789, time.UTC)
	for _, c := range []struct {
		name string
		v    *record.Value
		unit format.TimeUnit
		want record.Millis
	}{
		{"seconds by size", made(record.IntValue(1_700_000_000)), format.AnyUnit, 1_700_000_000_000},
		{"the last second by size", made(record.IntValue(9_223_372_036)), format.AnyUnit, 9_223_372_036_000},
		{"the first millisecond by size", made(record.IntValue(1e11)), format.AnyUnit, 1e11},
		{"milliseconds by size", made(record.IntValue(1_700_000_000_123)), format.AnyUnit, 1_700_000_000_123},
		{"microseconds by size", made(record.IntValue(1_700_000_000_123_456)), format.AnyUnit, 1_700_000_000_123},
		{"nanoseconds by size", made(record.IntValue(1_700_000_000_123_456_789)), format.AnyUnit, 1_700_000_000_123},
		{"before 1970, by size", made(record.IntValue(-1_700_000_000)), format.AnyUnit, -1_700_000_000_000},
		{"before 1970, down", made(record.IntValue(-1)), format.Microseconds, -1},
		{"before 1970, whole", made(record.IntValue(-2000)), format.Microseconds, -2},
		{"milliseconds as they are said", made(record.IntValue(5000)), format.Milliseconds, 5000},
		{"seconds as they are said", made(record.IntValue(5000)), format.Seconds, 5_000_000},
		{"nanoseconds as they are said", made(record.IntValue(5_999_999)), format.Nanoseconds, 5},
		{"a text follows the unit too", str("5000"), format.Milliseconds, 5000},
		{"a fraction digit for digit", number("1700000000.123", 1700000000.123), format.AnyUnit, 1_700_000_000_123},
		{"a fraction cut, not rounded", number("1700000000.1239999999", 1700000000.124), format.AnyUnit, 1_700_000_000_123},
		{"a fraction that a stage made", made(record.FloatValue(1700000000.123)), format.AnyUnit, 1_700_000_000_123},
		{"a fraction of milliseconds", made(record.FloatValue(1700000000123.9)), format.AnyUnit, 1_700_000_000_123},
		{"an exponent", number("1.7e12", 1.7e12), format.AnyUnit, 1_700_000_000_000},
		{"nanoseconds as a float", made(record.FloatValue(1.7e18)), format.AnyUnit, 1_700_000_000_000},
		{"a time", made(record.TimeValue(day)), format.Nanoseconds, 1_700_000_000_123},
		{"the least", made(record.IntValue(math.MinInt64 + 1)), format.Milliseconds, 0},
		{"14 digits with a unit are a number", str("20001010135536"), format.Microseconds, 20_001_010_135},
	} {
		got, err := format.ParseEventTime(c.v, c.unit, near)
		if c.want == 0 {
			if err == nil {
				t.Errorf("%s: got %d, want an error", c.name, got)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: got %d, %v, want %d", c.name, got, err, c.want)
		}
	}
}

func TestNoEventTime(t *testing.T) {
	const (
		rightText = "right are RFC 3339"
		years     = "1678 to 2262"
	)
	for _, c := range []struct {
		v    *record.Value
		want string
	}{
		{new(record.Value), "nil"},
		{&record.Value{Kind: record.Null}, "nil"},
		{made(record.BoolValue(true)), "a number, a text or a time"},
		{&record.Value{Kind: record.List, Text: []byte("[1]")}, "a number, a text or a time"},
		{made(record.FloatValue(math.NaN())), years},
		{made(record.FloatValue(math.Inf(-1))), years},
		{made(record.IntValue(math.MaxInt64)), ""}, // 2262-04-11 in nanoseconds
		{made(record.FloatValue(1e300)), years},
		{str("1e400"), years},
		{str("123456789012345678901234567890"), years},
		{str("1677-12-31T23:59:59.999Z"), years},
		{str("2262-04-11T23:47:16.855Z"), years},
		{str("9999-12-31"), years},
		{str("2000-10-10T13:55:36 CEST"), "zone"},
		{str("Tue Oct 10 13:55:36 IST 2000"), "zone"},
		{str(""), rightText},
		{str("   "), rightText},
		{str("secret"), rightText},
		{str("2000-10-10X13:55:36Z"), rightText},
		{str("2000-13-10T13:55:36Z"), rightText},
		{str("2001-02-29"), rightText},
		{str("1900-02-29"), rightText},
		{str("2000-10-10T24:00:00Z"), rightText},
		{str("2000-10-10T13:60:00Z"), rightText},
		{str("2000-10-10T13:55:36.Z"), rightText},
		{str("2000-10-10T13:55:36Zsecret"), "zone"},
		{str("2000-10-10T13:55:36+24:00"), rightText},
		{str("10/11/2000 13:55:36"), rightText}, // whose tenth, of what
		{str("Oct 32 13:55:36"), rightText},
		{str("Feb 30 13:55:36"), rightText},
		{str("Someday, 10 Oct 2000 13:55:36 GMT"), rightText},
		{str("0x10"), rightText},
		{str("1_000"), rightText},
		{str("inf"), rightText},
		{str("-"), rightText},
		{str("--1"), rightText},
		{str("1.2.3"), rightText},
	} {
		got, err := format.ParseEventTime(c.v, format.AnyUnit, near)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.v.Text, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s %v: got %d, %v; want an error that says %q", c.v.Text, c.v, got, err, c.want)
		case err != nil && strings.Contains(err.Error(), "secret"):
			t.Errorf("the error shows the payload: %v", err)
		}
	}
}

func TestTimeUnitOf(t *testing.T) {
	for name, want := range map[string]format.TimeUnit{
		"s": format.Seconds, "ms": format.Milliseconds, "us": format.Microseconds, "ns": format.Nanoseconds,
	} {
		if got, ok := format.TimeUnitOf(name); !ok || got != want {
			t.Errorf("%s: got %d, %v, want %d", name, got, ok, want)
		}
	}
	if _, ok := format.TimeUnitOf("m"); ok {
		t.Error("minutes are no unit of event times")
	}
}
