package kinesislocal_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

const throttle = "ProvisionedThroughputExceededException"

// bubble runs f in a synctest bubble with a server that has one stream, logs, and a client of it.
func bubble(t *testing.T, shards int, f func(*testing.T, *kinesislocal.Server, *kinesis.Client)) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, kinesislocal.Config{})
		check(t, s.CreateStream("logs", shards))
		f(t, s, newClient(s))
	})
}

func put(t testing.TB, s *kinesislocal.Server, key string, data []byte) (shard, sequence string) {
	t.Helper()
	shard, sequence, err := s.Put("logs", key, data)
	check(t, err)
	return shard, sequence
}

// calls makes n calls of GetRecords at once and returns how many were let through, and the last page's iterator.
func calls(t testing.TB, c *kinesis.Client, it *string, n int) (through int, next *string) {
	t.Helper()
	next = it
	for range n {
		out, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
		if err == nil {
			through, next = through+1, out.NextShardIterator
			continue
		}
		wantCode(t, err, throttle)
	}
	return through, next
}

func TestReadCallsAreLimited(t *testing.T) {
	bubble(t, 2, func(t *testing.T, _ *kinesislocal.Server, c *kinesis.Client) {
		it := iterate(t, c, "logs", shardName(0))
		if got, _ := calls(t, c, it, 7); got != 5 {
			t.Errorf("at once: got %d calls through, want 5", got)
		}
		if got, _ := calls(t, c, iterate(t, c, "logs", shardName(1)), 7); got != 5 {
			t.Errorf("another shard: got %d calls through, want 5", got)
		}
		time.Sleep(time.Second)
		if got, _ := calls(t, c, it, 7); got != 5 {
			t.Errorf("a second later: got %d calls through, want 5", got)
		}
		time.Sleep(200 * time.Millisecond)
		if got, _ := calls(t, c, it, 7); got != 1 {
			t.Errorf("a fifth of a second later: got %d calls through, want 1", got)
		}
	})
}

func TestBigReplyIsPaidFor(t *testing.T) {
	for _, c := range []struct {
		megabytes int // read in one call
		pause     time.Duration
	}{
		{1, 0},
		{3, 1500 * time.Millisecond},
		{10, 5 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d MiB", c.megabytes), func(t *testing.T) {
			bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, client *kinesis.Client) {
				for range c.megabytes + 1 {
					put(t, s, "k", make([]byte, 1<<20-1)) // and one byte of key
				}
				out, err := client.GetRecords(t.Context(), &kinesis.GetRecordsInput{
					ShardIterator: iterate(t, client, "logs", shardName(0)), Limit: aws.Int32(int32(c.megabytes)),
				})
				check(t, err)
				if len(out.Records) != c.megabytes {
					t.Fatalf("got %d records, want %d", len(out.Records), c.megabytes)
				}
				if c.pause > 0 {
					time.Sleep(c.pause - time.Millisecond)
					if got, _ := calls(t, client, out.NextShardIterator, 1); got != 0 {
						t.Errorf("a call was let through %v after the reply", c.pause-time.Millisecond)
					}
					time.Sleep(time.Millisecond)
				}
				if got, _ := calls(t, client, out.NextShardIterator, 1); got != 1 {
					t.Errorf("a call was refused %v after the reply", c.pause)
				}
			})
		})
	}
}

func TestIteratorCallsAreLimited(t *testing.T) {
	bubble(t, 1, func(t *testing.T, _ *kinesislocal.Server, c *kinesis.Client) {
		ask := func() error {
			_, err := c.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
				StreamName: aws.String("logs"), ShardId: aws.String(shardName(0)), ShardIteratorType: types.ShardIteratorTypeLatest,
			})
			return err
		}
		for range 5 {
			check(t, ask())
		}
		wantCode(t, ask(), throttle)
		time.Sleep(time.Second)
		check(t, ask())
	})
}

