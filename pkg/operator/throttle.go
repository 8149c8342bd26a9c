package operator

import (
	"math"
	"strconv"
	"strings"
)

// throttle N/s lets N records a second enter, over all lanes together; N/m and N/h go by the minute and the hour. It is
// the first stage: tokens are taken before a record enters the chain, so that waiting holds no record.
func compileThrottle(b *builder, c *clause) {
	arg, ok := b.one(c, "a rate: throttle 500/s")
	if !ok {
		return
	}
	if c.place != 1 {
		b.fault(c.word, "throttle is the first stage", "records wait before they enter the chain")
		return
	}
	number, unit, _ := strings.Cut(arg.String(), "/")
	per := map[string]float64{"s": 1, "m": 60, "h": 3600}[strings.TrimSpace(unit)]
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || per == 0 || !(n > 0) || math.IsInf(n, 0) {
		b.fault(arg, "throttle needs a rate above 0", "throttle 500/s, 30/m or 10/h")
		return
	}
	b.plan.throttle = n / per
	b.add(c, "throttle "+strconv.FormatFloat(n, 'g', -1, 64)+"/"+strings.TrimSpace(unit), nil)
}
