package pipeline

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// output owns one sink: its goroutine is the only one that calls it.
type output struct {
	name  string
	sink  record.Sink
	queue chan item
	pool  *sync.Pool
	meter *OutputMeter
}

// item is what a queue carries: a chunk, a mark, or a word to a sink that merges.
type item struct {
	chunk *record.Chunk
	trace *PageTrace // of the page that chunk is of; nil: it is not traced
	mark  *mark
	tell  func(context.Context) error
}

// mark is a barrier on its way through a queue.
type mark struct {
	barrier   record.Barrier
	prepared  chan record.Token // 1: the coordinator may have given up
	saved     chan struct{}     // closed when the checkpoint is durable
	committed chan struct{}     // closed when the sink has committed
}

// queueDepth is how many chunks wait before an output. One keeps both sides busy; 4 measured no faster and holds more.
const queueDepth = 1

// keepChunk is the most memory of a chunk that is used again, so that one huge record is not held for ever.
const keepChunk = 4 * chunkBytes

func newOutput(name string, sink record.Sink, meter *OutputMeter) *output {
	return &output{
		name: name, sink: sink, queue: make(chan item, queueDepth), meter: meter,
		pool: &sync.Pool{New: func() any { return new(record.Chunk) }},
	}
}

// chunk returns an empty chunk to fill and send.
func (o *output) chunk() *record.Chunk { return o.pool.Get().(*record.Chunk) }

// send queues c for the sink, which owns it from then on. trace is of the page that c is of; nil: it is not traced. It blocks
// while the queue is full, until ctx ends.
func (o *output) send(ctx context.Context, c *record.Chunk, trace *PageTrace) error {
	trace.queued()
	return o.put(ctx, item{chunk: c, trace: trace})
}

func (o *output) put(ctx context.Context, it item) error {
	select {
	case o.queue <- it:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write hands what is queued to the sink, in order, until done is closed and nothing is queued any more.
func (o *output) write(ctx context.Context, done <-chan struct{}) error {
	for {
		var it item
		select {
		case it = <-o.queue:
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
		var err error
		switch {
		case it.mark != nil:
			err = o.pass(ctx, it.mark)
		case it.tell != nil:
			err = o.told(ctx, it.tell)
		default:
			err = o.writeChunk(ctx, it.chunk, it.trace)
		}
		if err != nil {
			return err
		}
	}
}

func (o *output) writeChunk(ctx context.Context, c *record.Chunk, trace *PageTrace) error {
	if err := o.call(ctx, c, trace); err != nil {
		return fmt.Errorf("writing to %s: %w", o.name, err)
	}
	o.meter.wrote(c)
	c.Reset()
	if cap(c.Body) <= keepChunk {
		o.pool.Put(c)
	}
	return nil
}

// call has the sink write c, and notes it in the page's trace.
func (o *output) call(ctx context.Context, c *record.Chunk, trace *PageTrace) error {
	o.meter.calling.Store(true)
	defer o.meter.calling.Store(false)
	if trace == nil {
		return o.sink.Write(ctx, c)
	}
	w := WriteTrace{Span: Span{Begin: time.Now()}, Output: o.name, Records: len(c.Items), Bytes: len(c.Body)}
	err := o.sink.Write(ctx, c)
	w.End = time.Now()
	trace.written(&w, err)
	return err
}

// told has the sink hear how far a partition is, which may let it write what it has held back.
func (o *output) told(ctx context.Context, tell func(context.Context) error) error {
	o.meter.calling.Store(true)
	defer o.meter.calling.Store(false)
	if err := tell(ctx); err != nil {
		return fmt.Errorf("writing to %s: %w", o.name, err)
	}
	return nil
}

// pass takes m through the sink. Nothing is written between Prepare and Commit.
func (o *output) pass(ctx context.Context, m *mark) error {
	o.meter.calling.Store(true)
	defer o.meter.calling.Store(false)
	token, err := o.sink.Prepare(ctx, m.barrier)
	if err != nil {
		return fmt.Errorf("preparing epoch %d of %s: %w", m.barrier.Epoch, o.name, err)
	}
	m.prepared <- token
	select {
	case <-m.saved:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := o.commit(ctx, m.barrier.Epoch); err != nil {
		return err
	}
	close(m.committed)
	return nil
}

func (o *output) commit(ctx context.Context, e record.Epoch) error {
	if c, ok := o.sink.(record.Committer); ok {
		if err := c.Commit(ctx, e); err != nil {
			return fmt.Errorf("committing epoch %d of %s: %w", e, o.name, err)
		}
	}
	return nil
}

// restore takes the sink back to t, nil at the first start.
func (o *output) restore(ctx context.Context, t record.Token) error {
	if s, ok := o.sink.(record.Restorer); ok {
		if err := s.Restore(ctx, t); err != nil {
			return fmt.Errorf("restoring %s: %w", o.name, err)
		}
	}
	return nil
}
