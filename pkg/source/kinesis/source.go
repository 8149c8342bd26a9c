// Package kinesis reads Amazon Kinesis Data Streams, shard by shard, by polling. It implements record.Source: shards are
// its partitions.
//
// What may go wrong in a call is sorted in errors.go and nowhere else. Which shards are read, and where they begin, is
// decided in selection.go; what the service has dropped before it was read, in trim.go; how fast, in pace.go.
package kinesis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// client is what the source calls of Kinesis. Calls come from many goroutines.
type client interface {
	DescribeStreamSummary(context.Context, *kinesis.DescribeStreamSummaryInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamSummaryOutput, error)
	ListShards(context.Context, *kinesis.ListShardsInput, ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error)
	GetShardIterator(context.Context, *kinesis.GetShardIteratorInput, ...func(*kinesis.Options)) (*kinesis.GetShardIteratorOutput, error)
	GetRecords(context.Context, *kinesis.GetRecordsInput, ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error)
}

// Stream is one stream to read.
type Stream struct {
	// Name is the stream's name or ARN. An ARN is what another account's stream needs.
	Name string
	// Client calls the stream's region.
	Client client
}

// Deaggregation says what happens to KPL aggregates.
type Deaggregation uint8

const (
	// Deaggregate takes them apart, and drops those that KCL drops: see kpl.Belongs.
	Deaggregate Deaggregation = iota
	// DeaggregateUnfiltered takes them apart and drops none.
	DeaggregateUnfiltered
	// DeaggregateNothing hands them on as they are.
	DeaggregateNothing
)

// Config says what is read and how fast.
type Config struct {
	Streams []Stream
	// Shards narrows the source to these shards and what they split and merge into; empty: all. A Restore at a sequence
	// number needs exactly one here, and one stream.
	Shards []string
	// PollInterval is the least time between two calls for one shard, and then the only pacing there is. nil: one second
	// at the tip, and as ReadShare allows while behind.
	PollInterval *time.Duration
	// ReadShare is the part of a shard's 5 calls and 2 MB a second to take, above 0 and up to 1; 0 stands for 1.
	ReadShare float64
	// Deaggregation says what happens to KPL aggregates.
	Deaggregation Deaggregation
	// Log is told of what went wrong and could be mended; nil: nobody is.
	Log *zap.Logger
	// Observer counts; nil: nobody does.
	Observer Observer
}

// Observer is told what the metrics page shows. Its methods must not block, and come from many goroutines.
type Observer interface {
	// Throttled counts a call that the service refused because too much was asked.
	Throttled(stream, call string)
	// Trimmed adds a span of arrival times whose records the service dropped before they were read.
	Trimmed(stream, shard string, span time.Duration)
	// Dropped counts the user records of an aggregate that lies outside its shard's hash range.
	Dropped(stream, shard string, records int)
	// Retention is told how long the stream keeps its records, at the start and when it is looked at again.
	Retention(stream string, d time.Duration)
}

// Source reads streams. It implements record.Source.
type Source struct {
	config   Config
	streams  []*stream
	clock    clock
	calls    *calls
	log      *zap.Logger
	troubles troubleLog
	fresh    []record.Partition // what the first Partitions returns
	restored bool
	// announced: it has returned them.
	announced bool
}

// New returns a source of the streams in c. It calls nobody; an error says what is wrong with c.
func New(c Config) (*Source, error) {
	if len(c.Streams) == 0 {
		return nil, errors.New("configuring the Kinesis source: no stream to read")
	}
	if c.ReadShare == 0 {
		c.ReadShare = 1
	}
	if !(c.ReadShare > 0 && c.ReadShare <= 1) {
		return nil, fmt.Errorf("configuring the Kinesis source: a read share of %v is not above 0 and up to 1", c.ReadShare)
	}
	if c.PollInterval != nil && *c.PollInterval < 0 {
		return nil, fmt.Errorf("configuring the Kinesis source: a poll interval of %v is negative", *c.PollInterval)
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	s := &Source{config: c, calls: newCalls(), log: c.Log, troubles: troubleLog{log: c.Log}}
	for _, named := range c.Streams {
		s.streams = append(s.streams, newStream(s, named))
	}
	return s, nil
}

// Now implements record.Source: the service's clock, from the date of its answers.
func (s *Source) Now(ctx context.Context) (record.Millis, error) {
	if !s.clock.known() {
		if err := s.streams[0].describe(ctx); err != nil {
			return 0, err
		}
	}
	return s.clock.now(), nil
}

type unobserved struct{}

func (unobserved) Throttled(string, string)              {}
func (unobserved) Trimmed(string, string, time.Duration) {}
func (unobserved) Dropped(string, string, int)           {}
func (unobserved) Retention(string, time.Duration)       {}
