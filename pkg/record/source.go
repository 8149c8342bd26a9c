package record

import "context"

// Source is where records come from. It stands here and not in pipeline because Open returns an interface, and a backend
// that may not import pipeline could not name it there.
type Source interface {
	// Now returns the service's time, to which FROM and UNTIL are resolved. It may block for one call to the service,
	// until ctx ends. An error ends the run; the source itself retries what is transient.
	Now(ctx context.Context) (Millis, error)

	// Restore is called once, before Partitions. from is where streams begin that known says nothing of: Oldest, AtTime
	// or At, never Latest. known is what the last checkpoint holds, nil at the first start; the result are those states
	// of it that still hold: a partition that has ended and is no longer listed is forgotten, one that had not ended is
	// said, measured and forgotten, and so is each of a stream that was made anew under its old name. It blocks for
	// calls until ctx ends. An error ends the run; the source itself retries what is transient.
	Restore(ctx context.Context, from Position, known []State) ([]State, error)

	// Partitions returns the partitions that appeared since its last call and that no page's Children announced, in no
	// order. The first call returns all that are to be read and that Restore did not return, which may be none; it blocks
	// for calls at most. Later ones block until there is one, until none can come (io.EOF) or ctx ends. The result is the
	// caller's. One goroutine calls it. An error ends the run; the source itself retries what is transient.
	Partitions(ctx context.Context) ([]Partition, error)

	// Open returns a reader that reads on at s.Position. A position older than what the service still holds opens at the
	// oldest, and the source says and measures what was lost. It may block for calls, until ctx ends; ctx is not kept.
	// Many goroutines call it. An error ends the run; the source itself retries what is transient.
	Open(ctx context.Context, s State) (Reader, error)
}

// Partial is a Source that may be told to read other streams than those that a checkpoint knows.
type Partial interface {
	// Reads reports whether p is of a stream that this source reads. The states of those that are not stay in the
	// checkpoint as they are, for the day on which they are read again. It is called after Restore, and does not block.
	Reads(p Partition) bool
}

// Reader reads one partition, in order. One goroutine calls it.
type Reader interface {
	// Read fills p, which is empty, with the next records and sets End, Begun, HandledTo and Tip. No records is no end:
	// it may move End, and tells of the tip. The last page has End.Where Ended and the Children; after it Read returns
	// io.EOF.
	//
	// It takes p's credit before it calls the service, and settles it after. It blocks for the service, its limits, the
	// credit and the pause between two polls, until ctx ends, which loses nothing: a new reader reads on from the last
	// End. The bytes of the records are p's or never change; Read keeps nothing of p.
	//
	// An error ends the run. Throttling, expired iterators, cut connections and 5xx are retried here, from the last End, so
	// that none of them loses or repeats a record.
	Read(ctx context.Context, p *Page) error

	// Close gives up what Open took. Nothing is read after it.
	Close() error
}
