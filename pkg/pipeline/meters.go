package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// meters count what happens, once a slice or chunk and never once a record. They are read by Stats at any time.
type meters struct {
	refused *StageMeter  // what the sink's Check or the encoder refused
	saved   atomic.Int64 // unix milliseconds of the last save
	started atomic.Bool  // the first partitions have their lanes

	mu         sync.Mutex
	stages     []*StageMeter                          // in the chain's order; guarded by mu
	tasks      []*taskMeter                           // guarded by mu
	partitions map[record.PartitionID]*PartitionMeter // guarded by mu
	over       map[string]*PartitionMeter             // by stream: the sums of those that have gone; guarded by mu
	outputs    []*OutputMeter                         // fixed before the run starts
	mayAllFail bool                                   // fixed before the run starts
}

// StageMeter counts the records of one stage over all lanes.
type StageMeter struct {
	Label       string
	Judges      atomic.Bool // it tells late records from others
	In          atomic.Uint64
	Out         atomic.Uint64
	Filtered    atomic.Uint64
	DeadLetters atomic.Uint64
	Mismatches  atomic.Uint64
	Late        atomic.Uint64 // behind the watermark of their own lane
	LateIdle    atomic.Uint64 // behind the others', of a lane that was idle
	LatePartly  atomic.Uint64 // for some of their windows, and counted in the others

	mayAllFail bool // fixed before the run starts
}

// PartitionMeter counts what was read of one partition.
type PartitionMeter struct {
	Partition record.Partition
	Records   atomic.Uint64
	Bytes     atomic.Uint64

	handledTo atomic.Int64
	position  atomic.Pointer[record.Position]
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

func newMeters() *meters {
	return &meters{partitions: map[record.PartitionID]*PartitionMeter{}, over: map[string]*PartitionMeter{}, refused: &StageMeter{Label: "sink"}}
}

// of returns the meters of chain's stages, which all instances share.
func (m *meters) of(chain *operator.Chain) []*StageMeter {
	m.mu.Lock()
	defer m.mu.Unlock()
	own := make([]*StageMeter, len(chain.Stages))
	for i, s := range chain.Stages {
		at := slices.IndexFunc(m.stages, func(sm *StageMeter) bool { return sm.Label == s.Label })
		if at < 0 {
			at = len(m.stages)
			m.stages = append(m.stages, &StageMeter{Label: s.Label, mayAllFail: m.mayAllFail})
		}
		own[i] = m.stages[at]
		if _, ok := s.Stage.(operator.Lates); ok {
			own[i].Judges.Store(true)
		}
	}
	return own
}

// HandledTo returns the service's time up to which every arrival has been handled, 0 if it is not known yet.
func (m *PartitionMeter) HandledTo() record.Millis { return record.Millis(m.handledTo.Load()) }

// Position returns the position up to which everything has been handled, as of the last page.
func (m *PartitionMeter) Position() record.Position {
	if p := m.position.Load(); p != nil {
		return *p
	}
	return record.Position{}
}

// at notes where the lane is. A page that moves nothing, at the tip, costs nothing.
func (m *PartitionMeter) at(p record.Position) {
	if was := m.position.Load(); was == nil || *was != p {
		moved := p
		m.position.Store(&moved)
	}
}

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
	in, rejected, postponed := len(b.Records), len(b.Rejected), b.Postponed()
	if in == 0 {
		return nil
	}
	if err := s.Stage.Process(ctx, b); err != nil {
		return fmt.Errorf("stage %s: %w", s.Label, err)
	}
	in -= b.Postponed() - postponed
	failed, late := len(b.Rejected)-rejected, m.note(s.Stage)
	if s.Half {
		in = failed // what passes is counted at the stage itself
	} else if e, ok := s.Stage.(operator.Emptier); ok {
		m.Out.Add(uint64(len(b.Records)))
		m.Filtered.Add(e.Empties())
	} else if _, ok := s.Stage.(operator.Absorber); !ok {
		m.Out.Add(uint64(len(b.Records)))
		m.Filtered.Add(uint64(max(0, in-failed-late-len(b.Records))))
	}
	all, dead := m.In.Add(uint64(in)), m.DeadLetters.Add(uint64(failed))
	if !m.mayAllFail && dead == all && all >= allFail && all-uint64(in) < allFail {
		return fmt.Errorf("stage %s: all of the first %d records failed here; the last one: %w", s.Label, all, b.Rejected[len(b.Rejected)-1].Err)
	}
	return nil
}

// emitted counts what s has given when event time moved on.
func (m *StageMeter) emitted(s operator.Stage, out *record.Batch) {
	m.note(s)
	m.Out.Add(uint64(len(out.Records)))
	m.DeadLetters.Add(uint64(len(out.Rejected)))
}

// note takes over what s has counted itself, and returns how many of the records were late.
func (m *StageMeter) note(s operator.Stage) (late int) {
	if c, ok := s.(operator.Mismatcher); ok {
		m.Mismatches.Add(c.Mismatches())
	}
	if c, ok := s.(operator.Lates); ok {
		n := c.Lates()
		m.Late.Add(n.Disorder)
		m.LateIdle.Add(n.Idle)
		m.LatePartly.Add(n.Partly)
		late = int(n.Lost())
	}
	return late
}

func (m *meters) task(t *taskMeter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tasks = append(m.tasks, t)
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
