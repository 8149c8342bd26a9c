// Package checkpoint is what a run saves at a barrier, and where. It is the one place by which progress becomes durable.
package checkpoint

import (
	"context"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// Checkpoint is one epoch: everything that becomes durable together.
type Checkpoint struct {
	Epoch record.Epoch
	// From is where streams began, resolved by the service's clock at the first start. Where there are no Partitions it is
	// where the next run begins, whatever its FROM says.
	From record.Position
	// Until is the end of a bounded run that is not done yet; nil where there is none.
	Until *Until
	// Partitions holds every partition of the job: those that wait for their parents, those that are read, and those
	// that have ended and that the service still lists.
	Partitions map[record.PartitionID]record.State
	// Moved are the partitions that there were before all of them were moved to From by hand: one of them may still be put
	// elsewhere before the next run, which lists them anew. nil else.
	Moved []record.Partition
	// Watermarks is the event time that each exchange had reached, by the exchange's place in the chain.
	Watermarks map[string]record.Millis
	// Counts is how many records each limit has let pass, by its place in the chain.
	Counts map[string]int64
	// Outputs holds each output's token by the output's name.
	Outputs map[string]record.Token
	// Chain is the ordered list of the chain's stateful stages in their canonical form: who reads State.
	Chain []string
	// Dropped is true where state was dropped by hand: any chain may go on, and Chain holds nothing to compare it with.
	Dropped bool
	// State is what changed in the epoch, one Delta a task. Load leaves it nil: state is read where it is needed.
	State []*Delta
}

// Until is the end of a bounded run.
type Until struct {
	Setting string        `json:"setting"` // as the user gave it: another setting is another run
	Time    record.Millis `json:"time"`    // what it was resolved to
}

// Store keeps the last checkpoint. Every store passes storetest.Run.
type Store interface {
	// Reader reads keyed state as the last Save left it, while later ones may be on their way.
	state.Reader

	// Load returns the last saved checkpoint, nil where there is none. The result is the caller's. It is called once,
	// before Save, and blocks for I/O. One that can't be read is an error that says why; it is never "none".
	Load(ctx context.Context) (*Checkpoint, error)

	// Save makes c the last checkpoint, all of it or nothing, durable when Save returns. Epochs come in order, one at a
	// time, from one goroutine. c is lent for the call. Any error ends the run, since changes of an epoch build on those
	// before it. The store itself retries what is transient.
	Save(ctx context.Context, c *Checkpoint) error

	// Close gives up what the store holds. What was saved stays.
	Close() error
}

// Dated is a Store whose checkpoints outlive the process, and that knows how old they are.
type Dated interface {
	// Written returns when the checkpoint that Load returned was saved, by the clock of the machine that did; zero where none
	// was, or none that said so.
	Written() time.Time
}
