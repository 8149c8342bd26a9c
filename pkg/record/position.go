package record

import (
	"fmt"
	"strings"
	"time"
)

// PartitionID names a partition over all streams, accounts and regions:
// "arn:aws:kinesis:eu-west-1:123456789012:stream/logs/shardId-000000000003".
type PartitionID string

// Partition is the unit of order in a source: a Kinesis shard, a Kafka partition, a file. It is read when each of its
// Parents has been handled to its end or is not part of this job.
type Partition struct {
	ID      PartitionID   `json:"id"`
	Stream  string        `json:"stream"` // the name that people know the stream by
	Shard   string        `json:"shard"`  // the partition's name in its stream
	Created Millis        `json:"created,omitempty"`
	Parents []PartitionID `json:"parents,omitempty"`
	// Start is where a reader begins that no checkpoint knows better.
	Start Position `json:"start"`
}

// String returns the name that logs and errors use: "logs/shardId-000000000003".
func (p *Partition) String() string { return p.Stream + "/" + p.Shard }

// ParentShards returns the names that p's parents have in their stream.
func (p *Partition) ParentShards() []string {
	names := make([]string, len(p.Parents))
	for i, id := range p.Parents {
		names[i] = string(id)[strings.LastIndexByte(string(id), '/')+1:]
	}
	return names
}

// Sequence is a sequence number or offset in decimal, without leading zeros.
type Sequence string

// Compare orders sequences as numbers: Kinesis' have up to 56 digits, and overflow every integer type.
func (s Sequence) Compare(t Sequence) int {
	if len(s) != len(t) {
		if len(s) < len(t) {
			return -1
		}
		return 1
	}
	return strings.Compare(string(s), string(t))
}

// Where says what a Position means. The names say inclusivity.
type Where uint8

// The kinds of Position.
const (
	Oldest Where = iota // the oldest record there is. The zero value: a position that was forgotten repeats, never loses.
	Latest              // behind the newest record at the moment of opening
	AtTime              // the first record that arrived at Time or later
	At                  // the record at (Sequence, Subsequence)
	After               // the record behind (Sequence, Subsequence)
	Ended               // behind the last record of a partition that has ended
)

// Position is a place in a partition. It owns what it holds, can be compared with == and can be a map's key.
type Position struct {
	Where       Where    `json:"where"`
	Time        Millis   `json:"time,omitempty"`
	Sequence    Sequence `json:"sequence,omitempty"`
	Subsequence uint32   `json:"subsequence,omitempty"`
}

// Behind returns the position right behind r.
func Behind(r *Record) Position {
	return Position{Where: After, Sequence: Sequence(r.Sequence), Subsequence: r.Subsequence}
}

// String returns p as logs show it.
func (p Position) String() string {
	switch p.Where {
	case Oldest:
		return "oldest"
	case Latest:
		return "latest"
	case AtTime:
		return "at " + p.Time.Time().Format(time.RFC3339Nano)
	case At:
		return fmt.Sprintf("at %s.%d", p.Sequence, p.Subsequence)
	case After:
		return fmt.Sprintf("after %s.%d", p.Sequence, p.Subsequence)
	default:
		return "ended"
	}
}

// State is what a job knows of one partition: the part of a checkpoint that a source and the engine share.
type State struct {
	Partition Partition `json:"partition"`
	// Begun is false while the partition waits for its parents.
	Begun bool `json:"begun"`
	// Position is where to read on. Ended: all has been handled, and Children have been announced.
	Position Position      `json:"position"`
	Children []PartitionID `json:"children,omitempty"`
	// Skip are the sequences of records that go to the dead letters unseen by the chain, since a person said so. One that is
	// behind Position is over.
	Skip []Sequence `json:"skip,omitempty"`
	// HandledTo is the service's time up to which every arrival has been handled: what was lost to retention while
	// nobody read is counted from here. Zero: not known.
	HandledTo Millis `json:"handled_to,omitempty"`
	// Event is the highest event time handled, StartOfTime before the first record. A child begins with the least of its
	// parents'.
	Event Millis `json:"event"`
}

// Epoch numbers the stretches between two barriers, from 1. Checkpoint 0 is the start itself.
type Epoch uint64
