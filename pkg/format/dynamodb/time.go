package dynamodb

import (
	"math"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
	"github.com/kstream/kstream/pkg/format/literal"
)

// perSecond is how many units a second has. Kinesis Data Streams for DynamoDB says its unit, or has milliseconds where it
// was set up before there was a choice; DynamoDB Streams has seconds. What does not say it is told by its size: the least
// time in each unit is in 1973, the greatest in 5138.
func perSecond(unit []byte, n float64) int64 {
	switch string(unit) {
	case `"SECOND"`:
		return 1
	case `"MILLISECOND"`:
		return 1e3
	case `"MICROSECOND"`:
		return 1e6
	}
	switch n = math.Abs(n); {
	case n < 1e11:
		return 1
	case n < 1e14:
		return 1e3
	}
	return 1e6
}

// time writes a time as RFC 3339. A string stays as it is.
func (w *writer) time(c *cursor.Cursor, unit []byte) {
	at := c.Offset()
	kind := c.Kind()
	raw := c.Value()
	if kind == '"' {
		w.dst = append(w.dst, raw...)
		return
	}
	if kind != '-' && (kind < '0' || kind > '9') {
		w.fail(at, "the time of the change is no number")
		return
	}
	v := format.Parse(raw, nil) // of a number nothing is kept
	f, _ := v.Float()
	per := perSecond(unit, f)
	n, whole := v.Int()
	ok := true
	if !whole { // 1.479499740E9, 1479499740.5: to the microsecond, which float64 holds until 2255
		f = math.Round(f / float64(per) * 1e6)
		ok = math.Abs(f) < 1<<62
		n, per = int64(f), 1e6
	}
	seconds, rest := n/per, n%per
	if rest < 0 {
		seconds, rest = seconds-1, rest+per
	}
	if ok {
		w.dst, ok = literal.AppendTime(w.dst, seconds, rest*(1e9/per))
	}
	if !ok {
		w.fail(at, "the time of the change is beyond what RFC 3339 can write")
	}
}
