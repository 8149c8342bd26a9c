// Package kinesis is the sink that writes to a Kinesis stream: at least once, in order for each partition key.
//
// One goroutine, the sender, owns what waits and decides what goes out next (queue.go); each request of PutRecords has a
// goroutine of its own for the time of the call. With Aggregate, records are packed by shard as the KPL does (pack.go).
package kinesis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// client is what the sink calls of Kinesis. Calls come from many goroutines.
type client interface {
	DescribeStreamSummary(context.Context, *kinesis.DescribeStreamSummaryInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamSummaryOutput, error)
	ListShards(context.Context, *kinesis.ListShardsInput, ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error)
	PutRecords(context.Context, *kinesis.PutRecordsInput, ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error)
}

// Limits of PutRecords, from its API reference.
const (
	maxRequestRecords = 500
	maxRequestBytes   = 10 << 20 // with partition keys
	maxKeyRunes       = 256
)

// Config says where and how to write.
type Config struct {
	Stream string // name or ARN
	// Aggregate packs records as the KPL does. A consumer has to take them apart; KCL and kstream do.
	Aggregate bool
	// Strict lets nothing of a key overtake: a request holds one record (or aggregate) of it. Otherwise a request may hold
	// several, of which the service may refuse some: one that failed goes out again before any later one of its key that
	// has not been sent. In either case a key that is in flight waits.
	Strict bool
	// BatchBytes is the most bytes of a request, keys included, up to 10 MiB; a single larger record goes alone.
	BatchBytes int
	// Linger is how long a request that is not full waits for more.
	Linger time.Duration
	// InFlight is how many requests may be under way at once.
	InFlight int

	Log *zap.Logger
	// Throttled is told of records and calls that the service refused for a limit, from any goroutine; nil: nobody is.
	Throttled func(stream, call string)
}

// Sink writes to one stream. It implements record.Sink and record.Checker.
type Sink struct {
	name     string
	maxBytes int // of a record with its key
	in       chan []*entry
	flushes  chan chan struct{}
	done     chan struct{} // closed when the sender has gone; err is set before
	stop     context.CancelFunc
	err      error
}

// Open finds the stream's limits and shards, and starts the sender, which Close ends. It blocks for calls until ctx ends. A
// stream that is not there or may not be used is an error.
func Open(ctx context.Context, c Config, client client) (*Sink, error) {
	if c.InFlight < 1 || c.BatchBytes < 1 || c.BatchBytes > maxRequestBytes || c.Linger < 0 {
		return nil, errors.New("the Kinesis sink needs at least one request in flight, of 1 byte to 10 MiB, and no negative linger")
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	if c.Throttled == nil {
		c.Throttled = func(string, string) {}
	}
	target := targetOf(c.Stream)
	out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: target.name, StreamARN: target.arn})
	if err != nil {
		return nil, fmt.Errorf("opening stream %q for writing: %w", c.Stream, explain(err, c.Stream))
	}
	s := &Sink{
		name: aws.ToString(out.StreamDescriptionSummary.StreamName), maxBytes: recordLimit(out.StreamDescriptionSummary),
		in: make(chan []*entry), flushes: make(chan chan struct{}), done: make(chan struct{}),
	}
	sender := newSender(c, s.name, client, target)
	if c.Aggregate {
		if sender.packs, err = newPacks(ctx, client, target); err != nil {
			return nil, err
		}
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go func() {
		defer close(s.done)
		s.err = sender.run(running, s.in, s.flushes)
	}()
	return s, nil
}

// target names a stream in a call: a name, or an ARN for one of another account.
type target struct{ name, arn *string }

func targetOf(stream string) target {
	if strings.HasPrefix(stream, "arn:") {
		return target{arn: aws.String(stream)}
	}
	return target{name: aws.String(stream)}
}

// recordLimit is 1 MiB unless the stream takes larger records (UpdateMaxRecordSize).
func recordLimit(s *types.StreamDescriptionSummary) int {
	if kib := aws.ToInt32(s.MaxRecordSizeInKiB); kib > 0 {
		return int(kib) << 10
	}
	return 1 << 20
}

// Check implements record.Checker.
func (s *Sink) Check(data, key []byte) error {
	switch n := len(data) + len(key); {
	case n > s.maxBytes:
		return fmt.Errorf("it has %d bytes with its partition key, and stream %s takes %d", n, s.name, s.maxBytes)
	case len(key) == 0:
		return errors.New("its partition key is empty")
	case !utf8.Valid(key):
		return errors.New("its partition key is not UTF-8")
	case utf8.RuneCount(key) > maxKeyRunes:
		return fmt.Errorf("its partition key has %d characters, and Kinesis takes %d", utf8.RuneCount(key), maxKeyRunes)
	}
	return nil
}

// Write hands a copy of c's items to the sender. It blocks while as much waits as may be in flight.
func (s *Sink) Write(ctx context.Context, c *record.Chunk) error {
	if len(c.Items) == 0 {
		return nil
	}
	body := append([]byte(nil), c.Body...)
	entries, list := make([]*entry, 0, len(c.Items)), make([]entry, len(c.Items))
	now := time.Now()
	for i, item := range c.Items {
		data := item.Data
		if n := len(data); n <= len(body) {
			copy(body, data)
			data, body = body[:n:n], body[n:]
		} else {
			data = append([]byte(nil), data...) // not of the chunk's body
		}
		list[i] = entry{key: string(item.Key), data: data, since: now}
		entries = append(entries, &list[i])
	}
	select {
	case s.in <- entries:
		return nil
	case <-s.done:
		return s.failed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Prepare waits until the service has taken everything.
func (s *Sink) Prepare(ctx context.Context, _ record.Barrier) (record.Token, error) {
	flushed := make(chan struct{})
	select {
	case s.flushes <- flushed:
	case <-s.done:
		return nil, s.failed()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-flushed:
		return record.Token{}, nil
	case <-s.done:
		return nil, s.failed()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Sink) failed() error {
	if s.err == nil {
		return errors.New("the sink has been closed")
	}
	return s.err
}

// Close ends the sender, and waits for the calls under way to end.
func (s *Sink) Close() error {
	s.stop()
	<-s.done
	return nil
}
