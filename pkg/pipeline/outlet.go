package pipeline

import (
	"context"
	"errors"

	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// chunkBytes is the size of a chunk, one write call each: at 64 KiB the hand-over around the call costs 200 ns a record,
// at 1 MiB nothing that can be measured.
const chunkBytes = 1 << 20

// outlet is the end of the chain: it encodes what comes out, which is the one copy that a payload sees, and queues it for
// the sink. It gathers a page's slices, up to chunkBytes.
type outlet struct {
	run     *Run
	payload record.Encoder
	key     record.Encoder
	check   record.Checker // nil: the sink refuses nothing
	chunk   *record.Chunk  // nil: nothing gathered
	trace   *PageTrace     // of the page in hand; nil: it is not traced
}

func newOutlet(r *Run, chain *operator.Chain) *outlet {
	o := &outlet{run: r, payload: chain.Encode, key: chain.Key}
	if r.Sink.Encode != nil {
		o.payload = r.Sink.Encode(chain.Encode)
	}
	if o.key == nil && r.Sink.DefaultKey != nil {
		if o.key = chain.DefaultKey; o.key == nil {
			o.key = r.Sink.DefaultKey
		}
	}
	o.check, _ = r.Sink.Sink.(record.Checker)
	return o
}

// add encodes b's records; one that can't be written is rejected. It blocks while the queue is full.
func (o *outlet) add(ctx context.Context, b *record.Batch) error {
	for i := range b.Records {
		if o.chunk == nil {
			o.chunk = o.run.sink.chunk()
			o.chunk.Partition = b.Partition
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
			if err := o.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
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

// flush queues what has been gathered.
func (o *outlet) flush(ctx context.Context) error {
	if o.chunk == nil {
		return nil
	}
	c := o.chunk
	o.chunk = nil
	return o.run.sink.send(ctx, c, o.trace)
}
