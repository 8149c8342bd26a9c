package record

import "context"

// Token is what a sink needs to find the state it had at Prepare: for a file its name and length. The engine keeps it and
// does not look into it. At most 64 KiB.
type Token []byte

// Barrier is what Prepare is told.
type Barrier struct {
	Epoch Epoch
	// Final is true at a clean stop: nothing will be written after it in this run.
	Final bool
}

// Sink is where records go. Its methods are called from one goroutine, in this order and no other:
//
//	Restore? Prepare Commit? (Write* Prepare Commit?)* Close
//
// so that no sink needs a lock for its callers, and none ever sees a record of the next epoch before Commit. The first
// Prepare is that of checkpoint 0, at the first start only.
type Sink interface {
	// Write takes c's items in order; none overtakes another of its key. It blocks while the sink is slow, which is what
	// slows the source down, until ctx ends, and may return before the items are durable. c is the caller's again on
	// return. An error ends the run; the sink itself retries what is transient.
	Write(ctx context.Context, c *Chunk) error

	// Prepare makes all earlier writes durable, blocking for it until ctx ends, and returns what Restore needs. The token
	// is the caller's. An error ends the run, and the epoch is done again after a restart.
	Prepare(ctx context.Context, b Barrier) (Token, error)

	// Close gives up what the sink holds, without making anything durable: after a crash of the run what was not
	// prepared is done again. It blocks for no more than its own goroutines.
	Close() error
}

// Restorer is a Sink that can go back to a token, which makes it exactly-once.
type Restorer interface {
	// Restore is called once, before anything else: it undoes what was written behind t, or finishes what t's Prepare
	// promised. t is nil at the first start. A crash may come in the middle: doing it twice is harmless.
	Restore(ctx context.Context, t Token) error
}

// Committer is a Sink that makes an epoch visible to readers in a step of its own.
type Committer interface {
	// Commit makes epoch e final. The checkpoint with its token has been saved: what Commit does not finish, Restore has
	// to. It may be repeated.
	Commit(ctx context.Context, e Epoch) error
}

// Asker is a Sink that may want a barrier earlier than CHECKPOINT_INTERVAL: a file whose roll is due.
type Asker interface {
	// Asks returns a channel on which one value stands for "a barrier, please". It is the same channel at each call.
	Asks() <-chan struct{}
}

// Checker is a Sink that can refuse a record for good, such as one larger than the service takes.
type Checker interface {
	// Check returns why a record can never be written, or nil. It looks at nothing but its arguments and what was known
	// at construction, and is called from many goroutines, before Write: a record that it refuses goes to the dead
	// letters with its original bytes.
	Check(data, key []byte) error
}
