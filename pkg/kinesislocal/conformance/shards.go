package conformance

import (
	"math/big"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// covers checks that the hash ranges of shards cover everything once.
func covers(e *env, shards []types.Shard) {
	e.Helper()
	slices.SortFunc(shards, func(a, b types.Shard) int {
		return number(*a.HashKeyRange.StartingHashKey).Cmp(number(*b.HashKeyRange.StartingHashKey))
	})
	next := new(big.Int)
	for _, sh := range shards {
		if start := number(*sh.HashKeyRange.StartingHashKey); start.Cmp(next) != 0 {
			e.Errorf("%s begins at %v, want %v", *sh.ShardId, start, next)
		}
		next.Add(number(*sh.HashKeyRange.EndingHashKey), big.NewInt(1))
	}
	if end := new(big.Int).Lsh(big.NewInt(1), 128); next.Cmp(end) != 0 {
		e.Errorf("shards end at %v, want %v", next, end)
	}
}

func ids(shards []types.Shard) []string {
	var out []string
	for _, sh := range shards {
		out = append(out, *sh.ShardId)
	}
	slices.Sort(out)
	return out
}

func testPaging(e *env) {
	name := e.stream(5)
	want := ids(e.shards(name, nil))
	var got []types.Shard
	in := &kinesis.ListShardsInput{StreamName: &name, MaxResults: aws.Int32(2)}
	for {
		out, err := e.client.ListShards(e.ctx, in)
		e.ok(err)
		if len(out.Shards) > 2 {
			e.Fatalf("got a page of %d shards, want 2 at most", len(out.Shards))
		}
		got = append(got, out.Shards...)
		if out.NextToken == nil {
			break
		}
		_, err = e.client.ListShards(e.ctx, &kinesis.ListShardsInput{StreamName: &name, NextToken: out.NextToken})
		e.refused("a token with a name", err, "InvalidArgumentException")
		in = &kinesis.ListShardsInput{NextToken: out.NextToken, MaxResults: aws.Int32(2)}
	}
	if !slices.Equal(ids(got), want) {
		e.Errorf("over pages: got %v, want %v", ids(got), want)
	}
	after, err := e.client.ListShards(e.ctx, &kinesis.ListShardsInput{StreamName: &name, ExclusiveStartShardId: &want[2]})
	e.ok(err)
	if !slices.Equal(ids(after.Shards), want[3:]) {
		e.Errorf("after %s: got %v, want %v", want[2], ids(after.Shards), want[3:])
	}
}

// split splits a shard in the middle and waits for the children.
func split(e *env, name string, sh types.Shard) {
	e.Helper()
	where := number(*sh.HashKeyRange.StartingHashKey)
	where.Add(where, number(*sh.HashKeyRange.EndingHashKey)).Rsh(where, 1)
	_, err := e.client.SplitShard(e.ctx, &kinesis.SplitShardInput{
		StreamName: &name, ShardToSplit: sh.ShardId, NewStartingHashKey: aws.String(where.String()),
	})
	e.ok(err)
	e.active(name)
}

// ended checks that a closed shard gives n records, then these children, each with these parents.
func ended(e *env, name, shard string, n int, children, parents []string) {
	e.Helper()
	records, last := e.readAll(name, shard, n+1)
	if len(records) != n || last.NextShardIterator != nil {
		e.Errorf("%s: got %d records, iterator %v, want %d and none", shard, len(records), aws.ToString(last.NextShardIterator), n)
	}
	var got []string
	for _, child := range last.ChildShards {
		got = append(got, *child.ShardId)
		if p := slices.Sorted(slices.Values(child.ParentShards)); !slices.Equal(p, parents) {
			e.Errorf("%s: child %s has parents %v, want %v", shard, *child.ShardId, p, parents)
		}
		if child.HashKeyRange == nil || child.HashKeyRange.StartingHashKey == nil {
			e.Errorf("%s: child %s has no hash range", shard, *child.ShardId)
		}
	}
	if slices.Sort(got); !slices.Equal(got, children) {
		e.Errorf("%s: got children %v, want %v", shard, got, children)
	}
}

func open(e *env, name string) []types.Shard {
	e.Helper()
	return e.shards(name, &types.ShardFilter{Type: types.ShardFilterTypeAtLatest})
}

func testSplit(e *env) {
	name := e.stream(1)
	before := e.put(name, "k", "before")
	split(e, name, e.shards(name, nil)[0])
	children := open(e, name)
	covers(e, children)
	after := e.put(name, "k", "after")
	if number(*after.SequenceNumber).Cmp(number(*before.SequenceNumber)) <= 0 {
		e.Errorf("a child's number %s is not above its parent's %s", *after.SequenceNumber, *before.SequenceNumber)
	}
	for _, sh := range e.shards(name, nil) {
		closed := sh.SequenceNumberRange.EndingSequenceNumber != nil
		if parent := *sh.ShardId == *before.ShardId; parent != closed {
			e.Errorf("%s: closed is %v", *sh.ShardId, closed)
		} else if !parent && aws.ToString(sh.ParentShardId) != *before.ShardId {
			e.Errorf("%s: got parent %v, want %s", *sh.ShardId, sh.ParentShardId, *before.ShardId)
		}
	}
	ended(e, name, *before.ShardId, 1, ids(children), []string{*before.ShardId})
	if got, _ := e.readAll(name, *after.ShardId, 1); len(got) != 1 || string(got[0].Data) != "after" {
		e.Errorf("child: got %d records, want the one written after the split", len(got))
	}
}

func testMerge(e *env) {
	name := e.stream(2)
	parents := ids(e.shards(name, nil))
	_, err := e.client.MergeShards(e.ctx, &kinesis.MergeShardsInput{
		StreamName: &name, ShardToMerge: &parents[0], AdjacentShardToMerge: &parents[1],
	})
	e.ok(err)
	e.active(name)
	children := open(e, name)
	covers(e, children)
	if sh := children[0]; aws.ToString(sh.ParentShardId) != parents[0] || aws.ToString(sh.AdjacentParentShardId) != parents[1] {
		e.Errorf("got parents %v and %v, want %v", sh.ParentShardId, sh.AdjacentParentShardId, parents)
	}
	for _, parent := range parents {
		ended(e, name, parent, 0, ids(children), parents)
	}
}

func testScale(e *env) {
	name := e.stream(2)
	for _, target := range []int32{4, 3} {
		_, err := e.client.UpdateShardCount(e.ctx, &kinesis.UpdateShardCountInput{
			StreamName: &name, TargetShardCount: &target, ScalingType: types.ScalingTypeUniformScaling,
		})
		e.ok(err)
		if got := *e.active(name).OpenShardCount; got != target {
			e.Errorf("scaled to %d: got %d shards", target, got)
		}
		covers(e, open(e, name))
	}
}

func testReshardErrors(e *env) {
	name := e.stream(3)
	shards := ids(e.shards(name, nil))
	_, err := e.client.MergeShards(e.ctx, &kinesis.MergeShardsInput{
		StreamName: &name, ShardToMerge: &shards[0], AdjacentShardToMerge: &shards[2],
	})
	e.refused("a merge of shards that are not neighbours", err, "InvalidArgumentException")
	_, err = e.client.SplitShard(e.ctx, &kinesis.SplitShardInput{
		StreamName: &name, ShardToSplit: &shards[0], NewStartingHashKey: aws.String("340282366920938463463374607431768211455"),
	})
	e.refused("a split outside the shard", err, "InvalidArgumentException")
	_, err = e.client.SplitShard(e.ctx, &kinesis.SplitShardInput{
		StreamName: &name, ShardToSplit: aws.String("shardId-000000000099"), NewStartingHashKey: aws.String("5"),
	})
	e.refused("a split of no shard", err, "ResourceNotFoundException")
}

func testFilters(e *env) {
	name := e.stream(1)
	root := e.shards(name, nil)[0]
	created := *e.active(name).StreamCreationTimestamp
	split(e, name, root)
	all, children := ids(e.shards(name, nil)), ids(open(e, name))
	for _, c := range []struct {
		filter types.ShardFilter
		want   []string
	}{
		{types.ShardFilter{Type: types.ShardFilterTypeFromTrimHorizon}, all},
		{types.ShardFilter{Type: types.ShardFilterTypeAtLatest}, children},
		{types.ShardFilter{Type: types.ShardFilterTypeAfterShardId, ShardId: root.ShardId}, children},
		{types.ShardFilter{Type: types.ShardFilterTypeFromTimestamp, Timestamp: &created}, all},
	} {
		if got := ids(e.shards(name, &c.filter)); !slices.Equal(got, c.want) {
			e.Errorf("%s: got %v, want %v", c.filter.Type, got, c.want)
		}
	}
	_, err := e.client.ListShards(e.ctx, &kinesis.ListShardsInput{
		StreamName: &name, ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAfterShardId},
	})
	e.refused("AFTER_SHARD_ID with no shard", err, "InvalidArgumentException")
}

func testFilterTrimHorizon(e *env) {
	name := e.stream(1)
	root := e.shards(name, nil)[0]
	split(e, name, root)
	got := ids(e.shards(name, &types.ShardFilter{Type: types.ShardFilterTypeAtTrimHorizon}))
	if !slices.Equal(got, []string{*root.ShardId}) {
		e.Errorf("got %v, want the shard that was open then, %s", got, *root.ShardId)
	}
}
