package kinesis

import (
	"context"
	"sync/atomic"
)

// maxCalls is how many readers call the service at a time. At the tip a shard makes one call a second, of some 20 ms: that is
// 200 at a time for 10,000 shards. It is also what spreads their first calls, which would all be made at once.
const maxCalls = 256

// calls has the readers of a source take turns where there are more of them than may call.
type calls struct {
	readers atomic.Int32
	turns   chan struct{} // maxCalls
}

func newCalls() *calls { return &calls{turns: make(chan struct{}, maxCalls)} }

// do runs call. Where there are many readers it waits for a turn, until ctx ends, and runs call on a goroutine of its own, for
// which it waits: a call goes so deep (to 32 KiB of stack and more where the SDK makes it) that ten thousand readers would each keep
// a stack several times the size they wait with.
func (c *calls) do(ctx context.Context, call func() error) error {
	if c.readers.Load() <= maxCalls {
		return call()
	}
	select {
	case c.turns <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turns }()
	done := make(chan error, 1)
	go func() { done <- call() }()
	return <-done
}
