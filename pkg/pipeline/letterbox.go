package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// letterbox gathers what a lane or task rejects, and queues it for the dead letters.
type letterbox struct {
	run   *Run
	chain *operator.Chain
	chunk *record.Chunk // nil: nothing gathered
	trace *PageTrace    // of the page in hand; nil: it is not traced
}

func newLetterbox(r *Run, chain *operator.Chain) *letterbox {
	return &letterbox{run: r, chain: chain}
}

// add encodes b's rejects. It blocks while the queue is full.
func (l *letterbox) add(ctx context.Context, b *record.Batch) error {
	if l.run.letters == nil || len(b.Rejected) == 0 {
		return nil
	}
	l.chain.Letters(b, 0)
	// Stage by stage as they were refused, they are out of the partition's order.
	slices.SortStableFunc(b.Rejected, byPosition)
	for i := range b.Rejected {
		if l.chunk == nil {
			l.chunk = l.run.letters.chunk()
		}
		l.one(b.Partition, &b.Rejected[i])
		if len(l.chunk.Body) >= chunkBytes {
			if err := l.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *letterbox) one(p *record.Partition, r *record.Rejected) {
	c := l.chunk
	n := len(c.Body)
	c.Body = l.run.DeadLetters.Encode(c.Body, p, r)
	item := record.Item{Data: c.Body[n:len(c.Body):len(c.Body)]}
	if l.run.DeadLetters.Key != nil {
		item.Key = l.run.DeadLetters.Key(p)
	}
	c.Items = append(c.Items, item)
}

func byPosition(a, b record.Rejected) int {
	return cmp.Or(
		cmp.Compare(len(a.Record.Sequence), len(b.Record.Sequence)),
		bytes.Compare(a.Record.Sequence, b.Record.Sequence),
		cmp.Compare(a.Record.Subsequence, b.Record.Subsequence),
	)
}

// flush queues what has been gathered.
func (l *letterbox) flush(ctx context.Context) error {
	if l.chunk == nil {
		return nil
	}
	c := l.chunk
	l.chunk = nil
	return l.run.letters.send(ctx, c, l.trace)
}
