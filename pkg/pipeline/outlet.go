package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// chunkBytes is the size of a chunk, one write call each: at 64 KiB the hand-over around the call costs 200 ns a record,
// at 1 MiB nothing that can be measured.
const chunkBytes = 1 << 20

// outlet is the end of a lane's chain: it encodes what comes out, which is the one copy that a payload sees, and queues it
// for the sink; and what was rejected for the dead letters. It gathers a page's slices, up to chunkBytes.
type outlet struct {
	run     *Run
	payload record.Encoder
	key     record.Encoder
	check   record.Checker // nil: the sink refuses nothing
	chunk   *record.Chunk  // nil: nothing gathered
	letters *record.Chunk
}

func newOutlet(r *Run, chain *operator.Chain) *outlet {
	o := &outlet{run: r, payload: chain.Encode, key: chain.Key}
	if r.Sink.Encode != nil {
		o.payload = r.Sink.Encode(chain.Encode)
	}
	if o.key == nil {
		o.key = r.Sink.DefaultKey
	}
	o.check, _ = r.Sink.Sink.(record.Checker)
	return o
}

// add encodes b's records and rejects. It blocks while the queue is full.
func (o *outlet) add(ctx context.Context, b *record.Batch) error {
	for i := range b.Records {
		if o.chunk == nil {
			o.chunk = o.run.sink.chunk()
		}
		if err := o.encode(b, &b.Records[i]); err != nil {
			if errors.Is(err, framing.ErrBinary) && !o.run.fit.Load() {
				return err // the first record of a job: the configuration is wrong, not the record
			}
			b.Reject(&b.Records[i], "sink", err)
			o.run.meters.refused.DeadLetters.Add(1)
			continue
		}
		o.fit()
		if len(o.chunk.Body) >= chunkBytes {
			if err := o.sendChunk(ctx); err != nil {
				return err
			}
		}
	}
	return o.addRejected(ctx, b)
}

// fit notes that the configuration suits at least one record.
func (o *outlet) fit() {
	if !o.run.fit.Load() {
		o.run.fit.Store(true)
	}
}

func (o *outlet) encode(b *record.Batch, r *record.Record) error {
	item, err := o.chunk.Encode(b, r, o.payload, o.key)
	if err != nil || o.check == nil {
		return err
	}
	if err := o.check.Check(item.Data, item.Key); err != nil {
		o.chunk.DropLast()
		return err
	}
	return nil
}

func (o *outlet) addRejected(ctx context.Context, b *record.Batch) error {
	if o.run.letters == nil {
		return nil
	}
	// Stage by stage as they were refused, they are out of the partition's order.
	slices.SortStableFunc(b.Rejected, byPosition)
	for i := range b.Rejected {
		if o.letters == nil {
			o.letters = o.run.letters.chunk()
		}
		c := o.letters
		n := len(c.Body)
		c.Body = o.run.DeadLetters.Encode(c.Body, b.Partition, &b.Rejected[i])
		item := record.Item{Data: c.Body[n:len(c.Body):len(c.Body)]}
		if o.run.DeadLetters.Key != nil {
			item.Key = o.run.DeadLetters.Key(b.Partition)
		}
		c.Items = append(c.Items, item)
		if len(c.Body) >= chunkBytes {
			if err := o.sendLetters(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func byPosition(a, b record.Rejected) int {
	return cmp.Or(
		cmp.Compare(len(a.Record.Sequence), len(b.Record.Sequence)),
		bytes.Compare(a.Record.Sequence, b.Record.Sequence),
		cmp.Compare(a.Record.Subsequence, b.Record.Subsequence),
	)
}

// flush queues what has been gathered: before a hold, and at the end of a page.
func (o *outlet) flush(ctx context.Context) error {
	if o.chunk != nil {
		if err := o.sendChunk(ctx); err != nil {
			return err
		}
	}
	if o.letters != nil {
		return o.sendLetters(ctx)
	}
	return nil
}

func (o *outlet) sendChunk(ctx context.Context) error {
	c := o.chunk
	o.chunk = nil
	return o.run.sink.send(ctx, c)
}

func (o *outlet) sendLetters(ctx context.Context) error {
	c := o.letters
	o.letters = nil
	return o.run.letters.send(ctx, c)
}
