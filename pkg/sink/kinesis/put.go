package kinesis

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// once turns the SDK's own retries off: they would spend the shards' limits behind our back.
func once(o *kinesis.Options) { o.RetryMaxAttempts = 1 }

// put sends one request and sorts its records by what became of them.
func (s *sender) put(ctx context.Context, request []*entry) result {
	in := &kinesis.PutRecordsInput{StreamName: s.target.name, StreamARN: s.target.arn, Records: make([]types.PutRecordsRequestEntry, len(request))}
	for i, e := range request {
		in.Records[i] = types.PutRecordsRequestEntry{Data: e.data, PartitionKey: aws.String(e.key)}
		if e.explicit != "" {
			in.Records[i].ExplicitHashKey = aws.String(e.explicit)
		}
	}
	out, err := s.client.PutRecords(ctx, in, once)
	if err != nil {
		return result{failed: request, err: fmt.Errorf("writing to stream %q: %w", s.name, explain(err, s.name)), fatal: !transient(err), throttled: isThrottle(err)}
	}
	if len(out.Records) != len(request) {
		return result{failed: request, err: fmt.Errorf("writing to stream %q: the service answered for %d of %d records", s.name, len(out.Records), len(request))}
	}
	var r result
	for i, e := range request {
		// FailedRecordCount is not looked at: servers are known to miscount.
		switch answer := out.Records[i]; {
		case answer.ErrorCode != nil:
			r.failed = append(r.failed, e)
			r.throttled = r.throttled || *answer.ErrorCode == throughputExceeded
		case e.members != nil && aws.ToString(answer.ShardId) != e.shard:
			e.landed = aws.ToString(answer.ShardId)
			r.misplaced = append(r.misplaced, e)
		default:
			r.landed = append(r.landed, e)
		}
	}
	return r
}