func TestWritesAreLimited(t *testing.T) {
	for _, c := range []struct {
		name          string
		records, size int
		want          int // written of them in one second
	}{
		{"records", 1500, 10, 1000},
		{"bytes", 500, 4095, 256}, // and a byte of key: 4 KiB
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, client *kinesis.Client) {
				for second := range 2 {
					written := 0
					for i := 0; i < c.records; i += 500 {
						written += putBatch(t, client, 500, c.size)
					}
					if written != c.want {
						t.Errorf("second %d: %d records were written, want %d", second, written, c.want)
					}
					time.Sleep(time.Second)
				}
				if got := must[[]kinesislocal.Record](t)(s.Records("logs")); len(got) != 2*c.want {
					t.Errorf("the stream holds %d records, want %d", len(got), 2*c.want)
				}
			})
		})
	}
}

// putBatch writes n records in one call and returns how many were taken.
func putBatch(t testing.TB, c *kinesis.Client, n, size int) (taken int) {
	t.Helper()
	entries := make([]types.PutRecordsRequestEntry, n)
	for i := range entries {
		entries[i] = types.PutRecordsRequestEntry{PartitionKey: aws.String("k"), Data: make([]byte, size)}
	}
	out, err := c.PutRecords(t.Context(), &kinesis.PutRecordsInput{StreamName: aws.String("logs"), Records: entries})
	check(t, err)
	failed := 0
	for _, r := range out.Records {
		switch {
		case r.ErrorCode == nil && r.SequenceNumber != nil && r.ShardId != nil:
			taken++
		case aws.ToString(r.ErrorCode) == throttle && r.SequenceNumber == nil:
			failed++
		default:
			t.Errorf("got result %+v, want a sequence number or a throttle", r)
		}
	}
	if int(*out.FailedRecordCount) != failed {
		t.Errorf("FailedRecordCount is %d, and %d records failed", *out.FailedRecordCount, failed)
	}
	return taken
}

func TestAccountCallsAreLimited(t *testing.T) {
	bubble(t, 1, func(t *testing.T, _ *kinesislocal.Server, c *kinesis.Client) {
		for what, limited := range map[string]struct {
			calls int
			call  func(i int) error
		}{
			"CreateStream": {5, func(i int) error {
				_, err := c.CreateStream(t.Context(), &kinesis.CreateStreamInput{
					StreamName: aws.String(fmt.Sprint("s", i)), ShardCount: aws.Int32(1),
				})
				return err
			}},
			"DescribeStreamSummary": {20, func(int) error {
				_, err := c.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("logs")})
				return err
			}},
			"ListShards": {1000, func(int) error {
				_, err := c.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: aws.String("logs")})
				return err
			}},
		} {
			for i := range limited.calls {
				if err := limited.call(i); err != nil {
					t.Fatalf("%s: call %d: %v", what, i+1, err)
				}
			}
			wantCode(t, limited.call(limited.calls), "LimitExceededException")
		}
	})
}

func TestShardLimits(t *testing.T) {
	limits := kinesislocal.ServiceLimits()
	limits.Shards = 6
	s := newServer(t, kinesislocal.Config{Limits: &limits})
	c := newClient(s)
	create := func(name string, n int32) error {
		_, err := c.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: &name, ShardCount: &n})
		return err
	}
	scale := func(n int32) error {
		_, err := c.UpdateShardCount(t.Context(), &kinesis.UpdateShardCountInput{
			StreamName: aws.String("a"), TargetShardCount: &n, ScalingType: types.ScalingTypeUniformScaling,
		})
		return err
	}
	check(t, create("a", 2))
	wantCode(t, create("b", 5), "LimitExceededException")
	check(t, create("b", 1))
	wantCode(t, scale(6), "LimitExceededException") // 7 in the account
	wantCode(t, scale(5), "InvalidArgumentException")
	check(t, scale(4))
	wantCode(t, scale(1), "InvalidArgumentException")
}
