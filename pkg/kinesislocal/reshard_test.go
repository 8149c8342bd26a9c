package kinesislocal_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// openCover checks that the open shards' ranges cover everything once, and returns how many there are.
func openCover(t testing.TB, s *kinesislocal.Server, stream string) int {
	t.Helper()
	shards := slices.DeleteFunc(must[[]kinesislocal.Shard](t)(s.Shards(stream)), func(sh kinesislocal.Shard) bool { return !sh.Open })
	slices.SortFunc(shards, func(a, b kinesislocal.Shard) int { return bigOf(a.StartingHashKey).Cmp(bigOf(b.StartingHashKey)) })
	next := new(big.Int)
	for _, sh := range shards {
		if bigOf(sh.StartingHashKey).Cmp(next) != 0 {
			t.Errorf("%s begins at %s, want %s", sh.ID, sh.StartingHashKey, next)
		}
		next.Add(bigOf(sh.EndingHashKey), big.NewInt(1))
	}
	if next.Cmp(new(big.Int).Lsh(big.NewInt(1), 128)) != 0 {
		t.Errorf("shards end at %s", next)
	}
	return len(shards)
}

func bigOf(text string) *big.Int {
	n, _ := new(big.Int).SetString(text, 10)
	return n
}

// walk reads a stream as a consumer does that knows the first shards only: children are opened when all their parents
// have ended. It returns every record's payload by its key, in the order read, and how many shards were read.
func walk(t testing.TB, c *kinesis.Client, stream string, roots []string) (byKey map[string][]string, shards int) {
	t.Helper()
	byKey = map[string][]string{}
	ended := map[string]bool{}
	opened := map[string]bool{}
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		shard := queue[0]
		for it := iterate(t, c, stream, shard); it != nil; {
			page := read(t, c, it)
			for _, r := range page.Records {
				byKey[*r.PartitionKey] = append(byKey[*r.PartitionKey], string(r.Data))
			}
			if it = page.NextShardIterator; it != nil && len(page.Records) == 0 {
				break // the tip of an open shard
			}
			ended[shard] = it == nil
			for _, child := range page.ChildShards {
				ready := !slices.ContainsFunc(child.ParentShards, func(p string) bool { return !ended[p] })
				if ready && !opened[*child.ShardId] {
					opened[*child.ShardId] = true
					queue = append(queue, *child.ShardId)
				}
			}
		}
		shards++
	}
	return byKey, shards
}

// TestReshardWalk splits and merges at random while records of many keys are written, and reads all by following
// ChildShards: nothing is missing, and every key is in order.
func TestReshardWalk(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := newServer(t, kinesislocal.Config{Limits: unlimited})
		check(t, s.CreateStream("logs", 2))
		for i := range 500 {
			put(t, s, fmt.Sprint("key", i%17), fmt.Append(nil, i))
			if i%25 == 24 {
				check(t, s.Scale("logs", 1+random.IntN(6)))
				openCover(t, s, "logs")
			}
		}
		got, shards := walk(t, newClient(s), "logs", []string{shardName(0), shardName(1)})
		if all := must[[]kinesislocal.Shard](t)(s.Shards("logs")); shards != len(all) {
			t.Errorf("seed %d: %d shards were read, and there are %d", seed, shards, len(all))
		}
		for k := range 17 {
			var want []string
			for i := k; i < 500; i += 17 {
				want = append(want, fmt.Sprint(i))
			}
			if key := fmt.Sprint("key", k); !slices.Equal(got[key], want) {
				t.Errorf("seed %d: %s: got %v, want %v", seed, key, got[key], want)
			}
		}
	}
}

func TestScale(t *testing.T) {
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 2))
	c := newClient(s)
	for _, n := range []int32{5, 3, 1, 100, 64} {
		out, err := c.UpdateShardCount(t.Context(), &kinesis.UpdateShardCountInput{
			StreamName: aws.String("logs"), TargetShardCount: &n, ScalingType: types.ScalingTypeUniformScaling,
		})
		check(t, err)
		if *out.TargetShardCount != n {
			t.Errorf("got target %d, want %d", *out.TargetShardCount, n)
		}
		if got := openCover(t, s, "logs"); got != int(n) {
			t.Errorf("got %d shards, want %d", got, n)
		}
	}
}

func TestMergeListsBothParents(t *testing.T) {
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 3))
	child, err := s.Merge("logs", shardName(2), shardName(1)) // the neighbour may be on either side
	check(t, err)
	openCover(t, s, "logs")
	for _, parent := range []int{1, 2} {
		out := read(t, newClient(s), iterate(t, newClient(s), "logs", shardName(parent)))
		if len(out.ChildShards) != 1 || *out.ChildShards[0].ShardId != child ||
			!slices.Equal(out.ChildShards[0].ParentShards, []string{shardName(2), shardName(1)}) {
			t.Errorf("%s: got children %+v, want %s of both", shardName(parent), out.ChildShards, child)
		}
	}
	_, err = s.Merge("logs", shardName(0), shardName(1))
	wantCode(t, err, "InvalidArgumentException") // closed
	_, err = s.Merge("logs", shardName(0), shardName(0))
	wantCode(t, err, "InvalidArgumentException")
}

