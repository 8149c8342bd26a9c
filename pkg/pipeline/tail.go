package pipeline

import (
	"context"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// tail is where a part of the chain ends: what comes out goes to the tasks of the next part, or to the sink, and what was
// rejected to the dead letters.
type tail struct {
	exchange *exchange // nil: this is the last part
	outlet   *outlet   // else
	letters  *letterbox
}

// newTail returns the end of chain, an instance of that part, for the sender that the next part knows as input.
func newTail(r *Run, chain *operator.Chain, part, input int) *tail {
	t := &tail{letters: newLetterbox(r, chain)}
	if chain.Carry != nil {
		t.exchange = newExchange(r, chain, part+1, input)
	} else {
		t.outlet = newOutlet(r, chain)
	}
	return t
}

// follow has what is queued from now on noted in trace; nil: nowhere.
func (t *tail) follow(trace *PageTrace) {
	if t.letters.trace = trace; t.outlet != nil {
		t.outlet.trace = trace
	}
}

// add hands on b's records and rejects, which are gathered until flush. It blocks while a queue is full.
func (t *tail) add(ctx context.Context, b *record.Batch) error {
	var err error
	if t.exchange != nil {
		err = t.exchange.add(ctx, b)
	} else {
		err = t.outlet.add(ctx, b)
	}
	if err != nil {
		return err
	}
	return t.letters.add(ctx, b)
}

// flush queues what has been gathered, and lets the next part know watermark w.
func (t *tail) flush(ctx context.Context, w record.Millis) error {
	var err error
	if t.exchange != nil {
		err = t.exchange.flush(ctx, w)
	} else {
		err = t.outlet.flush(ctx)
	}
	if err != nil {
		return err
	}
	return t.letters.flush(ctx)
}

// end lets the next part know that event time has come to its end. Nothing is gathered.
func (t *tail) end(ctx context.Context) error {
	if t.exchange == nil {
		return nil
	}
	return t.exchange.end(ctx)
}
