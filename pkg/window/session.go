package window

import (
	"sort"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Session makes a window of records that follow each other by less than Gap: it begins with its first record and ends Gap
// after its last one. Which sessions there are depends on the records of a key, so whoever keeps them asks Join.
type Session struct{ Gap time.Duration }

// Span returns the session that a record at t is on its own.
func (w Session) Span(t record.Millis) Span { return Span{Start: t, End: after(t, millis(w.Gap))} }

// Join returns the session that a record at t belongs to once it is counted, and which of the sessions in open that session
// takes the place of: open[from:to], none of them where the record begins a session of its own at place from. The sessions
// in open are sorted and don't touch; they stay so if the caller puts the result in their place.
func (w Session) Join(open []Span, t record.Millis) (s Span, from, to int) {
	s = w.Span(t)
	from = sort.Search(len(open), func(i int) bool { return open[i].End > s.Start })
	for to = from; to < len(open) && open[to].Touches(s); to++ {
		s = s.Cover(open[to])
	}
	return s, from, to
}
