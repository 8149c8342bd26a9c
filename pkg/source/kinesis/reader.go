package kinesis

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/wire"
)

// reader reads one shard. It implements record.Reader. Thousands of them wait at the tip: between two pages one holds a
// few hundred bytes and an iterator.
type reader struct {
	stream *stream
	shard  string
	hashes kpl.Range // what KCL's rule lets through
	split  bool      // aggregates are taken apart

	position  record.Position // behind the last page
	skip      record.Position // what lies before it is dropped; zero: nothing
	handledTo record.Millis   // 0: not known
	resumed   bool            // no answer has shown yet what was trimmed before the reader came
	saved     record.Sequence // the record that a resume goes on behind; "": there is none

	iterator iterator
	pace     pace
	sizing   sizing
	retry    awserror.Retry
	renewals int // iterators that were made since a call succeeded
	endings  int // answers since the last record that end the shard and name no children
	ended    bool
	closed   bool
}

// Close implements record.Reader. There is nothing to give up but a turn: iterators run out by themselves.
func (r *reader) Close() error {
	if !r.closed {
		r.closed = true
		r.stream.source.calls.readers.Add(-1)
	}
	return nil
}

// Read implements record.Reader.
func (r *reader) Read(ctx context.Context, p *record.Page) error {
	if r.ended {
		return io.EOF
	}
	for {
		if err := r.pace.wait(ctx); err != nil {
			return fmt.Errorf("waiting to read shard %s/%s: %w", r.stream.name, r.shard, err)
		}
		if err := p.Reserve(ctx, r.sizing.credit(r.stream.largest())); err != nil {
			return fmt.Errorf("waiting for memory to read shard %s/%s: %w", r.stream.name, r.shard, err)
		}
		var c call
		var begun time.Time
		err := r.stream.source.calls.do(ctx, func() error {
			c.began, begun = r.stream.source.clock.now(), time.Now()
			return r.fetch(ctx, &c)
		})
		if err == nil {
			err = r.accept(ctx, p, &c, begun)
		}
		if err == nil {
			return nil
		}
		c.buffer.Release()
		p.Settle(0) // whoever waits holds nothing
		p.Setback()
		if err := r.mend(ctx, p, begun, &c, err); err != nil || r.ended {
			return err
		}
	}
}

// call is one call of GetRecords, or of GetShardIterator ahead of it.
type call struct {
	operation string
	began     record.Millis // the service's time
	sent      time.Time
	answered  time.Time
	limit     int
	out       *kinesis.GetRecordsOutput // all but the records
	records   []wire.Record             // in buffer
	buffer    wire.Buffer
}

// fetch makes one attempt to read on.
func (r *reader) fetch(ctx context.Context, c *call) error {
	if !r.iterator.good() {
		c.operation = "GetShardIterator"
		if err := r.renew(ctx); err != nil {
			return err
		}
	}
	c.operation, c.limit = "GetRecords", r.sizing.limit()
	in := kinesis.GetRecordsInput{ShardIterator: &r.iterator.token, Limit: aws.Int32(int32(c.limit))}
	_, in.StreamARN = r.stream.address()
	c.sent = time.Now()
	out, date, err := r.stream.records.GetRecords(ctx, &in, &c.buffer)
	if err != nil {
		return err
	}
	c.answered, c.out, c.records = time.Now(), out, c.buffer.Records(out)
	if !date.IsZero() {
		r.stream.source.clock.bound(date, c.sent, c.answered)
	}
	return nil
}

// accept makes an answer the page, and moves the reader behind it.
func (r *reader) accept(ctx context.Context, p *record.Page, c *call, begun time.Time) error {
	if err := c.check(); err != nil {
		return err
	}
	out := c.out
	ended := r.ends(out)
	if ended {
		if err := r.end(ctx, p, out.ChildShards); err != nil {
			r.endings = 0
			return err
		}
	}
	to, tip := c.reach(ended)
	tip = tip && (ended || !r.stream.isClosed(r.shard))
	r.judge(firstOf(c.records), to, tip)
	r.handledTo = max(r.handledTo, to)

	bytes := r.fill(p, c.records)
	if len(p.Records) > 0 {
		r.endings = 0
	}
	p.OnReset(c.buffer.Release)
	p.Settle(max(bytes, c.buffer.Size()))
	p.Begun, p.HandledTo, p.Tip = c.began, r.handledTo, tip
	p.Called, p.Answered = c.sent, c.answered
	r.pace.called(begun, bytes, tip)
	r.sizing.took(len(c.records), bytes, tip)
	if r.retry.Failures > 0 {
		r.stream.source.troubles.over(r.stream.name)
	}
	r.retry, r.renewals = awserror.Retry{}, 0
	r.iterator.next(aws.ToString(out.NextShardIterator))
	if r.ended = ended; ended {
		p.End, p.Tip = record.Position{Where: record.Ended}, false
	}
	return nil
}

// reach tells the service's time up to which all arrivals are in the answer, or were in those before it, and whether that
// is the tip. What arrived while the call was under way may be missing from it, so that it counts from its beginning.
func (c *call) reach(ended bool) (to record.Millis, tip bool) {
	behind, n := record.Millis(aws.ToInt64(c.out.MillisBehindLatest)), len(c.records)
	switch {
	case ended:
		return c.began, true // nothing arrives in a closed shard
	case aws.ToString(c.out.NextShardIterator) == "":
		return 0, false // it has ended, if that is so
	case behind == 0 && n == c.limit:
		return record.Millis(c.records[n-1].Arrival), false // a full page: some servers say that they are at the tip always
	}
	return c.began - behind, behind == 0
}

// mend does what an error asks for before the next attempt, and returns the one that ends the run. It may end the shard
// with page p.
func (r *reader) mend(ctx context.Context, p *record.Page, begun time.Time, c *call, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("reading shard %s/%s: %w", r.stream.name, r.shard, ctx.Err())
	}
	class := awserror.Of(err)
	reading := c.operation == "GetRecords"
	if class == awserror.Invalid && reading || class == awserror.Stale {
		class = awserror.Stale
		r.iterator = iterator{}
		if r.renewals++; r.renewals == 1 {
			return nil // at once: what made it old was our waiting
		}
		if r.renewals > maxRenewals {
			return r.explain(c.operation, class, err)
		}
	}
	if class == awserror.Invalid {
		if done, err := r.fallBack(ctx); done || err != nil {
			return err
		}
	}
	if class == awserror.Gone {
		if err := r.vanished(ctx, p, c.began); err != nil || r.ended {
			return err
		}
	}
	r.stream.note(c.operation, class, err)
	if !r.retry.Next(class) {
		return r.explain(c.operation, class, err)
	}
	r.pace.failed(begun, backoff(r.retry.Failures))
	return nil
}

func (r *reader) explain(operation string, c awserror.Class, err error) error {
	return fmt.Errorf("reading shard %s: %w", r.shard, r.stream.explain(operation, c, err))
}
