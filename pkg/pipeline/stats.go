package pipeline

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Stats is a look at a run. The meters in it go on counting; the slices are the caller's.
type Stats struct {
	Stages     []*StageMeter
	Outputs    []*OutputMeter
	Partitions []*PartitionMeter // those that are being read, by stream and shard
	Over       []*PartitionMeter // one a stream: the sums of those that are not read any more
	// Keyed is true where the chain has tasks.
	Keyed bool
	// Watermark is the least event time that a task has reached behind the first exchange; StartOfTime where there is none.
	Watermark record.Millis
	// StateKeys is how many keys the keyed state has, and StateBytes the memory that those of them take which are in memory.
	StateKeys, StateBytes int64
	// Checkpointed is when the last checkpoint was saved, by this run or the one before; the zero time where none is known.
	Checkpointed time.Time
	// Buffered is the bytes that are read and not yet done with, and Buffer the most that may be.
	Buffered, Buffer int
}

// Stats may be called at any time, from any goroutine.
func (r *Run) Stats() Stats {
	s := Stats{Outputs: r.meters.outputs, Buffered: r.credit.Out(), Buffer: r.Buffer}
	s.Partitions, s.Over = r.meters.read()
	r.meters.state(&s)
	s.Stages = append(s.Stages, r.meters.refused)
	if ms := r.meters.saved.Load(); ms != 0 {
		s.Checkpointed = record.Millis(ms).Time()
	}
	return s
}

// state fills in the stages, and what the tasks tell.
func (m *meters) state(s *Stats) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s.Stages = slices.Clone(m.stages)
	s.Watermark, s.Keyed = record.StartOfTime, len(m.tasks) > 0
	for i, t := range m.tasks {
		if w := record.Millis(t.watermark.Load()); i == 0 || w < s.Watermark {
			s.Watermark = w
		}
		s.StateKeys += t.keys.Load()
		s.StateBytes += t.bytes.Load()
	}
}

// read returns the meters of the partitions that have a lane, by stream and shard, and the sums of those that have gone, by
// stream. It is one look: none is in both.
func (m *meters) read() (reading, over []*PartitionMeter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readingLocked(), slices.SortedFunc(maps.Values(m.over), func(a, b *PartitionMeter) int {
		return strings.Compare(a.Partition.Stream, b.Partition.Stream)
	})
}

// reading returns the meters of the partitions that have a lane, sorted.
func (m *meters) reading() []*PartitionMeter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readingLocked()
}

func (m *meters) readingLocked() []*PartitionMeter {
	return slices.SortedFunc(maps.Values(m.partitions), func(a, b *PartitionMeter) int {
		return strings.Compare(string(a.Partition.ID), string(b.Partition.ID))
	})
}

// stuckAfter is how long a slice may be worked on, with nothing outside waited for, before the process counts as stuck.
const stuckAfter = time.Minute

// Health returns why the run is stuck, nil where it goes on or waits for something outside: the service, a lock, a sink.
// It may be called at any time, from any goroutine.
func (r *Run) Health() error {
	for _, o := range r.meters.outputs {
		if o.calling.Load() {
			return nil // a sink that pushes back is progress
		}
	}
	if r.Plan.Waiting() {
		return nil
	}
	for _, pm := range r.meters.reading() {
		if busy := busyFor(&pm.busySince); busy > stuckAfter {
			return fmt.Errorf("%s: one slice has been worked on for %s", &pm.Partition, busy.Round(time.Second))
		}
	}
	for _, t := range r.meters.working() {
		if busy := busyFor(&t.busySince); busy > stuckAfter {
			return fmt.Errorf("%s: one batch has been worked on for %s", t.name, busy.Round(time.Second))
		}
	}
	return nil
}

// busyFor returns how long somebody has been busy since the time in nanoseconds that is there, 0 for one who is not.
func busyFor(since *atomic.Int64) time.Duration {
	at := since.Load()
	if at == 0 {
		return 0
	}
	return time.Since(time.Unix(0, at))
}

// working returns the tasks' meters.
func (m *meters) working() []*taskMeter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.tasks)
}

// Ready returns what is not being read yet, nil once every partition that may be read is. It may be called at any time,
// from any goroutine.
func (r *Run) Ready() error {
	if !r.meters.started.Load() {
		return errors.New("starting")
	}
	for _, pm := range r.meters.reading() {
		if !pm.reading.Load() {
			return fmt.Errorf("%s has not been read yet", &pm.Partition)
		}
	}
	return nil
}
