package expression

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

var errLayout = errors.New("parseTime: the string is no time in this layout")

// parseTime reads a time: by a layout, which is made ready once, or without one in all forms that timestamp takes.
func parseTime(p *preparation) run {
	if len(p.parts) == 1 {
		return readTime
	}
	layout, ok := p.layout(1)
	zone, too := p.zone(2)
	if !ok || !too {
		return nil
	}
	return func(f *Frame, args []record.Value) record.Value {
		if args[0].Kind != record.String {
			return f.wrong(p.call.Name+" with a layout", String.String(), &args[0])
		}
		t, err := time.ParseInLocation(layout, string(args[0].Text), zone)
		if err != nil {
			return f.fail(errLayout)
		}
		return f.time(t)
	}
}

// readTime reads RFC 3339 to the nanosecond, and everything else to the millisecond.
func readTime(f *Frame, args []record.Value) record.Value {
	v := &args[0]
	if v.Kind == record.Time {
		return *v
	}
	if v.Kind == record.String && len(v.Text) > 10 && v.Text[10] == 'T' {
		var t time.Time
		if t.UnmarshalText(v.Text) == nil {
			return f.time(t)
		}
	}
	m, err := format.ParseEventTime(v, format.AnyUnit, f.rec.Arrival)
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), ": is the unit")
		return f.fail(fmt.Errorf("parseTime: %s", strings.Replace(why, "event time", "time", 1)))
	}
	return f.time(m.Time())
}

// formatTime writes a time by a layout, in a zone.
func formatTime(p *preparation) run {
	layout, ok := p.layout(1)
	zone, too := p.zone(2)
	if !ok || !too {
		return nil
	}
	most := 4*len(layout) + 32 // "September" for "Jan" three times as much, a zone's name for "MST"
	return func(f *Frame, args []record.Value) record.Value {
		if !f.room(most) {
			return record.Value{}
		}
		t, _ := args[0].Time()
		dst := f.batch.Scratch()
		from := len(dst)
		return f.text(record.String, t.In(zone).AppendFormat(dst, layout), from)
	}
}

// layout returns the i-th argument as a layout of Go's. strptime's are the other kind that people know: they are
// translated in the hint.
func (p *preparation) layout(i int) (layout string, ok bool) {
	layout, ok = p.written(i, "layout", `"2006-01-02 15:04:05"`)
	if !ok {
		return "", false
	}
	if here, isOther := fromPercents(layout); isOther {
		p.wrong(i, fmt.Sprintf("here it is %q", here), "layouts are written as Go has them, and not with %%")
		return "", false
	}
	one := time.Date(1999, 11, 27, 23, 58, 59, 987654321, time.FixedZone("ONE", 5*3600))
	two := time.Date(2031, 2, 3, 4, 5, 6, 123456789, time.FixedZone("TWO", -7*3600))
	if one.Format(layout) == two.Format(layout) {
		p.wrong(i, `it is how you would write Mon Jan 2 15:04:05 MST 2006: "2006-01-02 15:04:05"`, "the layout has no part of a time")
		return "", false
	}
	return layout, true
}

// percents are strptime's letters as Go writes them.
var percents = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'j': "002", 'H': "15", 'I': "03", 'M': "04", 'S': "05",
	'f': "000000", 'L': "000", 'N': "000000000", 'p': "PM", 'b': "Jan", 'h': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'z': "-0700", 'Z': "MST", 'T': "15:04:05", 'R': "15:04", 'F': "2006-01-02", 'D': "01/02/06", '%': "%", 't': "\t", 'n': "\n",
}

// fromPercents translates a layout of strptime; ok is false where it is none.
func fromPercents(layout string) (here string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] == '%' && i+1 < len(layout) {
			if part, known := percents[layout[i+1]]; known {
				b.WriteString(part)
				i++
				ok = true
				continue
			}
		}
		b.WriteByte(layout[i])
	}
	return b.String(), ok
}
