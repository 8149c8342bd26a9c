package format_test

import (
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// FuzzEventTime reads any text: a time within the years that there are, or an error. What Go reads as RFC 3339 is read the
// same.
func FuzzEventTime(f *testing.F) {
	for _, text := range []string{
		"2000-10-10T13:55:36.123Z", "2000-10-10 13:55:36,5 +0100", "10/Oct/2000:13:55:36 -0700", "Jan  2 15:04:05",
		"Tuesday, 10-Oct-00 13:55:36 GMT", "Tue Oct 10 13:55:36 PDT 2000", "20001010T135536Z", "-1.5", "1e3", "20001010135536",
	} {
		f.Add(text, uint8(0), int64(1_700_000_000_000))
	}
	earliest := time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC)
	latest := time.Date(2262, 4, 11, 23, 47, 16, 854_999_999, time.UTC)
	f.Fuzz(func(t *testing.T, text string, unit uint8, near int64) {
		got, err := format.ParseEventTime(str(text), format.TimeUnit(unit%5), record.Millis(near))
		if err == nil && (got.Time().Before(earliest) || got.Time().After(latest)) {
			t.Fatalf("%q is %v", text, got.Time())
		}
		want, notRFC3339 := time.Parse(time.RFC3339Nano, text)
		if notRFC3339 != nil || want.Before(earliest) || want.After(latest) {
			return
		}
		if err != nil || got != record.MillisOf(want) {
			t.Fatalf("%q: got %v, %v, want %v", text, got.Time(), err, want)
		}
	})
}

func BenchmarkEventTime(b *testing.B) {
	for name, v := range map[string]*record.Value{
		"RFC 3339": str("2000-10-10T13:55:36.123456Z"), "RFC 3339 offset": str("2000-10-10T13:55:36+01:00"),
		"milliseconds": made(record.IntValue(1_700_000_000_123)), "seconds with fraction": number("1700000000.123", 1700000000.123),
		"common log": str("10/Oct/2000:13:55:36 -0700"), "syslog": str("Oct 10 13:55:36"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := format.ParseEventTime(v, format.AnyUnit, near); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
