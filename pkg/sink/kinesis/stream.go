package kinesis

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
)

// client is what the sink calls of Kinesis. Calls come from several goroutines.
type client interface {
	DescribeStreamSummary(context.Context, *kinesis.DescribeStreamSummaryInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamSummaryOutput, error)
	ListShards(context.Context, *kinesis.ListShardsInput, ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error)
	PutRecords(context.Context, *kinesis.PutRecordsInput, ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error)
}

// defaultMaxRecord is the limit of a stream that names none.
const defaultMaxRecord = 1 << 20

// stream is what is known of the stream that is written to. It does not change once it has been described.
type stream struct {
	ref       string // its name or ARN, as the user wrote it
	name      string
	maxRecord int  // bytes of the largest record, partition key included
	auto      bool // the service places records, whatever their keys are
}

func newStream(ref string) *stream {
	return &stream{ref: ref, name: ref[strings.LastIndex(ref, "/")+1:], maxRecord: defaultMaxRecord}
}

// address returns how calls name the stream: as the user did, so that neither another account's streams nor a server
// that only knows names is in the way.
func (s *stream) address() (name, arn *string) {
	if strings.HasPrefix(s.ref, "arn:") {
		return nil, &s.ref
	}
	return &s.ref, nil
}

var errNoSummary = errors.New("the service's answer holds no description")

// describe asks what the stream is like, until it is told or ctx ends.
func (s *stream) describe(ctx context.Context, client client, t *trouble) error {
	in := &kinesis.DescribeStreamSummaryInput{}
	in.StreamName, in.StreamARN = s.address()
	var d *types.StreamDescriptionSummary
	err := t.try(ctx, "DescribeStreamSummary", func() error {
		out, err := client.DescribeStreamSummary(ctx, in, awserror.Once)
		if err != nil {
			return err
		}
		if d = out.StreamDescriptionSummary; d == nil {
			return errNoSummary
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.auto = d.RecordDistributionStrategy == types.RecordDistributionStrategyAuto
	if kib := aws.ToInt32(d.MaxRecordSizeInKiB); kib > 0 {
		s.maxRecord = int(kib) << 10
	}
	return nil
}
