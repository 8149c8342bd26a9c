package pipeline

import (
	"context"
	"sync"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// message is what a task's queue carries, first in, first out, from all who send to it.
type message struct {
	kind  messageKind
	input int           // who sends
	batch *record.Batch // of a records message; nil: only the watermark moves
	// watermark is the sender's behind the batch; where all are idle, what the service's clock says.
	watermark record.Millis
	opened    []opening
	freeze    *freeze
}

type messageKind uint8

const (
	kindRecords messageKind = iota // a batch, a watermark, or both
	kindOpened                     // inputs begin
	kindLeft                       // an input has gone
	kindIdle                       // an input holds nobody back until it moves
	kindClock                      // the service's clock, for when all are idle
	kindEnded                      // the end of time, as far as this input goes: everything fires
	kindMarked                     // a barrier
)

// opening is an input that begins at a watermark.
type opening struct {
	input     int
	watermark record.Millis
}

const (
	// taskQueueDepth is how many messages wait before a task. One keeps both sides busy.
	taskQueueDepth = 1
	// A batch for a task is sent when it has as much as a slice; at the end of a page it goes in any case.
	taskBatchRecords, taskBatchBytes = sliceRecords, sliceBytes
)

// exchange is one sender's way to the tasks of the next part: a lane's, or a task's. Records go by the key group of their
// hash, copied once; watermarks go to every task, in line with the records before them.
type exchange struct {
	to    []*task
	input int
	carry *record.Carry
	pool  *sync.Pool

	gathered []*record.Batch // by task; nil: nothing
	sent     record.Millis   // the watermark that the tasks know
	stale    bool            // the tasks believe that this input is idle, which it is no more
}

func newExchange(r *Run, chain *operator.Chain, part, input int) *exchange {
	to := r.tasks[part]
	return &exchange{
		to: to, input: input, carry: chain.Carry, pool: &r.batches,
		gathered: make([]*record.Batch, len(to)), sent: record.StartOfTime,
	}
}

// add copies b's records into batches for the tasks. It blocks while a task's queue is full, until ctx ends.
func (x *exchange) add(ctx context.Context, b *record.Batch) error {
	for i := range b.Records {
		r := &b.Records[i]
		at := taskOf(r.KeyGroup(), len(x.to))
		g := x.gathered[at]
		if g != nil && (g.Partition != b.Partition || len(g.Records) == taskBatchRecords || g.Size() >= taskBatchBytes) {
			if err := x.send(ctx, at, x.sent); err != nil {
				return err
			}
			g = nil
		}
		if g == nil {
			g = x.pool.Get().(*record.Batch)
			g.Partition, g.Now = b.Partition, b.Now
			x.gathered[at] = g
		}
		g.Take(b, r, x.carry)
	}
	return nil
}

// flush sends what has been gathered, and watermark w to every task that does not know it yet.
func (x *exchange) flush(ctx context.Context, w record.Millis) error {
	for at := range x.to {
		if x.gathered[at] == nil && w == x.sent && !x.stale {
			continue
		}
		if err := x.send(ctx, at, w); err != nil {
			return err
		}
	}
	x.sent, x.stale = w, false
	return nil
}

func (x *exchange) send(ctx context.Context, at int, w record.Millis) error {
	m := message{kind: kindRecords, input: x.input, batch: x.gathered[at], watermark: w}
	x.gathered[at] = nil
	return x.to[at].put(ctx, m)
}

// rest tells every task that this input is idle, until wake. Nothing is gathered.
func (x *exchange) rest(ctx context.Context) error {
	return broadcast(ctx, x.to, message{kind: kindIdle, input: x.input})
}

// wake has the next flush tell every task that this input is idle no more.
func (x *exchange) wake() { x.stale = true }

// end tells every task that this input's event time has come to its end. Nothing is gathered.
func (x *exchange) end(ctx context.Context) error {
	return broadcast(ctx, x.to, message{kind: kindEnded, input: x.input})
}

func broadcast(ctx context.Context, to []*task, m message) error {
	for _, t := range to {
		if err := t.put(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
