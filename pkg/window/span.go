package window

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Span is a window of event time: from Start up to, and without, End.
type Span struct{ Start, End record.Millis }

// Touches reports whether s and o have an instant in common.
func (s Span) Touches(o Span) bool { return s.Start < o.End && o.Start < s.End }

// Cover returns the least window that holds both s and o.
func (s Span) Cover(o Span) Span {
	return Span{Start: min(s.Start, o.Start), End: max(s.End, o.End)}
}

// Assigner gives the windows that an event time falls into, aligned to 1970-01-01T00:00Z; times before that too. It is a
// value, and many goroutines may use it.
type Assigner interface {
	// Assign appends the windows of t to dst, the one that ends last at the end. It allocates only to grow dst.
	Assign(dst []Span, t record.Millis) []Span
}

// millis returns d in whole milliseconds, at least one: no window is empty.
func millis(d time.Duration) record.Millis { return max(1, record.Millis(d/time.Millisecond)) }

// floor returns the last multiple of step at or before t, or the start of time where that is no longer a time.
func floor(t, step record.Millis) record.Millis {
	past := t % step
	if past < 0 {
		past += step
	}
	if t < record.StartOfTime+past {
		return record.StartOfTime
	}
	return t - past
}

// after returns t moved on by d, or the end of time where that is no longer a time.
func after(t, d record.Millis) record.Millis {
	if t > record.EndOfTime-d {
		return record.EndOfTime
	}
	return t + d
}
