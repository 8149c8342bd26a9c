package pipeline

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// idleness tells when a lane is idle: for the time-out every call succeeded and said "at the tip", and no record came. It
// goes by the times at which the calls began, on the service's clock.
type idleness struct {
	timeout time.Duration // 0: never
	since   record.Millis // when the first call of the quiet time began; 0: there is none
	idle    bool
}

// see takes note of a page. begins: the lane has just become idle. ends: it is idle no more.
func (i *idleness) see(p *record.Page) (begins, ends bool) {
	if i.timeout == 0 {
		return false, false
	}
	quiet := p.Tip && len(p.Records) == 0
	if p.Setbacks > 0 || !quiet {
		ends = i.disturb()
	}
	switch {
	case !quiet:
	case i.since == 0:
		i.since = p.Begun
	case !i.idle && p.Begun.Sub(i.since) >= i.timeout:
		i.idle, begins = true, true
	}
	return begins, ends
}

// disturb starts the time anew. ends: the lane was idle until now.
func (i *idleness) disturb() (ends bool) {
	ends, i.idle, i.since = i.idle, false, 0
	return ends
}
