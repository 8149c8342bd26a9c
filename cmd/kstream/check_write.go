package main

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
)

// write tries what writing to the stream takes, without writing.
func (p *probe) write(ctx context.Context, aggregate bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if aggregate {
		p.tried(aggregateCall, p.listShards(ctx))
	}
	p.put(ctx)
	if n := p.keyNeed(); n.action != "" {
		p.untried(n.action, n.resource, "only a write would show it")
	}
}

// put tries PutRecords as a dry run, in which the service looks at permissions and arguments and does nothing. A server that
// does not know dry runs would write: one that stands at an endpoint of its own has to show first, at a call that changes
// nothing, that it does.
func (p *probe) put(ctx context.Context) {
	const call = "PutRecords"
	if p.client.Options().BaseEndpoint != nil && !p.dryRuns(ctx) {
		p.untried("kinesis:"+call, p.arn, "only a write would show it: this endpoint does not show that it knows dry runs")
		return
	}
	in := &kinesis.PutRecordsInput{
		DryRun: aws.Bool(true), Records: []types.PutRecordsRequestEntry{{Data: []byte("kstream check"), PartitionKey: aws.String("kstream check")}},
	}
	in.StreamName, in.StreamARN = streamTarget(p.ref)
	_, err := p.client.PutRecords(ctx, in)
	switch {
	case isDryRun(err):
		p.tried(call, nil)
	case err == nil:
		p.tried(call, errors.New("it was asked for a dry run, and the service wrote a record"))
	case awserror.Of(err) == awserror.Denied || awserror.Of(err) == awserror.Gone:
		p.tried(call, err)
	default:
		p.untried("kinesis:"+call, p.arn, "a dry run of it said: "+awserror.Text(err))
	}
}

// dryRuns reports whether the endpoint is known to understand dry runs.
func (p *probe) dryRuns(ctx context.Context) bool {
	if p.listShards(ctx) != nil {
		return false
	}
	in := &kinesis.GetShardIteratorInput{DryRun: aws.Bool(true), ShardId: aws.String(p.shard), ShardIteratorType: types.ShardIteratorTypeLatest}
	in.StreamName, in.StreamARN = streamTarget(p.ref)
	_, err := p.client.GetShardIterator(ctx, in)
	return isDryRun(err)
}

// isDryRun tells the error with which the service says that a call would have been fine.
func isDryRun(err error) bool {
	var dry *types.DryRunOperationException
	return errors.As(err, &dry)
}

// managedKey is the key that AWS keeps for Kinesis in each account. Whoever may use the stream may use it.
const managedKey = "alias/aws/kinesis"

// keyNeed returns what the key that the stream is encrypted with has to allow; one without an action where that is nothing.
func (p *probe) keyNeed() need {
	if p.summary == nil || p.summary.EncryptionType != types.EncryptionTypeKms {
		return need{}
	}
	n := need{identity: p.identity, action: "kms:Decrypt"}
	if p.writes {
		n.action = "kms:GenerateDataKey"
	}
	key := aws.ToString(p.summary.KeyId)
	if strings.HasSuffix(key, managedKey) {
		return need{}
	}
	parts := strings.SplitN(p.arn, ":", 6) // arn:aws:kinesis:REGION:ACCOUNT:stream/NAME
	keys := "arn:" + parts[1] + ":kms:" + parts[3] + ":" + parts[4] + ":key/"
	_, alias, aliased := strings.Cut(key, "alias/")
	switch {
	case aliased: // a policy names keys, and aliases only in a condition
		n.resource, n.alias = keys+"*", "alias/"+alias
	case strings.HasPrefix(key, "arn:"):
		n.resource = key
	default:
		n.resource = keys + key
	}
	return n
}
