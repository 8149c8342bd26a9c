package expression

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// truncate cuts a time down to the begin of its span: as windows are aligned, to 1970-01-01T00:00Z, or with a zone to what
// the clocks show there. Weeks begin on Mondays, as ISO 8601 has them.
func truncate(p *preparation) run {
	name, ok := p.written(1, "span", `"1h"`)
	zone, too := p.zone(2)
	if !ok || !too {
		return nil
	}
	cut := spans[name]
	d, isSpan := spanOf(name)
	switch {
	case cut != nil:
	case !isSpan || d <= 0:
		p.wrong(1, `write it as 90s, 5m, 1h, 7d, week, month, quarter or year`, "%q is no span of time to cut by", name)
		return nil
	case d <= time.Hour:
		return ofTime(func(f *Frame, t time.Time) record.Value {
			_, offset := t.In(zone).Zone()
			return f.time(t.Add(-past(t, d, offset))) // and so in the hour that a zone has twice, too
		})
	default:
		cut = func(wall time.Time) time.Time { return wall.Add(-past(wall, d, 0)) }
	}
	return ofTime(func(f *Frame, t time.Time) record.Value {
		l := t.In(zone)
		wall := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
		wall = cut(wall)
		return f.time(time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone))
	})
}

// ofTime makes a run of what takes one time.
func ofTime(of func(f *Frame, t time.Time) record.Value) run {
	return func(f *Frame, args []record.Value) record.Value {
		t, _ := args[0].Time()
		return of(f, t)
	}
}

// past returns how much of its span of length d has gone by at t, whose zone is that many seconds ahead of UTC.
func past(t time.Time, d time.Duration, offset int) time.Duration {
	gone := (time.Duration(t.UnixNano())%d + time.Duration(offset)*time.Second%d) % d
	if gone < 0 {
		gone += d
	}
	return gone
}

// spans are those that have no fixed length, or do not begin as 1970 does.
var spans = map[string]func(wall time.Time) time.Time{
	"week": func(t time.Time) time.Time {
		return midnight(t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7)
	},
	"month":   func(t time.Time) time.Time { return midnight(t.Year(), t.Month(), 1) },
	"quarter": func(t time.Time) time.Time { return midnight(t.Year(), (t.Month()-1)/3*3+1, 1) },
	"year":    func(t time.Time) time.Time { return midnight(t.Year(), time.January, 1) },
}

func midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
