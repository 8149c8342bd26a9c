package operator

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
	"github.com/kstream/kstream/pkg/window"
)

// lateWindows is what windows keep where they allow lateness. A nil one allows none, and does nothing.
type lateWindows struct {
	lateness time.Duration
	// waiting has the windows that have not fired, in the bucket of their end: one entry for each key group that has groups
	// of it, so that it can be split as the groups are.
	waiting *state.Table[mark]
	// reopened are the groups that a record has come to since their window fired, in the order in which that happened; none
	// between two slices.
	reopened []reopened
	marked   map[*group]struct{} // those in reopened
}

type reopened struct {
	entry *state.Entry[*group]
	span  window.Span
}

// mark is an entry that says that it is there, and no more.
type mark struct{}

// Append implements state.Value.
func (mark) Append(dst []byte) []byte { return append(dst, groupVersion) }

// Size implements state.Value.
func (mark) Size() int { return 0 }

func loadMark(data []byte) (mark, error) {
	rest, err := versioned(data)
	if err == nil && len(rest) > 0 {
		err = errKept
	}
	return mark{}, err
}

func openLateWindows(store *state.Store, lateness time.Duration, table uint16) (*lateWindows, error) {
	waiting, err := state.NewTable(store, table, loadMark)
	if err != nil {
		return nil, err
	}
	return &lateWindows{lateness: lateness, waiting: waiting, marked: map[*group]struct{}{}}, nil
}

// met takes note of a new group, of a window that ends at end.
func (l *lateWindows) met(g *group, end record.Millis, keyGroup uint8, watermark record.Millis) error {
	if l == nil || end <= watermark {
		return nil // its first result is revision 0
	}
	g.next = 1
	found, err := l.waiting.Find(end, keyGroup, nil)
	if err == nil && found == nil {
		l.waiting.Insert(end, keyGroup, nil, mark{})
	}
	return err
}

// touched takes note of a record in a group, whose window may have fired.
func (l *lateWindows) touched(e *state.Entry[*group], span window.Span, watermark record.Millis) {
	if l == nil || span.End > watermark {
		return
	}
	if _, ok := l.marked[e.Value]; ok {
		return
	}
	l.marked[e.Value] = struct{}{}
	l.reopened = append(l.reopened, reopened{e, span})
}

// next takes the first of reopened.
func (l *lateWindows) next() reopened {
	x := l.reopened[0]
	l.reopened[0] = reopened{}
	l.reopened = l.reopened[1:]
	delete(l.marked, x.entry.Value)
	return x
}
