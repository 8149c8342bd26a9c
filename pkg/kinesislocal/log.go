package kinesislocal

import (
	"slices"
	"sort"
)

// segmentBytes is where a log begins a new segment: the grain in which memory is given back.
const segmentBytes = 1 << 20

// log holds a shard's records by index, from base up to and without next. A record costs its bytes and 16 more. What is
// there never changes, so that a page may be read after the shard's lock has been given back.
type log struct {
	segments []*segment
	base     uint64 // of the oldest record that is left
	next     uint64 // of the record that comes next
	last     millis // arrival of the newest record: arrivals never go back
	bytes    int64
}

type segment struct {
	first   uint64 // index of entries[0]
	entries []entry
	buf     []byte // key, then payload, record after record
}

type entry struct {
	arrival millis
	end     uint32 // of its bytes in buf; they begin where those of the one before end
	key     uint16 // length of its partition key
}

func (s *segment) start(i int) uint32 {
	if i == 0 {
		return 0
	}
	return s.entries[i-1].end
}

func (s *segment) record(i int) (key, data []byte) {
	e := &s.entries[i]
	b := s.buf[s.start(i):e.end:e.end]
	return b[:e.key], b[e.key:]
}

func (s *segment) end() uint64 { return s.first + uint64(len(s.entries)) }

// append adds a record and returns its index and its arrival.
func (l *log) append(key string, data []byte, now millis) (uint64, millis) {
	now = max(now, l.last)
	n := len(l.segments)
	if n == 0 || len(l.segments[n-1].buf) >= segmentBytes {
		l.segments = append(l.segments, &segment{first: l.next})
		n++
	}
	s := l.segments[n-1]
	s.buf = append(append(s.buf, key...), data...)
	s.entries = append(s.entries, entry{now, uint32(len(s.buf)), uint16(len(key))})
	l.last, l.next = now, l.next+1
	l.bytes += int64(len(key) + len(data))
	return l.next - 1, now
}

// find returns the segment that holds index, which is not behind next, and the place in it.
func (l *log) find(index uint64) (segment, place int) {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].end() > index })
	if i == len(l.segments) {
		return i, 0
	}
	return i, int(index - l.segments[i].first)
}

// at returns the arrival of the record with this index, which is there.
func (l *log) at(index uint64) millis {
	s, i := l.find(index)
	return l.segments[s].entries[i].arrival
}

// since returns the index of the first record that arrived at t or later.
func (l *log) since(t millis) uint64 {
	n := sort.Search(int(l.next-l.base), func(i int) bool { return l.at(l.base+uint64(i)) >= t })
	return l.base + uint64(n)
}

// trim drops the records before index and returns their bytes.
func (l *log) trim(index uint64) int64 {
	index = min(index, l.next)
	if index <= l.base {
		return 0
	}
	var freed int64
	from, i := l.find(l.base)
	to, j := l.find(index)
	for s := from; s < len(l.segments) && s <= to; s++ {
		seg, stop := l.segments[s], len(l.segments[s].entries)
		if s == to {
			stop = j
		}
		freed += int64(seg.start(stop) - seg.start(i))
		i = 0
	}
	l.segments = slices.Delete(l.segments, 0, to)
	l.base, l.bytes = index, l.bytes-freed
	return freed
}

// expire drops the records that arrived before t and returns their bytes.
func (l *log) expire(t millis) int64 {
	if l.base == l.next || l.at(l.base) >= t {
		return 0
	}
	return l.trim(l.since(t))
}

// run is a stretch of records in one segment. Its slices are the log's and never change.
type run struct {
	segment
	from, to int
}

// read returns the records from index on, as far as limit and maxBytes allow, but one at least if there is one; with their
// number and bytes.
func (l *log) read(index uint64, limit, maxBytes int) (runs []run, count, bytes int) {
	s, i := l.find(index)
	for ; s < len(l.segments) && count < limit; s, i = s+1, 0 {
		seg := l.segments[s]
		from := i
		for ; i < len(seg.entries) && count < limit; i++ {
			n := int(seg.entries[i].end - seg.start(i))
			if bytes+n > maxBytes && count > 0 {
				limit = count
				break
			}
			count, bytes = count+1, bytes+n
		}
		if i > from {
			runs = append(runs, run{*seg, from, i})
		}
	}
	return runs, count, bytes
}
