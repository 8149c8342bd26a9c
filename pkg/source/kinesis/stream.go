package kinesis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// stream is one stream of a source. Its readers share it.
type stream struct {
	source *Source
	client client
	ref    string // its name or ARN, as the user wrote it
	name   string

	mu        sync.Mutex
	arn       string               // guarded by mu; as is all below
	created   record.Millis        // tells a stream from one made anew under its name
	retention time.Duration        // how long records are kept
	maxRecord int                  // bytes of the largest payload
	auto      bool                 // the service places records, whatever their keys are
	ranges    map[string]kpl.Range // hash keys by shard
	progress  map[string]progress  // every shard that this job knows
}

// progress is what this job does with a shard.
type progress uint8

const (
	unknown progress = iota
	active           // it is read, or waits for its parents
	done             // it has been read to its end
	outside          // it is none of this job's: it lay before FROM, or is not one of Config.Shards
)

const (
	defaultMaxRecord = 1 << 20 // a stream that says nothing has this limit
	maxKeySize       = 256 * 4 // 256 characters
)

func newStream(s *Source, c Stream) *stream {
	name := c.Name
	if strings.HasPrefix(name, "arn:") {
		name = name[strings.LastIndex(name, "/")+1:]
	}
	return &stream{source: s, client: c.Client, ref: c.Name, name: name, maxRecord: defaultMaxRecord,
		ranges: map[string]kpl.Range{}, progress: map[string]progress{}}
}

// address returns how calls name the stream: as the user did, so that neither another account's streams nor a server
// that only knows names is in the way.
func (st *stream) address() (name, arn *string) {
	if strings.HasPrefix(st.ref, "arn:") {
		return nil, &st.ref
	}
	return &st.ref, nil
}

func (st *stream) prefix() string {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.arn + "/"
}

func (st *stream) id(shard string) record.PartitionID { return record.PartitionID(st.prefix() + shard) }

// describe learns what the stream is like. It fails where the stream is not the one that it was before.
func (st *stream) describe(ctx context.Context) error {
	in := kinesis.DescribeStreamSummaryInput{}
	in.StreamName, in.StreamARN = st.address()
	var out *kinesis.DescribeStreamSummaryOutput
	err := st.try(ctx, "DescribeStreamSummary", func() (err error) {
		sent := time.Now()
		if out, err = st.client.DescribeStreamSummary(ctx, &in, once); err != nil {
			return err
		}
		st.source.clock.learn(out.ResultMetadata, sent)
		if out.StreamDescriptionSummary == nil || out.StreamDescriptionSummary.StreamARN == nil {
			return errBrokenAnswer
		}
		return nil
	})
	if err != nil {
		return err
	}
	return st.take(out.StreamDescriptionSummary)
}

func (st *stream) take(d *types.StreamDescriptionSummary) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	var created record.Millis
	if d.StreamCreationTimestamp != nil {
		created = record.MillisOf(*d.StreamCreationTimestamp)
	}
	if st.arn != "" && !sameCreation(st.created, created) {
		return fmt.Errorf("stream %s was deleted and made anew at %s while it was being read: the next start reads the new one from its oldest record",
			st.ref, created.Time().Format(time.RFC3339))
	}
	st.arn, st.created = *d.StreamARN, created
	st.auto = d.RecordDistributionStrategy == types.RecordDistributionStrategyAuto
	if hours := aws.ToInt32(d.RetentionPeriodHours); hours > 0 {
		st.retention = time.Duration(hours) * time.Hour
		st.source.config.Observer.Retention(st.name, st.retention)
	}
	if kib := int(aws.ToInt32(d.MaxRecordSizeInKiB)); kib > 0 {
		st.maxRecord = kib << 10
	}
	return nil
}

// sameCreation compares creation times: to the second, since not every server keeps what is finer, and one that is not
// known is any.
func sameCreation(a, b record.Millis) bool {
	return a == 0 || b == 0 || a.Sub(b).Abs() < time.Second
}

// list returns all shards that match filter, nil for all that still hold records, and remembers their hash ranges.
func (st *stream) list(ctx context.Context, filter *types.ShardFilter) ([]types.Shard, error) {
	var shards []types.Shard
	var token *string
	for {
		in := kinesis.ListShardsInput{NextToken: token} // which stands alone: it names the stream and filter itself
		if token == nil {
			in.StreamName, in.StreamARN = st.address()
			in.ShardFilter = filter
		}
		var out *kinesis.ListShardsOutput
		err := st.try(ctx, "ListShards", func() (err error) {
			out, err = st.client.ListShards(ctx, &in, once)
			return err
		})
		if err != nil && classify(err) == stale && ctx.Err() == nil {
			shards, token = nil, nil
			continue
		}
		if err != nil {
			return nil, err
		}
		shards = append(shards, out.Shards...)
		if token = out.NextToken; aws.ToString(token) == "" {
			return shards, st.keepRanges(shards)
		}
	}
}

func (st *stream) keepRanges(shards []types.Shard) error {
	for i := range shards {
		if aws.ToString(shards[i].ShardId) == "" {
			return fmt.Errorf("listing shards of %s: %w", st.ref, errors.New("a shard has no name"))
		}
		st.keepRange(*shards[i].ShardId, shards[i].HashKeyRange)
	}
	return nil
}

func (st *stream) keepRange(shard string, r *types.HashKeyRange) {
	if r == nil {
		return
	}
	start, err := kpl.ParseHash(aws.ToString(r.StartingHashKey))
	if err != nil {
		return
	}
	end, err := kpl.ParseHash(aws.ToString(r.EndingHashKey))
	if err != nil {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ranges[shard] = kpl.Range{Start: start, End: end}
}

// partition describes a shard with these parents.
func (st *stream) partition(shard string, parents []string, start record.Position) record.Partition {
	p := record.Partition{ID: st.id(shard), Stream: st.name, Shard: shard, Start: start}
	for _, parent := range parents {
		p.Parents = append(p.Parents, st.id(parent))
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	p.Created = st.created
	return p
}

// parentsOf returns the shards that s was split or merged from.
func parentsOf(s *types.Shard) []string {
	var parents []string
	for _, p := range []*string{s.ParentShardId, s.AdjacentParentShardId} {
		if aws.ToString(p) != "" {
			parents = append(parents, *p)
		}
	}
	return parents
}

// mark notes what this job does with a shard.
func (st *stream) mark(shard string, p progress) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.progress[shard] = p
}

// horizon is the arrival time before which the service drops records.
func (st *stream) horizon() record.Millis {
	st.mu.Lock()
	retention := st.retention
	st.mu.Unlock()
	if retention == 0 {
		return record.StartOfTime
	}
	return st.source.clock.now().Add(-retention)
}
