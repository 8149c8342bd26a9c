package kinesis

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
)

// result is what became of a request.
type result struct {
	request []*entry
	failed  []bool   // by the request's index: to be sent again
	shards  []string // by the request's index: where it is now; "" where it failed
	refused int
	astray  []*entry       // aggregates that went to another shard than was meant; they are in entry.landed
	err     error          // of the whole call, or the worst of a record; nil: all got in
	class   awserror.Class // of err
	called  bool           // the call itself succeeded
}

// put sends one request, once. It blocks for the call, until ctx ends, and owns the entries meanwhile.
func (s *sender) put(ctx context.Context, request []*entry) result {
	in := &kinesis.PutRecordsInput{Records: make([]types.PutRecordsRequestEntry, len(request))}
	in.StreamName, in.StreamARN = s.stream.address()
	for i, e := range request {
		in.Records[i] = types.PutRecordsRequestEntry{Data: e.data, PartitionKey: &e.key}
		if e.explicit != "" {
			in.Records[i].ExplicitHashKey = &e.explicit
		}
	}
	r := result{request: request, failed: make([]bool, len(request)), shards: make([]string, len(request))}
	out, err := s.client.PutRecords(ctx, in, awserror.Once)
	if err == nil && len(out.Records) != len(request) {
		err = errBrokenAnswer
	}
	if err != nil {
		// Cut off in the middle, the call may have had its effect. The records go out again all the same: at least once.
		r.err, r.class, r.refused = err, classify(err), len(request)
		for i := range r.failed {
			r.failed[i] = true
		}
		return r
	}
	r.called = true
	for i := range out.Records {
		r.sort(i, &out.Records[i])
	}
	return r
}

// sort notes what became of a record. FailedRecordCount is not looked at: servers are known to miscount.
func (r *result) sort(i int, answer *types.PutRecordsResultEntry) {
	e := r.request[i]
	var err error
	var c awserror.Class
	switch landed := aws.ToString(answer.ShardId); {
	case answer.ErrorCode != nil:
		err = &refusal{*answer.ErrorCode, aws.ToString(answer.ErrorMessage)}
		c, _ = awserror.OfCode(*answer.ErrorCode) // of an unknown one: it may be tried again
	case answer.SequenceNumber == nil || landed == "":
		err, c = errBrokenAnswer, awserror.Transient
	case e.packed > 1 && landed != e.shard:
		e.landed = landed
		r.astray = append(r.astray, e)
		return
	default:
		r.shards[i] = landed
		return
	}
	r.failed[i] = true
	r.refused++
	if r.err == nil || c > r.class {
		r.err, r.class = err, c
	}
}
