// Package pipeline is the engine: lanes that read partitions and run the chain over slices of their pages, outputs, and
// the barrier that makes all of their progress durable in one step. docs/DESIGN.md tells the life of a record and of a
// checkpoint.
package pipeline

import (
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// Config is what a run is made of. What has no default must be set.
type Config struct {
	Source record.Source
	Plan   Plan
	Sink   Output
	// DeadLetters takes the records that no stage and no sink could handle.
	DeadLetters DeadLetters
	Store       checkpoint.Store

	From  Start
	Until *End // nil: for ever

	// Interval is the time between two barriers.
	Interval time.Duration
	// Buffer bounds the bytes that are read and not yet done with, in bytes.
	Buffer int

	// Parallelism is how many tasks run behind each exchange, 1 to record.Groups.
	Parallelism int
	// StateMemory is how many bytes of keyed state stay in memory, over all tasks; more is in the store.
	StateMemory int
	// IdleTimeout is how long a lane must have been at the tip, without a record, to hold nobody back; 0: it always does.
	IdleTimeout time.Duration
	// MaxDrift is how far in event time a lane may be ahead of the slowest, where the chain has windows or dedupe; 0: as far
	// as it gets.
	MaxDrift time.Duration

	// MayAllFail is true where a chain that refuses each of its first records need not be wrong: they are known to be hard.
	MayAllFail bool

	// Checkpointed is called after each save with the time that the barrier took; nil is nobody.
	Checkpointed func(took time.Duration)
	// Tracer is told the way of each page and barrier; nil is nobody.
	Tracer Tracer
	Log    *zap.Logger
}

// Plan is a compiled chain, shared by all lanes and tasks.
type Plan interface {
	// Slots returns how many fields a row has.
	Slots() int
	// Parts returns how many parts the chain has: the lanes', and one behind each exchange.
	Parts() int
	// Instance returns the chain of a part: a lane's, or a task's, whose keyed state it reads from s. Its error is that the
	// state can't be read.
	Instance(part int, s *state.Store) (*operator.Chain, error)
	// Throttle returns how many records a second may enter the chain over all lanes; 0 is no bound.
	Throttle() float64
	// Enough reports whether a limit has been reached, so that no record can pass any more.
	Enough() bool
	// Waiting reports whether a stage waits for something outside, which is no fault of the run.
	Waiting() bool
	// Counts returns what the limits have let pass, and Restore sets it from a checkpoint.
	Counts() map[string]int64
	Restore(counts map[string]int64)
	// Stateful returns the canonical forms of the stages that the keyed state belongs to, in order; empty where there is none.
	Stateful() []string
}

// Output is a sink, under the name that checkpoints and metrics know it by.
type Output struct {
	Name string // "file"
	Sink record.Sink
	// Encode appends what goes out of a record, framed; it is given the chain's own encoder for the payload.
	Encode func(payload record.Encoder) record.Encoder
	// DefaultKey appends the partition key of a record that SINK_PARTITION_KEY says nothing of; nil where the sink has
	// no keys.
	DefaultKey record.Encoder
}

// DeadLetters is where rejected records go. The zero value discards and counts them.
type DeadLetters struct {
	Name string // "dead_letters"
	Sink record.Sink
	// Encode appends a rejected record as the sink wants it. It keeps nothing.
	Encode func(dst []byte, p *record.Partition, r *record.Rejected) []byte
	// Key returns the partition key that letters of p are written with; nil where the sink has no keys.
	Key func(p *record.Partition) []byte
}

// Start says where streams begin that no checkpoint knows.
type Start struct {
	// Position is Oldest, Latest, AtTime or At. Latest is resolved to AtTime by the service's clock.
	Position record.Position
	// Ago is how long before the service's now Latest lies: the age that a user gave.
	Ago time.Duration
}

func (s Start) resolve(now record.Millis) record.Position {
	if s.Position.Where != record.Latest {
		return s.Position
	}
	return record.Position{Where: record.AtTime, Time: now.Add(-s.Ago)}
}

// End says where a bounded run ends: Time, or Ago before the service's now if Time is 0.
type End struct {
	Setting string // as the user gave it
	Time    record.Millis
	Ago     time.Duration
}

func (e *End) resolve(now record.Millis) record.Millis {
	if e.Time != 0 {
		return e.Time
	}
	return now.Add(-e.Ago)
}
