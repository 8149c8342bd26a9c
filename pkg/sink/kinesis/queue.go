package kinesis

import (
	"slices"
	"time"
)

// entry is one record of Kinesis on its way: a user record, or an aggregate of some.
type entry struct {
	key      string
	explicit string // explicit hash key of an aggregate; "" otherwise
	data     []byte
	since    time.Time // when it came
	number   uint64    // its place among all entries
	attempts int

	shard   string   // of an aggregate: where it is to go, which is also what it is ordered by
	members []*entry // of an aggregate: the user records in it
	landed  string   // of an aggregate that went astray: where it is
}

// lane is what entries keep their order by: the key, and for aggregates, which hold many keys of one shard, the shard.
func (e *entry) lane() string {
	if e.members != nil {
		return e.shard
	}
	return e.key
}

func (e *entry) size() int { return len(e.data) + len(e.key) }

// queue holds what waits, in order, and knows what may go out next. It has no locks and no clock.
type queue struct {
	strict  bool
	entries []*entry
	bytes   int
	number  uint64
	// busy counts what is in flight of a lane; the rest of it waits, since requests overtake each other.
	busy map[string]int
	// failed are lanes of which something has failed and not gone out since, with the time until which they wait: until it
	// has, a request holds one entry of theirs, so that nothing later goes ahead of it.
	failed map[string]time.Time
}

func newQueue(strict bool) *queue {
	return &queue{strict: strict, busy: map[string]int{}, failed: map[string]time.Time{}}
}

// add puts entries at the end.
func (q *queue) add(entries ...*entry) {
	for _, e := range entries {
		q.number++
		e.number = q.number
		q.bytes += e.size()
	}
	q.entries = append(q.entries, entries...)
}

// retry puts entries that failed back in their places.
func (q *queue) retry(failed []*entry, until time.Time) {
	for _, e := range failed {
		q.failed[e.lane()] = until
		q.bytes += e.size()
	}
	q.entries = append(q.entries, failed...)
	slices.SortFunc(q.entries, func(a, b *entry) int {
		switch {
		case a.number < b.number:
			return -1
		case a.number > b.number:
			return 1
		}
		return 0
	})
}

// take removes and returns what goes into the next request, nil where nothing may go out.
func (q *queue) take(now time.Time, maxBytes int) (request []*entry) {
	passed := map[string]bool{} // lanes of which something stays behind, or that may have one entry a request
	kept, bytes := q.entries[:0], 0
	for i, e := range q.entries {
		if len(request) == maxRequestRecords || len(request) > 0 && bytes+e.size() > maxBytes {
			kept = append(kept, q.entries[i:]...)
			break
		}
		lane := e.lane()
		until, failed := q.failed[lane]
		if passed[lane] || q.busy[lane] > 0 || failed && now.Before(until) {
			passed[lane] = true
			kept = append(kept, e)
			continue
		}
		if q.strict || failed {
			passed[lane] = true
		}
		bytes += e.size()
		request = append(request, e)
	}
	clear(q.entries[len(kept):])
	q.entries = kept
	for _, e := range request {
		q.busy[e.lane()]++
		q.bytes -= e.size()
	}
	return request
}

// landed notes that e is not in flight any more; ok that it went out.
func (q *queue) landed(e *entry, ok bool) {
	lane := e.lane()
	if q.busy[lane]--; q.busy[lane] <= 0 {
		delete(q.busy, lane)
	}
	if ok {
		delete(q.failed, lane)
	}
}

// full reports whether a whole request waits.
func (q *queue) full(maxBytes int) bool {
	return len(q.entries) >= maxRequestRecords || q.bytes >= maxBytes
}

// next returns the earliest time at which a lane that waits after a failure may go on; ok is false where none waits.
func (q *queue) next() (t time.Time, ok bool) {
	for _, until := range q.failed {
		if !ok || until.Before(t) {
			t, ok = until, true
		}
	}
	return t, ok
}
