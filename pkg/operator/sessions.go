package operator

import (
	"context"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
	"github.com/kstream/kstream/pkg/window"
)

// sessions is an aggregate over session windows. All sessions of a key are one entry, in the one bucket of their table,
// since a record may join two of them.
//
// When a key is due stands in a second table, in buckets of a 64th of the gap: not at each record, but when its bucket comes
// up is the key moved on to where it is due then. So a record costs one look-up, and nothing is scanned that is not nearly
// due. The keys of the bucket that has come up wait in memory, by when they end.
type sessions struct {
	absorber
	session window.Session
	grid    record.Millis // the width of a bucket of due
	byKey   *state.Table[*keySessions]
	due     *state.Table[mark]
	cell    record.Millis // the bucket of due that has come up
	up      bool          // there is one
	waiting waiting       // its keys
}

// allSessions is the bucket of byKey.
const allSessions record.Millis = 0

// cells is into how many buckets of due a gap is cut.
const cells = 64

func openSessions(store *state.Store, common absorber, w window.Session, table uint16) (Stage, error) {
	s := &sessions{absorber: common, session: w, grid: max(1, record.Millis(w.Gap/time.Millisecond)/cells)}
	s.watermark = record.StartOfTime
	var err error
	if s.byKey, err = state.NewTable(store, table, s.result.loadSessions); err != nil {
		return nil, err
	}
	s.due, err = state.NewTable(store, table+1, loadMark)
	return s, err
}

// Process absorbs b's records.
func (s *sessions) Process(_ context.Context, b *record.Batch) error {
	for i := range b.Records {
		r := &b.Records[i]
		// The result of a window may be right at the watermark, since its window ends behind it; no session that is over can
		// be.
		if r.Event < s.watermark {
			s.closed(b, r, window.Span{})
			continue
		}
		if err := s.record(b, r); err != nil {
			return err
		}
	}
	b.Records = b.Records[:0]
	return nil
}

// record counts r in the session that it belongs to, joins those that it bridges, or begins one.
func (s *sessions) record(b *record.Batch, r *record.Record) error {
	e, err := s.byKey.Find(allSessions, r.KeyGroup(), r.Group)
	if err != nil {
		return err
	}
	if e == nil {
		e = s.byKey.Insert(allSessions, r.KeyGroup(), r.Group, &keySessions{due: record.EndOfTime})
	}
	k := e.Value
	span, from, to := s.session.Join(k.spans, r.Event)
	if from == to {
		k.insert(from, s.result.newValues())
	}
	k.join(from, max(to, from+1), span)
	s.add(b, r, k.values[from])
	err = s.dueAt(k, r.KeyGroup(), e.Key())
	s.byKey.Touch(e)
	return err
}

// dueAt sees to it that the key comes up in time for its first session to end. A place before that is good enough.
func (s *sessions) dueAt(k *keySessions, group uint8, key []byte) error {
	cell := s.cellOf(k.spans[0].End)
	if k.due <= cell {
		return nil
	}
	k.due = cell // an entry in a later bucket is passed over when that comes up
	found, err := s.due.Find(cell, group, key)
	if err == nil && found == nil {
		s.due.Insert(cell, group, key, mark{})
	}
	return err
}

// cellOf returns the bucket of due that end lies in.
func (s *sessions) cellOf(end record.Millis) record.Millis { return floor(end, s.grid) }

// Advance gives out the sessions that end by w, the earliest first.
func (s *sessions) Advance(_ context.Context, w record.Millis, out *record.Batch) (more bool, err error) {
	s.begin(w)
	for {
		if !s.up {
			cell, ok := s.due.First()
			if !ok || cell > s.watermark {
				return false, nil
			}
			if err := s.comeUp(cell); err != nil {
				return false, err
			}
		}
		for len(s.waiting) > 0 && s.waiting[0].end <= s.watermark {
			room, err := s.end(out, s.waiting.take())
			if err != nil || !room {
				return true, err
			}
		}
		if len(s.waiting) > 0 || plus(s.cell, time.Duration(s.grid)*time.Millisecond) > s.watermark {
			return false, nil
		}
		s.due.Drop(s.cell)
		s.up = false
	}
}

// comeUp takes the keys of a bucket of due into memory, and moves those on whose sessions have gone on meanwhile.
func (s *sessions) comeUp(cell record.Millis) error {
	s.cell, s.up = cell, true
	cursor := s.due.Scan(cell)
	var keys []waitingKey
	for cursor.Next() {
		keys = append(keys, waitingKey{group: cursor.Group(), key: string(cursor.Key())})
	}
	if err := cursor.Close(); err != nil {
		return err
	}
	for _, w := range keys {
		e, err := s.byKey.Find(allSessions, w.group, []byte(w.key))
		if err != nil {
			return err
		}
		if e == nil || e.Value.due != cell {
			continue // it was due before, and all its sessions are over or it has been moved
		}
		if err := s.wait(e, w); err != nil {
			return err
		}
	}
	return nil
}

// wait has a key wait for the end of its first session: in memory if that is in the bucket that has come up, else in due.
func (s *sessions) wait(e *state.Entry[*keySessions], w waitingKey) error {
	k := e.Value
	if w.end = k.spans[0].End; s.cellOf(w.end) <= s.cell {
		s.waiting.put(w)
		return nil
	}
	k.due = record.EndOfTime
	err := s.dueAt(k, w.group, e.Key())
	s.byKey.Touch(e)
	return err
}

// end gives out the first session of a key if it is over by now, and has the key wait for its next one.
func (s *sessions) end(out *record.Batch, w waitingKey) (room bool, err error) {
	e, err := s.byKey.Find(allSessions, w.group, []byte(w.key))
	if err != nil || e == nil {
		return true, err
	}
	k := e.Value
	room = true
	if k.spans[0].End <= s.watermark {
		if room, err = s.emit(out, e.Key(), k.spans[0], 0, k.values[0]); err != nil {
			return false, err
		}
		k.remove(0)
		if len(k.spans) == 0 {
			s.byKey.Delete(e)
			return room, nil
		}
		s.byKey.Touch(e)
	}
	return room, s.wait(e, w)
}
