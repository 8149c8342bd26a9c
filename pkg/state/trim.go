package state

import "github.com/kstream/kstream/pkg/record"

// sweep is one run of the hand of a clock over the entries: it takes what was not used since it last came by.
type sweep struct {
	store   *Store
	durable record.Epoch
	// patience is how many entries may be looked at for nothing before the rest waits for the next Trim.
	patience int
}

func (s *sweep) done() bool { return s.patience <= 0 || s.store.bytes <= s.store.cfg.Memory }

// Trim evicts entries that are unchanged and durable until the state is within its budget, and forgets what was deleted
// once that is durable. It is called between slices, and does no I/O. What it may not evict, and a bound on its work, can
// leave more in memory for a while. No Entry is good after it, but buckets with an open Cursor stay as they are.
func (s *Store) Trim() {
	if s.cfg.Durable == nil {
		return
	}
	durable := s.cfg.Durable()
	for _, t := range s.tables {
		t.bury(durable)
	}
	if s.cfg.Reader == nil || s.bytes <= s.cfg.Memory {
		s.added = 0
		return
	}
	// The work follows what came in, so that a state full of what can't go yet costs the same a slice as one that has none.
	const least = 4096
	w := &sweep{store: s, durable: durable, patience: least + 2*s.added}
	s.added = 0
	// Twice around: the first time may only find that everything was used.
	for turns := 2 * len(s.tables); turns >= 0 && !w.done(); {
		if s.tables[s.hand].sweep(w) {
			s.hand = (s.hand + 1) % len(s.tables)
			turns--
		}
	}
}

func (t *Table[V]) sweep(s *sweep) bool {
	for i := t.from(t.hand); i < len(t.order); i++ {
		b := t.order[i]
		if b.cursors == 0 && !b.sweep(s) {
			t.hand = b.at
			return false
		}
	}
	t.hand = record.StartOfTime
	return true
}

// sweep evicts from the unchanged entries of b, and reports whether the hand has come to their end.
func (b *bucket[V]) sweep(s *sweep) bool {
	for b.hand = max(b.hand, b.changed); b.hand < len(b.entries); {
		if s.done() {
			return false
		}
		e := b.entries[b.hand]
		if e.epoch > s.durable || e.dead || e.used {
			e.used = false
			s.patience--
			b.hand++
			continue
		}
		s.store.bytes -= e.weight()
		e.part.away++
		b.remove(e)
	}
	b.hand = 0
	return true
}
