package pipeline

import (
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// partitions is what the coordinator knows of every partition of the job, and the rule by which they open: a partition
// opens when each of its parents has been handled to its end or is not part of this job. It has no locks and no clock.
type partitions struct {
	entries map[record.PartitionID]*entry
	pending []record.PartitionID // waiting ones, in the order they became known
	running int                  // lanes
}

type entry struct {
	state  record.State
	phase  phase
	parked bool // of a stream that is not read
}

type phase uint8

const (
	waiting phase = iota // for its parents
	running              // has a lane
	over                 // ended, done by UNTIL, or of a stream that is not read
)

func newPartitions(known []record.State) *partitions {
	ps := &partitions{entries: make(map[record.PartitionID]*entry, len(known))}
	for _, s := range known {
		e := &entry{state: s}
		ps.entries[s.Partition.ID] = e
		if s.Position.Where == record.Ended {
			e.phase = over
		} else {
			ps.pending = append(ps.pending, s.Partition.ID)
		}
	}
	return ps
}

// add makes p known; one that is known already stays as it is (a merged shard is announced by both its parents).
func (ps *partitions) add(p record.Partition) {
	if _, ok := ps.entries[p.ID]; !ok {
		ps.entries[p.ID] = &entry{state: record.State{Partition: p, Position: p.Start, Event: record.StartOfTime}}
		ps.pending = append(ps.pending, p.ID)
	}
}

// park keeps the state of a partition that this run does not read.
func (ps *partitions) park(s record.State) {
	ps.entries[s.Partition.ID] = &entry{state: s, phase: over, parked: true}
}

// open returns the partitions that may be read now, and marks them as running.
func (ps *partitions) open() []record.State {
	var opened []record.State
	kept := ps.pending[:0]
	for _, id := range ps.pending {
		e := ps.entries[id]
		if !ps.parentsHandled(e.state.Partition) {
			kept = append(kept, id)
			continue
		}
		if !e.state.Begun {
			e.state.Event = ps.parentsEvent(e.state.Partition)
		}
		e.phase, e.state.Begun = running, true
		ps.running++
		opened = append(opened, e.state)
	}
	ps.pending = kept
	return opened
}

func (ps *partitions) parentsHandled(p record.Partition) bool {
	for _, id := range p.Parents {
		if parent, ok := ps.entries[id]; ok && parent.state.Position.Where != record.Ended {
			return false
		}
	}
	return true
}

// parentsEvent returns the event time that a partition begins with: the least of its parents'.
func (ps *partitions) parentsEvent(p record.Partition) record.Millis {
	least := record.EndOfTime
	for _, id := range p.Parents {
		if parent, ok := ps.entries[id]; ok {
			least = min(least, parent.state.Event)
		}
	}
	if least == record.EndOfTime { // none of them is part of this job
		return record.StartOfTime
	}
	return least
}

// childrenBegun reports whether every child of an ended partition is being read, or has been.
func (ps *partitions) childrenBegun(s *record.State) bool {
	for _, id := range s.Children {
		if child, ok := ps.entries[id]; ok && !child.state.Begun {
			return false
		}
	}
	return true
}

// holding returns the ended partitions with children that wait for another parent: event time waits for them.
func (ps *partitions) holding() (states []record.State) {
	for _, e := range ps.entries {
		if !e.parked && e.state.Position.Where == record.Ended && !ps.childrenBegun(&e.state) {
			states = append(states, e.state)
		}
	}
	return states
}

// finish takes the last state of a lane that has gone. Children of an ended partition become known before it counts as
// ended; those of one that UNTIL cut have not been announced.
func (ps *partitions) finish(s record.State, children []record.Partition) {
	for _, c := range children {
		ps.add(c)
		if slices.Contains(c.Parents, s.Partition.ID) {
			s.Children = append(s.Children, c.ID)
		}
	}
	e := ps.entries[s.Partition.ID]
	e.state, e.phase = s, over
	ps.running--
}

// handledToStep is how far HandledTo may move on its own before it is worth a write: an idle shard's checkpoint costs
// nothing for a minute.
const handledToStep = 60_000 // ms

// hold takes the state of a lane that holds at a barrier.
func (ps *partitions) hold(s record.State) {
	e := ps.entries[s.Partition.ID]
	if e.state.Begun && e.state.Position == s.Position && s.HandledTo-e.state.HandledTo < handledToStep {
		s.HandledTo = e.state.HandledTo
	}
	e.state = s
}

// states returns a copy of all states.
func (ps *partitions) states() map[record.PartitionID]record.State {
	m := make(map[record.PartitionID]record.State, len(ps.entries))
	for id, e := range ps.entries {
		m[id] = e.state
	}
	return m
}
