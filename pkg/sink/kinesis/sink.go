// Package kinesis is the sink that writes to a Kinesis stream: at least once, in order for each partition key.
//
// One goroutine, the sender, owns what waits and decides what goes out next (queue.go); each request of PutRecords has a
// goroutine of its own for the time of the call. With Aggregate, records are packed by shard as the KPL does (pack.go).
package kinesis

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

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
	// Throttled is told of each call of which the service refused something for a limit; nil: nobody is.
	Throttled func(stream, call string)
	// Took is told of user records that the service has taken into a shard, each once unless its answer was lost, and the
	// bytes of their payloads; nil: nobody is. Like Throttled it is called from the sink's own goroutine and must not block.
	Took func(shard string, records, bytes int)
	// Again is told of how many user records have to go out again, as Took is told of those that need not.
	Again func(records int)
}

// Sink writes to one stream. It implements record.Sink and record.Checker.
type Sink struct {
	stream  *stream
	in      chan []*entry
	flushes chan chan<- struct{}
	stop    context.CancelFunc
	done    chan struct{} // closed when the sender has gone; err is set before
	err     error
}

// Write hands a copy of c's items to the sender. It blocks while as much waits as may be in flight, until ctx ends. A record
// that Check refuses, or a hash key that is none, is an error, and nothing of c is written.
func (s *Sink) Write(ctx context.Context, c *record.Chunk) error {
	for i := range c.Items {
		if err := s.Check(c.Items[i].Data, c.Items[i].Key); err != nil {
			return fmt.Errorf("writing a record to stream %s: %w", s.stream.ref, err)
		}
	}
	for _, hash := range c.HashKeys {
		if _, err := kpl.HashOf(nil, []byte(hash)); err != nil {
			return fmt.Errorf("writing a record to stream %s: %w", s.stream.ref, err)
		}
	}
	entries := entriesOf(c, time.Now())
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

// Check implements record.Checker: Kinesis counts the partition key to the record, and its length in characters.
func (s *Sink) Check(data, key []byte) error {
	switch n := len(data) + len(key); {
	case n > s.stream.maxRecord:
		return fmt.Errorf("it has %d bytes with its partition key, and stream %s takes %d", n, s.stream.name, s.stream.maxRecord)
	case len(key) == 0:
		return errors.New("its partition key is empty")
	case !utf8.Valid(key):
		return errors.New("its partition key is not UTF-8")
	case len(key) > maxKeyRunes && utf8.RuneCount(key) > maxKeyRunes:
		return fmt.Errorf("its partition key has %d characters, and Kinesis takes %d", utf8.RuneCount(key), maxKeyRunes)
	}
	return nil
}
