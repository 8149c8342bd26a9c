package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
	"github.com/kstream/kstream/pkg/window"
)

// windows is an aggregate over tumbling or sliding windows. A group is kept in the bucket of its window's end, so that all
// keys of a window fire, and go, in one step.
//
// A window that allows lateness stays when it has fired, for lateness more of event time. Which ones have not fired yet is
// then in a table of its own, by window and key group: no group has to be written for having fired.
type windows struct {
	absorber
	assigner window.Assigner
	length   record.Millis // of a window
	late     *lateWindows  // nil: no lateness
	groups   *state.Table[*group]
	spans    []window.Span
	apart    bool        // windows don't overlap
	last     window.Span // where they are apart: the one that the last record fell into

	firing record.Millis // the window that cursor goes over
	cursor *state.Cursor[*group]
}

func openWindows(store *state.Store, common absorber, w *windowing, table uint16) (Stage, error) {
	s := &windows{absorber: common, assigner: w.assigner, length: w.length()}
	s.watermark = record.StartOfTime
	_, s.apart = w.assigner.(window.Tumbling)
	var err error
	if s.groups, err = state.NewTable(store, table, s.result.loadGroup); err != nil {
		return nil, err
	}
	if w.lateness > 0 {
		s.late, err = openLateWindows(store, w.lateness, table+1)
	}
	return s, err
}

// Process absorbs b's records.
func (s *windows) Process(_ context.Context, b *record.Batch) error {
	for i := range b.Records {
		r := &b.Records[i]
		if s.last.Start <= r.Event && r.Event < s.last.End {
			s.spans = append(s.spans[:0], s.last)
		} else {
			s.spans = s.assigner.Assign(s.spans[:0], r.Event)
			if s.apart {
				s.last = s.spans[0]
			}
		}
		if err := s.record(b, r); err != nil {
			return err
		}
	}
	b.Records = b.Records[:0]
	return nil
}

// record counts r in each of its windows that takes it still.
func (s *windows) record(b *record.Batch, r *record.Record) error {
	var took, missed bool
	for _, span := range s.spans {
		// Its own lane may say so, whatever the others do; or the task, where that lane was idle.
		if s.closes(span.End) <= max(r.Watermark, s.watermark) {
			missed = true
			continue
		}
		took = true
		if err := s.count(b, r, span); err != nil {
			return err
		}
	}
	switch {
	case !took:
		s.closed(b, r, s.spans[len(s.spans)-1])
	case missed:
		s.byReason.Partly++
	}
	return nil
}

// closes returns when a window takes no more records.
func (s *windows) closes(end record.Millis) record.Millis {
	if s.late == nil {
		return end
	}
	return plus(end, s.late.lateness)
}

func (s *windows) count(b *record.Batch, r *record.Record, span window.Span) error {
	e, err := s.groups.Find(span.End, r.KeyGroup(), r.Group)
	if err != nil {
		return err
	}
	if e == nil {
		e = s.groups.Insert(span.End, r.KeyGroup(), r.Group, s.result.newGroup())
		if err := s.late.met(e.Value, span.End, r.KeyGroup(), s.watermark); err != nil {
			return err
		}
	}
	s.add(b, r, e.Value.values)
	s.groups.Touch(e)
	s.late.touched(e, span, s.watermark)
	return nil
}

// Advance gives out the windows that opened again, then those that end by w, the earliest first, and forgets those that take
// no more records.
func (s *windows) Advance(_ context.Context, w record.Millis, out *record.Batch) (more bool, err error) {
	s.begin(w)
	if more, err = s.revise(out); more || err != nil {
		return more, err
	}
	for {
		if s.cursor == nil {
			end, ok := s.due()
			if !ok || end > s.watermark {
				break
			}
			s.firing, s.cursor = end, s.groups.Scan(end)
		}
		if more, err = s.fire(out); more || err != nil {
			return more, err
		}
	}
	for end, ok := s.groups.First(); s.late != nil && ok && s.closes(end) <= s.watermark; end, ok = s.groups.First() {
		s.groups.Drop(end)
	}
	return false, nil
}

// due returns the end of the earliest window that has not fired.
func (s *windows) due() (end record.Millis, ok bool) {
	if s.late != nil {
		return s.late.waiting.First()
	}
	return s.groups.First()
}

// fire gives out groups of the window in hand; more: out is full before its end.
func (s *windows) fire(out *record.Batch) (more bool, err error) {
	span := window.Span{Start: s.firing - s.length, End: s.firing}
	for s.cursor.Next() {
		room, err := s.emit(out, s.cursor.Key(), span, 0, s.cursor.Value().values)
		if err != nil || !room {
			return true, err
		}
	}
	err = s.cursor.Close()
	s.cursor = nil
	if err != nil {
		return false, err
	}
	if s.late != nil {
		s.late.waiting.Drop(s.firing)
	} else {
		s.groups.Drop(s.firing)
	}
	return false, nil
}

// revise gives out the windows that have opened again since the last time.
func (s *windows) revise(out *record.Batch) (more bool, err error) {
	for s.late != nil && len(s.late.reopened) > 0 {
		x := s.late.next()
		g := x.entry.Value
		g.next++
		s.groups.Touch(x.entry)
		room, err := s.emit(out, x.entry.Key(), x.span, g.next-1, g.values)
		if err != nil || !room {
			return true, err
		}
	}
	return false, nil
}
