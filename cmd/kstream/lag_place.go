package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/pkg/lease/kcl"
)

// placesAtOnce is how many shards are asked at a time: enough for thousands within a minute, and few beside a run of it.
const placesAtOnce = 16

// ask asks a stream where the leases of rows are in it, completes the rows, and returns rows for open shards without a lease.
// The error is the stream's, or the first of a shard's.
func (g *groupLag) ask(ctx context.Context, now time.Time, stream string, created int64, rows []leaseRow) (unleased []lagRow, err error) {
	client := g.clients[stream]
	if client == nil {
		if client, err = awsclient.New(ctx, clientConfig(g.source, stream)); err != nil {
			return nil, err
		}
		g.clients[stream] = client // for the looks that follow: a new one would ask for credentials again
	}
	p := &places{client: client, now: now}
	p.name, p.arn = streamTarget(stream)
	out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: p.name, StreamARN: p.arn})
	if err != nil {
		return nil, explain(ctx, err, client, stream)
	}
	if at := aws.ToTime(out.StreamDescriptionSummary.StreamCreationTimestamp); created != 0 && at.Unix() != created {
		return nil, fmt.Errorf("they are of a stream of that name that was made at %s, and this one was made at %s",
			time.Unix(created, 0).UTC().Format(time.RFC3339), at.UTC().Format(time.RFC3339))
	}
	p.retention = time.Duration(aws.ToInt32(out.StreamDescriptionSummary.RetentionPeriodHours)) * time.Hour
	shards, err := shardsOf(ctx, client, stream)
	if err != nil {
		return nil, err
	}
	return p.findAll(ctx, shards, rows)
}

// places finds places in the shards of one stream.
type places struct {
	client    *kinesis.Client
	name, arn *string
	now       time.Time
	retention time.Duration
}

func (p *places) findAll(ctx context.Context, shards []shardRow, rows []leaseRow) (unleased []lagRow, err error) {
	byShard := map[string]*leaseRow{}
	for i := range rows {
		byShard[rows[i].lease.Shard] = &rows[i]
	}
	var asking errgroup.Group
	asking.SetLimit(placesAtOnce)
	for i := range shards {
		open := shards[i].LastSequence == ""
		r := byShard[shards[i].Shard]
		if r == nil {
			if open { // the lease of a closed one is removed some time after its end
				unleased = append(unleased, lagRow{Shard: shards[i].Shard, State: lagUnleased, Open: &open, Parents: shards[i].Parents, Position: "-"})
			}
			continue
		}
		delete(byShard, shards[i].Shard)
		r.row.Open = &open
		if !r.lease.Ended() {
			asking.Go(func() error { return p.find(ctx, r) })
		}
	}
	for _, r := range byShard {
		if !r.lease.Ended() {
			r.row.State = lagGone
		}
	}
	return unleased, asking.Wait()
}

// find asks for the first record behind a lease's checkpoint, and so how far behind it is.
func (p *places) find(ctx context.Context, r *leaseRow) error {
	in := kinesis.GetShardIteratorInput{StreamName: p.name, StreamARN: p.arn, ShardId: aws.String(r.lease.Shard)}
	switch r.lease.Checkpoint {
	case kcl.Latest, kcl.AtTimestamp:
		return nil // where the first worker that takes it begins is not known yet
	case kcl.TrimHorizon:
		in.ShardIteratorType = types.ShardIteratorTypeTrimHorizon
	default:
		in.ShardIteratorType, in.StartingSequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, aws.String(r.lease.Checkpoint)
	}
	behind, err := p.behind(ctx, &in)
	var none *types.InvalidArgumentException
	switch {
	case errors.As(err, &none):
		return fmt.Errorf("the checkpoint of %s is no place in it: is it the stream that the group reads? (%w)", r.lease.Shard, err)
	case err != nil:
		return fmt.Errorf("asking %s: %w", r.lease.Shard, err)
	}
	r.row.setBehind(behind, p.retention)
	return nil
}

// behind returns how long the first record behind a place has been waiting there, 0 where there is none.
func (p *places) behind(ctx context.Context, in *kinesis.GetShardIteratorInput) (time.Duration, error) {
	it, err := p.client.GetShardIterator(ctx, in)
	if err != nil {
		return 0, err
	}
	out, err := p.client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator, StreamARN: p.arn, Limit: aws.Int32(1)})
	if err != nil {
		return 0, err
	}
	behind := time.Duration(aws.ToInt64(out.MillisBehindLatest)) * time.Millisecond
	if behind == 0 && len(out.Records) > 0 { // that record is the last, which the service calls the tip
		behind = max(0, p.now.Sub(aws.ToTime(out.Records[0].ApproximateArrivalTimestamp)))
	}
	return behind, nil
}
