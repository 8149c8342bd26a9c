package pipeline

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// meters count what happens, once a slice or chunk and never once a record. They are read by Stats at any time.
type meters struct {
	stages  []*StageMeter
	refused *StageMeter  // what the sink's Check or the encoder refused
	saved   atomic.Int64 // unix milliseconds of the last save
	started atomic.Bool  // the first partitions have their lanes

	mu         sync.Mutex
	partitions map[record.PartitionID]*PartitionMeter // guarded by mu
	over       map[string]*PartitionMeter             // by stream: the sums of those that have gone; guarded by mu
	outputs    []*OutputMeter                         // fixed before the run starts
}

// StageMeter counts the records of one stage over all lanes.
type StageMeter struct {
	Label       string
	In          atomic.Uint64
	Out         atomic.Uint64
	Filtered    atomic.Uint64
	DeadLetters atomic.Uint64
	Mismatches  atomic.Uint64
}

// PartitionMeter counts what was read of one partition.
type PartitionMeter struct {
	Partition record.Partition
	Records   atomic.Uint64
	Bytes     atomic.Uint64

	handledTo atomic.Int64
	reading   atomic.Bool  // the first read has been answered
	busySince atomic.Int64 // unix nanoseconds at which the slice in hand was begun; 0 between slices
}

// OutputMeter counts what was written to one output.
type OutputMeter struct {
	Name    string
	Records atomic.Uint64
	Bytes   atomic.Uint64

	calling atomic.Bool // the sink has been called and has not answered
}

func newMeters(chain *operator.Chain) *meters {
	m := &meters{partitions: map[record.PartitionID]*PartitionMeter{}, over: map[string]*PartitionMeter{}, refused: &StageMeter{Label: "sink"}}
	for _, s := range chain.Stages {
		m.stages = append(m.stages, &StageMeter{Label: s.Label})
	}
	return m
}

// HandledTo returns the service's time up to which every arrival has been handled, 0 if it is not known yet.
func (m *PartitionMeter) HandledTo() record.Millis { return record.Millis(m.handledTo.Load()) }

func (m *PartitionMeter) read(records []record.Record) {
	bytes := 0
	for i := range records {
		bytes += len(records[i].Data)
	}
	m.Records.Add(uint64(len(records)))
	m.Bytes.Add(uint64(bytes))
}

func (m *OutputMeter) wrote(c *record.Chunk) {
	m.Records.Add(uint64(len(c.Items)))
	m.Bytes.Add(uint64(len(c.Body)))
}

// allFail is how many records a chain may refuse at one stage, all of them, before it is taken for wrong.
const allFail = 1000

// process runs s over b and counts what it did.
func (m *StageMeter) process(ctx context.Context, s operator.Named, b *record.Batch) error {
	in, rejected := len(b.Records), len(b.Rejected)
	if in == 0 {
		return nil
	}
	if err := s.Stage.Process(ctx, b); err != nil {
		return fmt.Errorf("stage %s: %w", s.Label, err)
	}
	failed := len(b.Rejected) - rejected
	m.Out.Add(uint64(len(b.Records)))
	m.Filtered.Add(uint64(max(0, in-failed-len(b.Records))))
	if c, ok := s.Stage.(operator.Mismatcher); ok {
		m.Mismatches.Add(c.Mismatches())
	}
	all, dead := m.In.Add(uint64(in)), m.DeadLetters.Add(uint64(failed))
	if dead == all && all >= allFail && all-uint64(in) < allFail {
		return fmt.Errorf("stage %s: all of the first %d records failed here; the last one: %w", s.Label, all, b.Rejected[len(b.Rejected)-1].Err)
	}
	return nil
}

func (m *meters) partition(p *record.Partition) *PartitionMeter {
	m.mu.Lock()
	defer m.mu.Unlock()
	pm := &PartitionMeter{Partition: *p}
	m.partitions[p.ID] = pm
	return pm
}

// gone forgets a partition that is not read any more, but for what it adds to its stream.
func (m *meters) gone(pm *PartitionMeter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.partitions, pm.Partition.ID)
	stream := pm.Partition.Stream
	sum := m.over[stream]
	if sum == nil {
		sum = &PartitionMeter{Partition: record.Partition{Stream: stream}}
		m.over[stream] = sum
	}
	sum.Records.Add(pm.Records.Load())
	sum.Bytes.Add(pm.Bytes.Load())
}

func (m *meters) output(name string) *OutputMeter {
	om := &OutputMeter{Name: name}
	m.outputs = append(m.outputs, om)
	return om
}

func (m *meters) checkpointed(at time.Time) { m.saved.Store(at.UnixMilli()) }
