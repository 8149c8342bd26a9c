package kinesis

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kpl"
)

// list returns all shards that match filter, nil for all that still hold records, and remembers their hash ranges, and which are closed.
func (st *stream) list(ctx context.Context, filter *types.ShardFilter) ([]types.Shard, error) {
	var shards []types.Shard
	var token *string
	for {
		in := kinesis.ListShardsInput{NextToken: token} // which stands alone: it names the stream and filter itself
		if token == nil {
			in.StreamName, in.StreamARN = st.address()
			in.ShardFilter = filter
		}
		var out *kinesis.ListShardsOutput
		err := st.try(ctx, "ListShards", func() (err error) {
			if out, err = st.client.ListShards(ctx, &in, awserror.Once); err != nil {
				return err
			}
			if filter == nil && len(out.Shards) == 0 {
				return errBrokenAnswer // every stream has shards; believed, it would have all positions forgotten
			}
			return nil
		})
		if err != nil && awserror.Of(err) == awserror.Stale && ctx.Err() == nil {
			shards, token = nil, nil
			continue
		}
		if err != nil {
			return nil, err
		}
		shards = append(shards, out.Shards...)
		if token = out.NextToken; aws.ToString(token) == "" {
			return shards, st.keep(shards)
		}
	}
}

func (st *stream) keep(shards []types.Shard) error {
	for i := range shards {
		s := &shards[i]
		if aws.ToString(s.ShardId) == "" {
			return fmt.Errorf("listing shards of %s: %w", st.ref, errors.New("a shard has no name"))
		}
		st.keepRange(*s.ShardId, s.HashKeyRange)
		if !isOpen(s) {
			st.keepClosed(*s.ShardId)
		}
	}
	return nil
}

func (st *stream) keepRange(shard string, r *types.HashKeyRange) {
	if r == nil {
		return
	}
	start, err := kpl.ParseHash(aws.ToString(r.StartingHashKey))
	if err != nil {
		return
	}
	end, err := kpl.ParseHash(aws.ToString(r.EndingHashKey))
	if err != nil {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ranges[shard] = kpl.Range{Start: start, End: end}
}

func (st *stream) keepClosed(shard string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.closed[shard] = true
}

// parentsOf returns the shards that s was split or merged from.
func parentsOf(s *types.Shard) []string {
	var parents []string
	for _, p := range []*string{s.ParentShardId, s.AdjacentParentShardId} {
		if aws.ToString(p) != "" {
			parents = append(parents, *p)
		}
	}
	return parents
}
