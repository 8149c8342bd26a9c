package pipeline

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// memory is a source in memory. Its partitions can be split and merged by having parents; what has no children stays
// open. Its clock is the bubble's.
type memory struct {
	parts map[record.PartitionID]*memPartition
	page  func() int // records of the next page
	// setback tells whether a call for a partition fails at that time; nil: none does.
	setback func(name string, now time.Time) bool

	mu      sync.Mutex
	fresh   []record.Partition // guarded by mu; not yet returned by Partitions
	opened  []record.PartitionID
	listed  bool // Partitions has been called
	bounded bool
}

type memPartition struct {
	part     record.Partition
	payloads []string
	arrival  []record.Millis // of each payload; nil: all at 0
	children []record.PartitionID
}

// poll is how long a reader at the tip waits between two looks.
const poll = time.Second

func newMemory(page func() int) *memory {
	return &memory{parts: map[record.PartitionID]*memPartition{}, page: page}
}

// add makes a partition of n records "name-000000" …, with parents.
func (m *memory) add(name string, n int, parents ...string) *memPartition {
	id := record.PartitionID("mem/" + name)
	p := &memPartition{part: record.Partition{ID: id, Stream: "mem", Shard: name}}
	for i := range n {
		p.payloads = append(p.payloads, fmt.Sprintf("%s-%06d", name, i))
	}
	for _, parent := range parents {
		pid := record.PartitionID("mem/" + parent)
		p.part.Parents = append(p.part.Parents, pid)
		m.parts[pid].children = append(m.parts[pid].children, id)
	}
	m.parts[id] = p
	return p
}

func (m *memory) Now(context.Context) (record.Millis, error) { return record.MillisOf(time.Now()), nil }

func (m *memory) Restore(_ context.Context, from record.Position, known []record.State) ([]record.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fresh, m.opened, m.listed = nil, nil, false
	if known != nil {
		from = record.Position{}
	}
	kept := slices.DeleteFunc(known, func(s record.State) bool { return m.parts[s.Partition.ID] == nil })
	for id, p := range m.parts {
		isKnown := slices.ContainsFunc(kept, func(s record.State) bool { return s.Partition.ID == id })
		if len(p.part.Parents) == 0 && !isKnown {
			part := p.part
			part.Start = from
			m.fresh = append(m.fresh, part)
		}
	}
	return kept, nil
}

// gone takes a partition off the list, as retention does.
func (m *memory) gone(name string) { delete(m.parts, record.PartitionID("mem/"+name)) }

func (m *memory) Reads(p record.Partition) bool { return p.Stream == "mem" }

func (m *memory) Partitions(ctx context.Context) ([]record.Partition, error) {
	m.mu.Lock()
	fresh, first := m.fresh, !m.listed
	m.fresh, m.listed = nil, true
	m.mu.Unlock()
	if first {
		return fresh, nil
	}
	if m.bounded {
		return nil, io.EOF
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func (m *memory) Open(_ context.Context, s record.State) (record.Reader, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opened = append(m.opened, s.Partition.ID)
	p := m.parts[s.Partition.ID]
	r := &memReader{m: m, p: p}
	switch at := s.Position; at.Where {
	case record.After, record.At:
		n, err := strconv.Atoi(string(at.Sequence))
		if err != nil {
			return nil, err
		}
		if r.next = n; at.Where == record.After {
			r.next++
		}
	case record.AtTime:
		for r.next < len(p.payloads) && p.arrived(r.next) < at.Time {
			r.next++
		}
	case record.Latest:
		return nil, fmt.Errorf("latest reached Open")
	}
	r.end = s.Position
	return r, nil
}

func (p *memPartition) arrived(i int) record.Millis {
	if p.arrival == nil {
		return 0
	}
	return p.arrival[i]
}

type memReader struct {
	m    *memory
	p    *memPartition
	next int
	end  record.Position
	over bool
	tip  bool
}

func (r *memReader) Read(ctx context.Context, p *record.Page) error {
	if r.over {
		return io.EOF
	}
	if r.tip {
		select {
		case <-time.After(poll):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for r.m.setback != nil && r.m.setback(r.p.part.Shard, time.Now()) {
		p.Setback()
		select {
		case <-time.After(poll):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := p.Reserve(ctx, 1000); err != nil {
		return err
	}
	p.Begun = record.MillisOf(time.Now())
	bytes := 0
	for n := r.m.page(); r.next < len(r.p.payloads) && n > 0 && r.p.arrived(r.next) <= p.Begun; n-- {
		p.Records = append(p.Records, record.Record{
			Data: []byte(r.p.payloads[r.next]), Key: []byte("k"), Sequence: strconv.AppendInt(nil, int64(r.next), 10),
			Arrival: r.p.arrived(r.next), Event: r.p.arrived(r.next),
		})
		bytes += len(r.p.payloads[r.next])
		r.end = record.Position{Where: record.After, Sequence: record.Sequence(strconv.Itoa(r.next))}
		r.next++
	}
	p.Settle(bytes)
	p.End, p.HandledTo = r.end, p.Begun
	r.tip = r.next == len(r.p.payloads) || r.p.arrived(r.next) > p.Begun
	p.Tip = r.tip
	if r.next == len(r.p.payloads) && (r.p.children != nil || r.m.bounded) {
		r.over, p.End = true, record.Position{Where: record.Ended}
		for _, id := range r.p.children {
			child := r.m.parts[id].part
			p.Children = append(p.Children, child)
			for _, parent := range child.Parents {
				p.Children = append(p.Children, r.m.parts[parent].part)
			}
		}
	}
	return nil
}

func (r *memReader) Close() error { return nil }

// order returns the index in which partitions were opened.
func (m *memory) order(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Index(m.opened, record.PartitionID("mem/"+name))
}
