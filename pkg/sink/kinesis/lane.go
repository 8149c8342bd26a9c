package kinesis

// lane is what keeps its order: the records of one key, or the aggregates of one shard. At any time at most one request
// holds entries of it, since requests overtake each other.
type lane struct {
	name        string
	state       state
	first, last *entry // that wait, in order
	waiting     int
	bytes       int // of those that wait
	// again are how many of the first have been sent and failed. What is behind them goes out after they have got in, not
	// with them.
	again    int
	failures int // requests in a row in which something of it failed
	offered  load
	next     *lane // in the list that it is in
}

// state is where a lane is.
type state uint8

const (
	idle    state = iota // nothing waits
	ready                // in queue.ready
	flying               // in a request
	resting              // in queue.resting, after a failure
)

// load is an amount of entries.
type load struct{ records, bytes int }

func (l *lane) push(e *entry) {
	e.next = nil
	if l.last == nil {
		l.first = e
	} else {
		l.last.next = e
	}
	l.last = e
	l.waiting++
	l.bytes += e.size()
}

// putBack puts e before all that waits.
func (l *lane) putBack(e *entry) {
	e.next = l.first
	if l.first = e; l.last == nil {
		l.last = e
	}
	l.waiting++
	l.bytes += e.size()
}

func (l *lane) pop() *entry {
	e := l.first
	if l.first = e.next; l.first == nil {
		l.last = nil
	}
	e.next = nil
	l.waiting--
	l.bytes -= e.size()
	return e
}

// most returns how many entries the next request may hold.
func (l *lane) most(strict bool) int {
	switch {
	case strict:
		return 1
	case l.again > 0:
		return l.again
	}
	return l.waiting
}

// lanes is a list of lanes, first in first out.
type lanes struct{ first, last *lane }

func (q *lanes) push(l *lane) {
	l.next = nil
	if q.last == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

func (q *lanes) pop() *lane {
	l := q.first
	if q.first = l.next; q.first == nil {
		q.last = nil
	}
	l.next = nil
	return l
}
