package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/record"
)

// Named is a stage and the name that metrics, logs and dead letters know it by: its place in the chain and its word,
// "3:filter".
type Named struct {
	Label string
	Stage Stage
	// Half is true for what a stage does ahead of its own place: dedupe before its exchange, a timestamp that is watched
	// before the filters ahead of it. What passes it is counted at the stage itself; what it rejects or finds late counts.
	Half bool
	// Sight shows what the stage does; nil unless Config.Traced asked for it.
	Sight *Sight
}

// Chain is one instance of one part of a plan: what runs in a lane, or behind an exchange in a task. It has one user at a
// time.
type Chain struct {
	Stages []Named
	// Clock is event time and the lane's watermark; nil in a task, and where the plan has no keyed stage.
	Clock *Clock
	// Carry says what of a record goes on to the tasks of the next part, by its Group and Hash; nil: what comes out of this
	// part goes to the output.
	Carry *record.Carry
	// Encode appends a record's payload without framing: its own bytes, where no stage has changed it. Nil where Carry is
	// set.
	Encode record.Encoder
	// Key appends the partition key that SINK_PARTITION_KEY gives a record; nil where nothing was said.
	Key record.Encoder
	// DefaultKey appends the key of key_by as text, for outputs that have keys where Key is nil; nil where the chain has no
	// key_by: the record's own key is meant.
	DefaultKey record.Encoder
	// Letter appends a rejected record as a JSON object of the fields that it has, for one that has no payload of its own
	// (Origin's Data is nil): a result of an aggregate. Nil in lanes.
	Letter record.Encoder

	place func(b *record.Batch, d *record.Rejected) // fills in key and window; nil in lanes
}

// Letters completes b's rejected records from the from-th on: key and window of those behind an exchange, and as payload
// what Letter gives where they have none. It is called before b is reset, and does nothing in lanes, whose stages know more.
func (c *Chain) Letters(b *record.Batch, from int) {
	if c.place == nil {
		return
	}
	for i := from; i < len(b.Rejected); i++ {
		c.place(b, &b.Rejected[i])
	}
}

// Mismatcher is a Stage that counts records for which an operator met nil or a wrong type and was therefore false.
type Mismatcher interface {
	// Mismatches returns the count since its last call. The engine asks after each Process.
	Mismatches() uint64
}

// Lates is a Stage that counts late records, by reason.
type Lates interface {
	// Lates returns the counts since its last call. The engine asks after each Process.
	Lates() Late
}

// Late counts late records by reason, those that `late dead_letter` rejects too.
type Late struct {
	Disorder uint64 // they came later than the disorder of their lane allows
	Idle     uint64 // their lane was idle while the others went on
	Partly   uint64 // they missed some of their windows, and were counted in the others
}

// Lost returns how many records were counted nowhere.
func (l Late) Lost() uint64 { return l.Disorder + l.Idle }

// Timed is a Stage that acts when event time moves on: a window absorbs what Process is given and gives out results, dedupe
// forgets.
type Timed interface {
	// Advance tells the stage that the task's watermark is w, which never goes back, and adds to out, which is empty, what
	// is due, earliest first and about 1,000 records at a time. more: there is more due, to be asked for with the same w
	// before anything else. It is called after each Process and each move of the watermark, and once before the first
	// Process with the watermark that the checkpoint had: what was closed then stays closed. EndOfTime closes everything.
	//
	// It does not block but for reads of state. out is lent. One goroutine, that of Process, calls it. An error ends the run.
	Advance(ctx context.Context, w record.Millis, out *record.Batch) (more bool, err error)
}
