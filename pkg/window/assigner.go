package window

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Tumbling cuts time into windows of one Size, one behind the other. Size is in whole milliseconds, at least one.
type Tumbling struct{ Size time.Duration }

// Assign appends the one window of t.
func (w Tumbling) Assign(dst []Span, t record.Millis) []Span {
	size := millis(w.Size)
	start := floor(t, size)
	return append(dst, Span{Start: start, End: after(start, size)})
}

// Sliding has a window of Size begin at each multiple of Every; both are in whole milliseconds, at least one. A time falls into
// Size/Every windows, rounded up or down; with Every longer than Size there are times that fall into none.
type Sliding struct{ Size, Every time.Duration }

// Assign appends the windows of t, the earliest first.
func (w Sliding) Assign(dst []Span, t record.Millis) []Span {
	size, every := millis(w.Size), millis(w.Every)
	last := floor(t, every)
	// The first window is the earliest whose end is still behind t. Counting back from the last keeps clear of what
	// subtracting the size from a time at the very start would wrap to.
	into := t - last
	if into >= size {
		return dst
	}
	for back := (size - into - 1) / every; back >= 0; back-- {
		if last < record.StartOfTime+back*every {
			continue // would begin before there is time
		}
		start := last - back*every
		dst = append(dst, Span{Start: start, End: after(start, size)})
	}
	return dst
}
