package kinesis

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/wire"
)

// stream is one stream of a source. Its readers share it.
type stream struct {
	source  *Source
	client  client
	records *wire.Caller // calls GetRecords by client
	ref     string       // its name or ARN, as the user wrote it
	name    string

	mu        sync.Mutex
	arn       string               // guarded by mu; as is all below
	created   record.Millis        // tells a stream from one made anew under its name
	retention time.Duration        // how long records are kept
	maxRecord int                  // bytes of the largest payload
	auto      bool                 // the service places records, whatever their keys are
	ranges    map[string]kpl.Range // hash keys by shard
	closed    map[string]bool      // shards that were listed as closed
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
	return &stream{source: s, client: c.Client, records: wire.NewCaller(c.Client), ref: c.Name, name: name, maxRecord: defaultMaxRecord,
		ranges: map[string]kpl.Range{}, closed: map[string]bool{}, progress: map[string]progress{}}
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
		if out, err = st.client.DescribeStreamSummary(ctx, &in, awserror.Once); err != nil {
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

// mark notes what this job does with a shard.
func (st *stream) mark(shard string, p progress) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.progress[shard] = p
}

// isClosed tells whether the shard is known to be closed. Its reader is at the tip only at its end: some servers say that it is
// there before, and a bounded read would leave out all that is in its children.
func (st *stream) isClosed(shard string) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.closed[shard]
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
