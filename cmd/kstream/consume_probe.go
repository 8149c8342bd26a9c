package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"golang.org/x/sync/errgroup"
)

// streamClient is a stream and the client that reaches it.
type streamClient struct {
	stream string
	client *kinesis.Client
}

// quietNote says that no record has come since began, and when the newest one came, as far as that can be found out soon and
// with few calls.
func quietNote(ctx context.Context, began time.Time, clients []streamClient) string {
	const patience = 15 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text := "no records since " + began.Format("15:04:05")
	at, found, err := newestOf(ctx, clients)
	switch {
	case err != nil:
		return text + "; --last 20 shows the last ones before" // the note is a help, and no place for an error
	case !found:
		return text + ", and the stream holds none from before"
	}
	ago, form := time.Since(at), "15:04:05"
	if ago > 12*time.Hour {
		form = "2006-01-02 15:04"
	}
	return fmt.Sprintf("%s; the newest is from %s, %s ago: --last 20, or --from %s, shows it",
		text, at.Local().Format(form), roughly(ago), roughly(ago+ago/4+time.Second))
}

// roughly returns d to the next whole of the largest unit that tells it well, in the form that --from takes.
func roughly(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= 2*u.unit {
			return fmt.Sprintf("%d%s", d.Round(u.unit)/u.unit, u.name)
		}
	}
	return fmt.Sprintf("%ds", d.Round(time.Second)/time.Second)
}

// mostProbed is how many shards are asked for their newest record: each takes calls from who reads the stream.
const mostProbed = 32

// newestOf returns when the newest record of all the streams arrived.
func newestOf(ctx context.Context, clients []streamClient) (at time.Time, found bool, err error) {
	g, ctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	for _, c := range clients {
		name, arn := streamTarget(c.stream)
		out, err := c.client.ListShards(ctx, &kinesis.ListShardsInput{StreamName: name, StreamARN: arn, MaxResults: aws.Int32(mostProbed)})
		if err != nil {
			return at, false, err
		}
		if out.NextToken != nil {
			return at, false, fmt.Errorf("%s has more than %d shards", c.stream, mostProbed)
		}
		for _, shard := range out.Shards {
			g.Go(func() error {
				newest, ok, err := c.newest(ctx, *shard.ShardId)
				mu.Lock()
				defer mu.Unlock()
				if ok && newest.After(at) {
					at, found = newest, true
				}
				return err
			})
		}
	}
	err = g.Wait()
	return at, found, err
}

// longestRetention is the service's, and a day.
const longestRetention = 366 * 24 * time.Hour

// newest returns when the newest record of a shard arrived. It looks back further and further, as --last does, and where that
// gives more than a few records, between the last two times. Where there is always more it comes near.
func (c streamClient) newest(ctx context.Context, shard string) (at time.Time, found bool, err error) {
	now, quiet := time.Now(), time.Duration(0) // nothing is newer than quiet
	for _, span := range append(spans[:len(spans):len(spans)], longestRetention) {
		last, tip, err := c.pageSince(ctx, shard, now.Add(-span))
		switch {
		case err != nil:
			return at, false, err
		case tip:
			return last, true, nil
		case !last.IsZero():
			at, err = c.between(ctx, shard, now, quiet, span, last)
			return at, true, err
		}
		quiet = span
	}
	return at, false, nil
}

// between is newest for a shard with records between span and quiet before now, of which one arrived at last.
func (c streamClient) between(ctx context.Context, shard string, now time.Time, quiet, span time.Duration, last time.Time) (time.Time, error) {
	const halvings = 8
	for range halvings {
		middle := (quiet + span) / 2
		at, tip, err := c.pageSince(ctx, shard, now.Add(-middle))
		switch {
		case err != nil:
			return last, err
		case tip:
			return at, nil
		case at.IsZero():
			quiet = middle
		default:
			span, last = middle, at
		}
	}
	return last, nil
}

// pageSince returns when the last record arrived of the first few that a shard has from a time on, the zero time where it has
// none, and whether that is the shard's last record. It takes its time and asks for little: a shard's limits, five calls
// and 2 MiB a second, are for those who read it.
func (c streamClient) pageSince(ctx context.Context, shard string, from time.Time) (last time.Time, tip bool, err error) {
	name, arn := streamTarget(c.stream)
	it, err := c.client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
		StreamName: name, StreamARN: arn, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeAtTimestamp, Timestamp: &from,
	})
	if err != nil {
		return last, false, err
	}
	const (
		empties = 5 // an empty answer need not be the tip
		few     = 100
	)
	next := it.ShardIterator
	for range empties {
		select {
		case <-time.After(betweenSpans):
		case <-ctx.Done():
			return last, false, ctx.Err()
		}
		out, err := c.client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: next, StreamARN: arn, Limit: aws.Int32(few)})
		if err != nil {
			return last, false, err
		}
		next = out.NextShardIterator
		atTip := next == nil || aws.ToInt64(out.MillisBehindLatest) == 0
		if n := len(out.Records); n > 0 {
			return aws.ToTime(out.Records[n-1].ApproximateArrivalTimestamp), atTip, nil
		}
		if atTip {
			break
		}
	}
	return last, false, nil
}
