// Package trace runs a few records through a chain, one at a time, and notes what each stage did to each. The stages are those
// that a run has, in lanes, behind exchanges and in tasks as the engine has them; but nothing runs beside, nothing is kept, and
// nothing is written. At the end event time comes to its end, as it does at the end of a bounded run.
package trace

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// Sample is a record to be traced, and where it comes from. Its bytes are lent for as long as the trace is used.
type Sample struct {
	Partition *record.Partition
	Record    record.Record
}

// Way is what became of one record.
type Way struct {
	// Sample is the record as it was read; its Partition is nil for one that a stage has made, of many.
	Sample Sample
	// By is the label of the stage that made the record, "" for one that was read.
	By string
	// Made is such a record as it came out of the stage, in JSON.
	Made []byte
	// Steps are what the stages did, in their order; a stage that the record did not come to is not among them.
	Steps []Step
	// Out is what goes to the sink.
	Out []Output
}

// Output is a record as the sink gets it. Key is empty where the record keeps its own.
type Output struct{ Key, Data []byte }

// Step is what one stage did to a record, or to those that it had become.
type Step struct {
	Stage string // "3:filter"
	Text  string // the stage in its parsed form

	In, Out  int  // how many records came to it and left it
	Late     int  // came behind the watermark
	Absorbed int  // went into its state
	Mismatch bool // an operator met nil or a wrong type, and was therefore false
	Errors   []error

	Fields []operator.Field // that the stage looked at, as they were
	After  [][]byte         // the records behind it
	Key    []byte           // of key_by, as a JSON object; nil before one
	// Event and Watermark are the first record's event time and its lane's watermark in front of it; both 0 where the stage has
	// nothing to do with time.
	Event, Watermark record.Millis
	Windows          []window.Span // that the first record falls into
}

// Trace is what became of all.
type Trace struct {
	Ways    []Way // of the records that were read, in their order
	Results []Way // of those that stages made as event time went on, in theirs
}

// Run traces samples, which are in the order in which their partitions hold them, through plan, which was compiled with
// Config.Traced. now is the service's time. It blocks for stages that wait for something outside, until ctx ends. An error is
// one that would end a run.
func Run(ctx context.Context, plan *operator.Plan, now record.Millis, samples []Sample) (*Trace, error) {
	r := &runner{plan: plan, now: now, lanes: map[record.PartitionID]*lane{}, trace: &Trace{}}
	if err := r.open(samples); err != nil {
		return nil, err
	}
	for _, s := range samples {
		if err := r.read(ctx, s); err != nil {
			return nil, fmt.Errorf("tracing record %s of %s: %w", s.Record.Sequence, s.Partition, err)
		}
	}
	if err := r.advance(ctx, record.EndOfTime); err != nil {
		return nil, fmt.Errorf("tracing the end of time: %w", err)
	}
	plan.SumUp()
	return r.trace, nil
}
