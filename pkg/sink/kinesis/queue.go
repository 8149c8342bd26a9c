package kinesis

import (
	"slices"
	"time"
)

// queue holds what waits, and knows what may go out next and when it has to. It has no locks and no clock.
//
// Every entry waits in its lane. A lane is ready, in flight, or rests after a failure; what may go out is whatever the
// ready lanes offer, so that nothing is looked at in vain, however much waits in lanes that are held up. An entry costs
// one look-up, when it comes.
type queue struct {
	strict     bool          // a request holds one entry of a lane
	batchBytes int           // the most of a request
	linger     time.Duration // how long an entry waits for others

	lanes   map[string]*lane // those that are not idle
	ready   lanes
	resting []rest
	free    *lane // idle ones, to be used again

	held    load // by all lanes, without what is in flight
	offered load // by the ready ones
	// deadline is when an entry of a ready lane has to go out. Once a full request has taken that entry it is early for the
	// others, which is harmless; it is set anew when nothing is ready any more.
	deadline time.Time
}

// rest are lanes that wait for until.
type rest struct {
	until time.Time
	lanes []*lane
}

func newQueue(strict bool, batchBytes int, linger time.Duration) *queue {
	return &queue{strict: strict, batchBytes: batchBytes, linger: linger, lanes: map[string]*lane{}}
}

// add puts e behind all of its lane.
func (q *queue) add(e *entry) {
	name := e.order()
	l := q.lanes[name]
	if l == nil {
		l = q.open(name)
	}
	e.lane = l
	l.push(e)
	q.held.records++
	q.held.bytes += e.size()
	switch {
	case l.state == idle:
		q.offer(l)
	case l.state == ready && !q.strict && l.again == 0:
		l.offered.records++
		l.offered.bytes += e.size()
		q.offered.records++
		q.offered.bytes += e.size()
	}
}

func (q *queue) open(name string) *lane {
	l := q.free
	if l == nil {
		l = &lane{}
	} else {
		q.free = l.next
	}
	*l = lane{name: name}
	q.lanes[name] = l
	return l
}

// offer makes l ready: nothing of it is in flight, and something waits.
func (q *queue) offer(l *lane) {
	l.state = ready
	l.offered = load{l.most(q.strict), l.bytes}
	if l.offered.records < l.waiting {
		l.offered.bytes = 0
		e := l.first
		for range l.offered.records {
			l.offered.bytes += e.size()
			e = e.next
		}
	}
	deadline := l.first.since.Add(q.linger)
	if q.ready.first == nil || deadline.Before(q.deadline) {
		q.deadline = deadline
	}
	q.ready.push(l)
	q.offered.records += l.offered.records
	q.offered.bytes += l.offered.bytes
}

// full reports whether what is ready fills a request.
func (q *queue) full() bool {
	return q.offered.records >= maxRequestRecords || q.offered.bytes >= q.batchBytes
}

// take removes and returns what goes into the next request, nil where nothing may go out. Entries of one lane stand
// together, in order. A single entry may be larger than a request is meant to be.
func (q *queue) take() (request []*entry) {
	bytes := 0
	fits := func(e *entry) bool {
		return len(request) == 0 || len(request) < maxRequestRecords && bytes+e.size() <= q.batchBytes
	}
	for q.ready.first != nil && fits(q.ready.first.first) {
		l := q.ready.pop()
		l.state = flying
		q.offered.records -= l.offered.records
		q.offered.bytes -= l.offered.bytes
		for n := l.most(q.strict); n > 0 && fits(l.first); n-- {
			e := l.pop()
			bytes += e.size()
			request = append(request, e)
		}
	}
	q.held.records -= len(request)
	q.held.bytes -= bytes
	return request
}

// settle takes back a request of which the entries failed[i] are to go out again, before anything else of their lanes and
// not before what until returns for the most failures in a row of one of these lanes.
func (q *queue) settle(request []*entry, failed []bool, until func(failures int) time.Time) {
	var tired []*lane
	failures := 0
	for end := len(request); end > 0; {
		l := request[end-1].lane
		kept := 0
		begin := end
		for ; begin > 0 && request[begin-1].lane == l; begin-- {
			if e := request[begin-1]; failed[begin-1] {
				l.putBack(e)
				kept++
				q.held.records++
				q.held.bytes += e.size()
			}
		}
		// Those of the request were the first that had failed, if there were such; the others of these still wait.
		l.again = max(l.again-(end-begin), 0) + kept
		end = begin
		switch {
		case kept > 0:
			l.state = resting
			l.failures++
			failures = max(failures, l.failures)
			tired = append(tired, l)
		case l.waiting > 0:
			l.failures = 0
			q.offer(l)
		default:
			q.close(l)
		}
	}
	if len(tired) > 0 {
		slices.Reverse(tired) // back into the request's order
		q.resting = append(q.resting, rest{until(failures), tired})
	}
}

func (q *queue) close(l *lane) {
	delete(q.lanes, l.name)
	*l = lane{next: q.free}
	q.free = l
}

// wake makes ready what has rested by now.
func (q *queue) wake(now time.Time) {
	q.resting = slices.DeleteFunc(q.resting, func(r rest) bool {
		if now.Before(r.until) {
			return false
		}
		for _, l := range r.lanes {
			q.offer(l)
		}
		q.deadline = now // they have waited long enough
		return true
	})
}

// next returns when something ready has to go out, or something is done with resting; ok is false where nothing is.
func (q *queue) next() (t time.Time, ok bool) {
	if q.ready.first != nil {
		t, ok = q.deadline, true
	}
	for _, r := range q.resting {
		if !ok || r.until.Before(t) {
			t, ok = r.until, true
		}
	}
	return t, ok
}

// drain empties q, of which nothing is in flight, and returns what waited, each lane's in order.
func (q *queue) drain() (entries []*entry) {
	for _, l := range q.lanes {
		for l.first != nil {
			entries = append(entries, l.pop())
		}
	}
	*q = *newQueue(q.strict, q.batchBytes, q.linger)
	return entries
}
