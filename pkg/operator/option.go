package operator

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/operator/nearest"
)

// options are what stands behind a stage's main arguments, by name: the span of each value.
type options map[string]span

func (o options) has(name string) bool {
	_, ok := o[name]
	return ok
}

// options reads `name value` of each argument. known are the names that the stage has, each with an example of its
// value: "" for one that takes none.
func (b *builder) options(c *clause, args []span, known map[string]string) options {
	read := options{}
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, arg := range args {
		name, value := arg.word()
		example, ok := known[name.String()]
		_, twice := read[name.String()]
		switch {
		case !ok:
			b.noOption(c, arg, name, names)
		case twice:
			b.fault(arg, fmt.Sprintf("%s is said twice", name), "")
		case example == "" && value.from < value.to:
			b.fault(value, fmt.Sprintf("%s takes no value", name), "")
		case example != "" && value.from == value.to:
			b.fault(arg, fmt.Sprintf("%s needs a value", name), fmt.Sprintf("such as: %s %s", name, example))
		default:
			read[name.String()] = value
		}
	}
	return read
}

func (b *builder) noOption(c *clause, arg, name span, known []string) {
	if len(known) == 0 {
		b.fault(arg, fmt.Sprintf("%s takes no options", c.word), "")
		return
	}
	hint := "there is " + strings.Join(known, ", ")
	if near := nearest.Of(name.String(), known); near != "" {
		hint = "did you mean " + near + "?"
	}
	b.fault(arg, fmt.Sprintf("%s has no option %s", c.word, arg), hint)
}

// duration returns an option's value, or otherwise where it was not said. It is in whole milliseconds, which is what event
// time has, and at least least.
func (o options) duration(b *builder, name string, otherwise, least time.Duration) time.Duration {
	at, ok := o[name]
	if !ok {
		return otherwise
	}
	d, _ := b.duration(at, least)
	return d
}

// maxDuration keeps sums of times and durations inside of what 64 bits of milliseconds hold, and is longer than any stream.
const maxDuration = 100 * 365 * 24 * time.Hour

// duration reads a duration as the variables have it: 90s, 1m30s, 250ms, 7d.
func (b *builder) duration(at span, least time.Duration) (time.Duration, bool) {
	text := at.String()
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n float64
		if n, err = strconv.ParseFloat(days, 64); err == nil && !(math.Abs(n) <= maxDuration.Hours()/24) {
			n = 2 * maxDuration.Hours() / 24
		}
		d = time.Duration(n * 24 * float64(time.Hour))
	}
	switch {
	case err != nil:
		b.fault(at, fmt.Sprintf("%q is no duration", text), "write it as 90s, 1m30s, 250ms or 7d")
	case d < least && least > 0:
		b.fault(at, fmt.Sprintf("%s is too short", text), fmt.Sprintf("it is at least %s", short(least)))
	case d < 0:
		b.fault(at, fmt.Sprintf("%s is negative", text), "")
	case d > maxDuration:
		b.fault(at, fmt.Sprintf("%s is longer than 100 years", text), "")
	case d%time.Millisecond != 0:
		b.fault(at, fmt.Sprintf("%s is finer than a millisecond", text), "event time is in milliseconds")
	default:
		return d, true
	}
	return max(least, time.Millisecond), false // so that nothing follows from it
}

// short writes a span of time without the zeros that Go puts behind it: 1m, 1h30m, 7d.
func short(d time.Duration) string {
	if days := d / (24 * time.Hour); days > 0 && d%(24*time.Hour) == 0 {
		return strconv.FormatInt(int64(days), 10) + "d"
	}
	text := d.String()
	if trimmed, ok := strings.CutSuffix(text, "m0s"); ok {
		text = trimmed + "m"
	}
	if trimmed, ok := strings.CutSuffix(text, "h0m"); ok {
		text = trimmed + "h"
	}
	return text
}
