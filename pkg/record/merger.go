package record

import "context"

// Merger is a Sink that brings what comes of several partitions into one order, and is told for it how far each of them
// is. Nobody tells it anything of a chain with a key_by, whose results are of no partition. Its methods are called from
// the goroutine that calls Write, each in line with the chunks of its partition. They block as Write does; an error ends
// the run.
type Merger interface {
	// Opened tells of a partition of which chunks may follow. Those that it continues have been handled to their ends.
	Opened(p *Partition)

	// Reached tells that all of a page of p has been handled, though nothing of it may have come out: what follows arrived
	// at to or later, as far as arrivals are in order. It is called once for each page.
	Reached(ctx context.Context, p PartitionID, to Millis) error

	// Left tells that nothing follows of a partition. What continues it has been opened before; a partition that waits for
	// another one as well is behind that one's own place.
	Left(ctx context.Context, p PartitionID) error
}
