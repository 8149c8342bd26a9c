package kinesis

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// iterator is the service's bookmark in a shard. It expires 5 minutes after it was given.
type iterator struct {
	token string
	given time.Time
}

const (
	// iteratorAge is when an iterator is not worth a call any more: somewhat before the service's 5 minutes.
	iteratorAge = 5*time.Minute - 10*time.Second
	// maxRenewals is how many iterators in a row may be refused before something else must be wrong.
	maxRenewals = 5
)

func (i *iterator) good() bool { return i.token != "" && time.Since(i.given) < iteratorAge }

func (i *iterator) next(token string) { i.token, i.given = token, time.Now() }

// renew makes one attempt at an iterator for the reader's position. That of a saved record is AT, not AFTER, it: the
// record comes once more, which shows that nothing behind it was trimmed, and is dropped.
func (r *reader) renew(ctx context.Context) error {
	in := kinesis.GetShardIteratorInput{ShardId: &r.shard}
	in.StreamName, in.StreamARN = r.stream.address()
	switch p := r.position; p.Where {
	case record.Oldest:
		in.ShardIteratorType = types.ShardIteratorTypeTrimHorizon
	case record.AtTime:
		// A time ahead of the service's is refused. What comes before it is dropped (skip), so that less will do.
		in.ShardIteratorType = types.ShardIteratorTypeAtTimestamp
		in.Timestamp = aws.Time(min(p.Time, r.stream.source.clock.now().Add(-clockSlack)).Time())
	default:
		in.ShardIteratorType = types.ShardIteratorTypeAtSequenceNumber
		in.StartingSequenceNumber = aws.String(string(p.Sequence))
	}
	out, err := r.stream.client.GetShardIterator(ctx, &in, awserror.Once)
	if err != nil {
		return err
	}
	if aws.ToString(out.ShardIterator) == "" {
		return errBrokenAnswer
	}
	r.iterator.next(*out.ShardIterator)
	r.skip = r.position
	return nil
}

// fallBack answers a saved position that the service refuses: a sequence number so old that it is not known any more.
// The reader goes on at the oldest record, and judge says what is lost. done is false where there is no other way to ask:
// a sequence number that a person gave, and that is wrong, is for the person to mend.
func (r *reader) fallBack(ctx context.Context) (done bool, err error) {
	if r.position.Where != record.After {
		return false, nil
	}
	if err := r.stream.describe(ctx); err != nil { // a stream made anew does not know the sequence numbers either
		return false, err
	}
	r.stream.source.log.Warn("the service does not know the position any more, going on at the oldest record",
		zap.String("stream", r.stream.name), zap.String("shard", r.shard), zap.Stringer("position", r.position))
	r.saved, r.resumed = r.position.Sequence, true
	r.position = record.Position{}
	return true, nil
}
