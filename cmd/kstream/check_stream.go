package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/pkg/awserror"
)

// The calls of Kinesis that a run makes, by what it does with a stream. An aggregating sink also lists shards.
var (
	readCalls  = []string{"DescribeStreamSummary", "ListShards", "GetShardIterator", "GetRecords"}
	writeCalls = []string{"DescribeStreamSummary", "PutRecords"}
)

const aggregateCall = "ListShards"

// probe is one stream that is read or written, and what is known of it.
type probe struct {
	*subject
	identity string // of identityNames: who calls
	ref      string // the stream's name or ARN, as the user wrote it
	c        awsclient.Config
	client   *kinesis.Client                 // nil: there is none
	summary  *types.StreamDescriptionSummary // nil: it could not be had
	arn      string                          // with * for what is not known
	shard    string                          // an open one, once listShards has succeeded
	writes   bool                            // it is written to
}

// probeStream finds a stream. there is false where nothing more of it can be tried; what its use needs is known all the same.
func (a *attempt) probeStream(ctx context.Context, p *probe, calls ...string) (there bool) {
	a.subjects, a.streams = append(a.subjects, p.subject), append(a.streams, p)
	p.arn, p.shard = p.ref, "shardId-000000000000"
	var err error
	if p.client, err = awsclient.New(ctx, p.c); err != nil {
		p.note("finding credentials and region", "", err)
	}
	if !strings.HasPrefix(p.ref, "arn:") {
		region := "*"
		if p.client != nil {
			region = p.client.Options().Region
		}
		p.arn = fmt.Sprintf("arn:%s:kinesis:%s:*:stream/%s", partitionOf(region), region, p.ref)
	}
	there = p.client != nil && p.describe(ctx)
	for _, call := range calls {
		a.needs = append(a.needs, need{identity: p.identity, action: "kinesis:" + call, resource: p.arn})
	}
	if n := p.keyNeed(); n.action != "" {
		a.needs = append(a.needs, n)
	}
	return there
}

// partitionOf returns the first part of the ARNs of a region.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// describe finds the stream. It is false for one that is not there.
func (p *probe) describe(ctx context.Context) (there bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name, arn := streamTarget(p.ref)
	out, err := p.client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn})
	if err == nil && out.StreamDescriptionSummary == nil {
		err = errors.New("the service's answer holds no description")
	}
	if err == nil {
		p.summary = out.StreamDescriptionSummary
		if known := aws.ToString(p.summary.StreamARN); known != "" {
			p.arn = known
		}
		p.Detail = summaryText(p.summary)
	}
	if text := missingStream(ctx, err, p.client, p.ref); text != "" {
		err = errors.New(text)
		there = false
	} else {
		there = err == nil || awserror.Of(err) == awserror.Denied // which says nothing of what else is allowed
	}
	p.tried("DescribeStreamSummary", err)
	return there
}

func summaryText(s *types.StreamDescriptionSummary) string {
	row := rowOf(s)
	text := fmt.Sprintf("%s, %s, kept %dh", strings.ToLower(row.Status), count(int64(row.Shards), "open shard"), row.Retention)
	if row.Mode != "" {
		text += ", " + strings.ToLower(strings.ReplaceAll(row.Mode, "_", "-"))
	}
	if s.EncryptionType == types.EncryptionTypeKms {
		text += ", encrypted with " + aws.ToString(s.KeyId)
	}
	return text
}

// tried notes what came of a call.
func (p *probe) tried(call string, err error) { p.note("kinesis:"+call, p.arn, err) }

// untried notes an action that was not tried, and why.
func (p *probe) untried(action, resource, why string) {
	p.Tries = append(p.Tries, attempted{What: action, Resource: resource, Verdict: untried, Why: why})
}

// listShards finds an open shard to go on with.
func (p *probe) listShards(ctx context.Context) error {
	name, arn := streamTarget(p.ref)
	out, err := p.client.ListShards(ctx, &kinesis.ListShardsInput{
		StreamName: name, StreamARN: arn, ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest},
	})
	if err != nil {
		return err
	}
	if len(out.Shards) == 0 {
		return errors.New("it has no open shards")
	}
	p.shard = aws.ToString(out.Shards[0].ShardId)
	return nil
}

// read makes each kind of call that reading the stream takes. That it reads one record, the oldest, shows whether it may be
// decrypted.
func (p *probe) read(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p.tried("ListShards", p.listShards(ctx))
	name, arn := streamTarget(p.ref)
	it, err := p.client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
		StreamName: name, StreamARN: arn, ShardId: aws.String(p.shard), ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	p.tried("GetShardIterator", err)
	if err != nil {
		p.untried("kinesis:GetRecords", p.arn, "it takes an iterator")
		p.decrypts(false)
		return
	}
	out, err := p.client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator, StreamARN: arn, Limit: aws.Int32(1)})
	var key *types.KMSAccessDeniedException
	if errors.As(err, &key) {
		p.tried("GetRecords", nil)
		p.note(p.keyNeed().action, p.keyNeed().resource, err)
		return
	}
	p.tried("GetRecords", err)
	p.decrypts(err == nil && len(out.Records) > 0)
}

// decrypts notes whether the key of the stream allows what is needed; read is true where a record has come.
func (p *probe) decrypts(read bool) {
	switch n := p.keyNeed(); {
	case n.action == "":
	case read:
		p.note(n.action, n.resource, nil)
	default:
		p.untried(n.action, n.resource, "no record came that would have shown it")
	}
}