// TestShardFilters asks at each hour of a day what each filter says of a stream that is split at 1 h and merged at 3 h.
func TestShardFilters(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		begin := time.Now()
		time.Sleep(time.Hour)
		_, _, err := s.Split("logs", shardName(0))
		check(t, err)
		time.Sleep(2 * time.Hour)
		_, err = s.Merge("logs", shardName(1), shardName(2))
		check(t, err)
		at := func(d time.Duration) *time.Time { return aws.Time(begin.Add(d)) }
		for _, step := range []struct {
			now    time.Duration
			filter types.ShardFilter
			want   string
		}{
			{3 * time.Hour, types.ShardFilter{Type: "FROM_TRIM_HORIZON"}, "0 1 2 3"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_TRIM_HORIZON"}, "0"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_LATEST"}, "3"},
			{3 * time.Hour, types.ShardFilter{Type: "AFTER_SHARD_ID", ShardId: aws.String(shardName(1))}, "2 3"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_TIMESTAMP", Timestamp: at(30 * time.Minute)}, "0"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_TIMESTAMP", Timestamp: at(time.Hour)}, "0 1 2"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_TIMESTAMP", Timestamp: at(2 * time.Hour)}, "1 2"},
			{3 * time.Hour, types.ShardFilter{Type: "AT_TIMESTAMP", Timestamp: at(-time.Hour)}, "0"},
			{3 * time.Hour, types.ShardFilter{Type: "FROM_TIMESTAMP", Timestamp: at(-time.Hour)}, "0 1 2 3"},
			{3 * time.Hour, types.ShardFilter{Type: "FROM_TIMESTAMP", Timestamp: at(time.Hour + time.Millisecond)}, "1 2 3"},
			{3 * time.Hour, types.ShardFilter{Type: "FROM_TIMESTAMP", Timestamp: at(4 * time.Hour)}, "3"},
			{25*time.Hour - time.Millisecond, types.ShardFilter{Type: "AT_TRIM_HORIZON"}, "0"},
			{25 * time.Hour, types.ShardFilter{Type: "AT_TRIM_HORIZON"}, "1 2"},
			{25 * time.Hour, types.ShardFilter{Type: "FROM_TRIM_HORIZON"}, "1 2 3"},
			{25 * time.Hour, types.ShardFilter{Type: "AT_TIMESTAMP", Timestamp: at(0)}, "1 2"},
			{27 * time.Hour, types.ShardFilter{Type: "AT_TRIM_HORIZON"}, "3"},
			{27 * time.Hour, types.ShardFilter{Type: "FROM_TRIM_HORIZON"}, "3"},
		} {
			time.Sleep(time.Until(begin.Add(step.now)))
			out, err := c.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: aws.String("logs"), ShardFilter: &step.filter})
			check(t, err)
			var got []string
			for _, sh := range out.Shards {
				got = append(got, strings.TrimLeft(strings.TrimPrefix(*sh.ShardId, "shardId-"), "0"))
				if got[len(got)-1] == "" {
					got[len(got)-1] = "0"
				}
			}
			if strings.Join(got, " ") != step.want {
				t.Errorf("at %v, %s %v: got %v, want %s", step.now, step.filter.Type, step.filter.Timestamp, got, step.want)
			}
		}
	})
}

// TestStreamMadeAnew looks at a stream that was deleted and made again in the same instant: nothing of the old one passes.
func TestStreamMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, kinesislocal.Config{Limits: unlimited})
		c := newClient(s)
		check(t, s.CreateStream("logs", 1))
		_, old := put(t, s, "k", []byte("old"))
		it := iterate(t, c, "logs", shardName(0))
		check(t, s.DeleteStream("logs"))
		_, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
		wantCode(t, err, "ResourceNotFoundException")
		check(t, s.CreateStream("logs", 1))
		put(t, s, "k", []byte("new"))
		_, err = c.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
			StreamName: aws.String("logs"), ShardId: aws.String(shardName(0)),
			ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber, StartingSequenceNumber: &old,
		})
		wantCode(t, err, "InvalidArgumentException")
		time.Sleep(time.Second)
		check(t, s.DeleteStream("logs"))
		check(t, s.CreateStream("logs", 1))
		_, err = c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
		wantCode(t, err, "ResourceNotFoundException")
	})
}
