package kinesislocal_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

func TestIteratorExpires(t *testing.T) {
	bubble(t, 1, func(t *testing.T, _ *kinesislocal.Server, c *kinesis.Client) {
		it := iterate(t, c, "logs", shardName(0))
		time.Sleep(5 * time.Minute)
		next := read(t, c, it).NextShardIterator
		time.Sleep(time.Millisecond)
		_, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
		wantCode(t, err, "ExpiredIteratorException")
		read(t, c, next)
	})
}

func TestShardTokenExpires(t *testing.T) {
	bubble(t, 3, func(t *testing.T, _ *kinesislocal.Server, c *kinesis.Client) {
		first, err := c.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: aws.String("logs"), MaxResults: aws.Int32(1)})
		check(t, err)
		time.Sleep(300 * time.Second)
		second, err := c.ListShards(t.Context(), &kinesis.ListShardsInput{NextToken: first.NextToken, MaxResults: aws.Int32(1)})
		check(t, err)
		if got := *second.Shards[0].ShardId; got != shardName(1) {
			t.Errorf("second page: got %s, want %s", got, shardName(1))
		}
		time.Sleep(time.Millisecond)
		_, err = c.ListShards(t.Context(), &kinesis.ListShardsInput{NextToken: first.NextToken})
		wantCode(t, err, "ExpiredNextTokenException")
	})
}

func TestRetentionTrims(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		_, old := put(t, s, "k", []byte("old"))
		time.Sleep(time.Hour)
		put(t, s, "k", []byte("new"))
		time.Sleep(23*time.Hour + time.Millisecond)
		out := read(t, c, iterate(t, c, "logs", shardName(0)))
		if len(out.Records) != 1 || string(out.Records[0].Data) != "new" {
			t.Errorf("after a day: got %d records, want the one of 23 hours", len(out.Records))
		}
		at, err := c.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
			StreamName: aws.String("logs"), ShardId: aws.String(shardName(0)),
			ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber, StartingSequenceNumber: &old,
		})
		check(t, err)
		if out := read(t, c, at.ShardIterator); len(out.Records) != 1 || string(out.Records[0].Data) != "new" {
			t.Errorf("at a number that was trimmed: got %d records, want the oldest there is", len(out.Records))
		}
	})
}

func TestClosedShardOutlivesItsRetention(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		put(t, s, "k", []byte("old"))
		check(t, s.Scale("logs", 2))
		time.Sleep(24*time.Hour - time.Millisecond)
		it := iterate(t, c, "logs", shardName(0))
		listed := func() (names []string) {
			for _, sh := range must[[]kinesislocal.Shard](t)(s.Shards("logs")) {
				names = append(names, sh.ID)
			}
			return names
		}
		if got, want := listed(), []string{shardName(0), shardName(1), shardName(2)}; !slices.Equal(got, want) {
			t.Errorf("within retention: got %v, want %v", got, want)
		}
		time.Sleep(time.Millisecond)
		if got, want := listed(), []string{shardName(1), shardName(2)}; !slices.Equal(got, want) {
			t.Errorf("after retention: got %v, want %v", got, want)
		}
		_, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
		wantCode(t, err, "ResourceNotFoundException")
	})
}

func TestTransitionsTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, kinesislocal.Config{Transition: 10 * time.Second})
		c := newClient(s)
		_, err := c.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: aws.String("logs"), ShardCount: aws.Int32(1)})
		check(t, err)
		status := func() types.StreamStatus {
			out, err := c.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("logs")})
			check(t, err)
			return out.StreamDescriptionSummary.StreamStatus
		}
		step := func(during types.StreamStatus, after types.StreamStatus) {
			t.Helper()
			time.Sleep(10*time.Second - time.Millisecond)
			if got := status(); got != during {
				t.Errorf("got %s, want %s", got, during)
			}
			time.Sleep(time.Millisecond)
			if got := status(); got != after {
				t.Errorf("got %s, want %s", got, after)
			}
		}
		_, err = c.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: aws.String("logs")})
		wantCode(t, err, "ResourceInUseException")
		step("CREATING", "ACTIVE")
		split := &kinesis.SplitShardInput{
			StreamName: aws.String("logs"), ShardToSplit: aws.String(shardName(0)), NewStartingHashKey: aws.String("1000"),
		}
		_, err = c.SplitShard(t.Context(), split)
		check(t, err)
		_, err = c.SplitShard(t.Context(), split)
		wantCode(t, err, "ResourceInUseException")
		if shard, _ := put(t, s, "k", nil); shard != shardName(0) {
			t.Errorf("while UPDATING a record went to %s", shard)
		}
		step("UPDATING", "ACTIVE")
		if shard, _ := put(t, s, "k", nil); shard == shardName(0) {
			t.Errorf("after the split a record went to its parent")
		}
		_, err = c.DeleteStream(t.Context(), &kinesis.DeleteStreamInput{StreamName: aws.String("logs")})
		check(t, err)
		if got := status(); got != "DELETING" {
			t.Errorf("got %s, want DELETING", got)
		}
		time.Sleep(10 * time.Second)
		_, err = c.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("logs")})
		wantCode(t, err, "ResourceNotFoundException")
	})
}

func TestLagGrowsUntilTheTip(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		put(t, s, "k", []byte("a"))
		put(t, s, "k", []byte("b"))
		it := iterate(t, c, "logs", shardName(0))
		one := func(it *string) *kinesis.GetRecordsOutput {
			out, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it, Limit: aws.Int32(1)})
			check(t, err)
			return out
		}
		if got := *one(it).MillisBehindLatest; got != 1 {
			t.Errorf("with more of the same instant: got %d ms behind, want 1: 0 would be the tip", got)
		}
		time.Sleep(3 * time.Second)
		out := one(it)
		if got := *out.MillisBehindLatest; got != 3000 {
			t.Errorf("got %d ms behind, want 3000", got)
		}
		if got := *one(out.NextShardIterator).MillisBehindLatest; got != 0 {
			t.Errorf("at the tip: got %d ms behind, want 0", got)
		}
	})
}

func TestManualClock(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := kinesislocal.NewManualClock(begin)
	s := newServer(t, kinesislocal.Config{Clock: clock})
	check(t, s.CreateStream("logs", 1))
	c := newClient(s)
	it := iterate(t, c, "logs", shardName(0))
	put(t, s, "k", []byte("x"))
	if got := *read(t, c, it).Records[0].ApproximateArrivalTimestamp; !got.Equal(begin) {
		t.Errorf("got a record of %v, want %v", got, begin)
	}
	clock.Advance(5*time.Minute + time.Millisecond)
	_, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
	wantCode(t, err, "ExpiredIteratorException")
	after := clock.After(time.Second)
	clock.Advance(999 * time.Millisecond)
	select {
	case <-after:
		t.Error("After fired a millisecond early")
	default:
	}
	clock.Advance(time.Millisecond)
	<-after
	<-clock.After(0)
}
