package config

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "1m30s": 90 * time.Second, "250ms": 250 * time.Millisecond, "7d": 7 * day, "1.5d": 36 * time.Hour,
		"0": 0, "0s": 0, "100us": 100 * time.Microsecond, "36500d": 36500 * day,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "10", "-1s", "-7d", "d", "1 day", "7D", "nand", "100000d", "99999999h", "1h d"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q was taken as %s", text, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"64MiB": 64 << 20, "1.5GiB": 3 << 29, "500kB": 500_000, "1048576": 1 << 20, "0": 0, "10 MB": 10_000_000, "2k": 2048, "64m": 64 << 20,
		"1TiB": 1 << 40, "5b": 5, "1gb": 1e9, "3G": 3 << 30,
	} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1XiB", "nan", "NaN MiB", "inf", "9999999TiB", "1,5GiB", "0x"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q was taken as %d", text, got)
		}
	}
}

func TestParseMoment(t *testing.T) {
	zone := time.FixedZone("UTC+3", 3*60*60)
	was := time.Local
	time.Local = zone
	t.Cleanup(func() { time.Local = was })
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	here := time.Date(2026, 11, 23, 0, 0, 0, 0, zone)
	for _, c := range []struct {
		text string
		time time.Time
		ago  time.Duration
	}{
		{text: "2026-11-23T00:00:00Z", time: midnight},
		{text: "2026-11-23T01:00:00+01:00", time: midnight},
		{text: "2026-11-23T00:00:00.250Z", time: midnight.Add(250 * time.Millisecond)},
		{text: "2026-11-23", time: here},
		{text: "2026-11-23T00:00", time: here},
		{text: "2026-11-23T00:00:00", time: here},
		{text: "2026-11-23 00:00:00", time: here},
		{text: "2026-11-23 00:00", time: here},
		{text: "2026-11-23 00:00:00 +0000 UTC", time: midnight}, // compose: an unquoted date
		{text: "2026-11-23 01:02:03.5 +0000 UTC", time: midnight.Add(time.Hour + 2*time.Minute + 3500*time.Millisecond)},
		{text: "2026-11-23 00:00:00Z", time: midnight},
		{text: "1795392000", time: time.Unix(1795392000, 0)},
		{text: "1795392000.5", time: time.UnixMilli(1795392000500)},
		{text: "1795392000123", time: time.UnixMilli(1795392000123)},
		{text: "1.795392e+09", time: time.Unix(1795392000, 0)}, // YAML readers that make a float of a number
		{text: "10m", ago: 10 * time.Minute},
		{text: "-10m", ago: 10 * time.Minute},
		{text: "7d", ago: 7 * 24 * time.Hour},
		{text: "-7d", ago: 7 * 24 * time.Hour},
	} {
		got, err := ParseMoment(c.text)
		if err != nil || !got.Time.Equal(c.time) || got.Ago != c.ago {
			t.Errorf("%q: %v, %v, want %s or %s ago", c.text, got, err, c.time, c.ago)
		}
	}
	for _, text := range []string{"", "tomorrow", "23.11.2026", "2026-13-01", "12", "179539200012", "17953920001234", "nan", "-1795392000"} {
		if got, err := ParseMoment(text); err == nil {
			t.Errorf("%q was taken as %v", text, got)
		}
	}
}

func TestDefaultBuffer(t *testing.T) {
	for limit, want := range map[int64]int{0: 256 << 20, 8 << 30: 256 << 20, 512 << 20: 128 << 20, 2 << 20: least} {
		if got := defaultBuffer(limit); got != want {
			t.Errorf("with a limit of %d bytes: %d, want %d", limit, got, want)
		}
	}
}
