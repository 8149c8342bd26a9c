package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/kpl"
)

// shardRow is what is shown of a shard.
type shardRow struct {
	Stream        string   `json:"stream"`
	Shard         string   `json:"shard"`
	State         string   `json:"state"`
	Parents       []string `json:"parents"`
	Share         float64  `json:"share"` // of the hash range, 0 to 1
	StartHash     string   `json:"start_hash"`
	EndHash       string   `json:"end_hash"`
	FirstSequence string   `json:"first_sequence"`
	LastSequence  string   `json:"last_sequence,omitempty"` // of a closed shard

	start float64 // where the hash range begins, 0 to 1
}

func newShards(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "shards STREAM",
		Short: "Show a stream's shards as a tree, each with its part of the hash range",
		Long: `Shows the shards that still hold records, children under what they were split or merged from. A merged shard stands under the
first of its two parents, and names the other.`,
		Example: `  kstream shards logs
  kstream shards logs -o json | jq -r 'select(.state == "open").shard'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			conf, stream, err := oneStream(c, args)
			if err != nil {
				return err
			}
			rows, err := listShards(c.Context(), clientConfig(conf.Source, stream), stream)
			if err != nil {
				return err
			}
			tree := treeOf(rows)
			if output == "json" {
				return printJSON(t.out, tree.rows())
			}
			return tree.write(t.out, output == "wide")
		},
	}
	variableFlags(c, "stream", "role-arn", "role-external-id", "log-level", "log-format")
	choiceFlag(c.Flags(), &output, "output", "o", "table", "wide has hash keys and sequence numbers too, json is an object a line", "table", "wide", "json")
	return c
}

// oneStream returns the one stream that arguments, flag or variable name, and the configuration.
func oneStream(c *cobra.Command, args []string) (*config.Config, string, error) {
	flags := given(c)
	if err := streamArgument(flags, args); err != nil {
		return nil, "", wrong(err)
	}
	conf, err := config.Load(config.Options{Flags: flags, Defaults: terminalDefaults()})
	switch {
	case err != nil:
		return nil, "", err
	case len(conf.Source.Streams) == 0:
		return nil, "", wrong(fmt.Errorf("which stream? `%s STREAM`, or KSTREAM_STREAM (`kstream streams` lists them)", c.CommandPath()))
	case len(conf.Source.Streams) > 1:
		return nil, "", wrong(fmt.Errorf("`%s` shows one stream, not %d: %s", c.CommandPath(), len(conf.Source.Streams), strings.Join(conf.Source.Streams, ", ")))
	}
	return conf, conf.Source.Streams[0], nil
}

// listShards lists all shards of a stream, and says which one may have been meant if it is not there.
func listShards(ctx context.Context, c awsclient.Config, stream string) ([]shardRow, error) {
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return nil, err
	}
	rows, err := shardsOf(ctx, client, stream)
	return rows, explain(ctx, err, client, stream)
}

// shardsOf lists all shards that still hold records, as the service orders them: oldest first.
func shardsOf(ctx context.Context, client *kinesis.Client, stream string) (rows []shardRow, err error) {
	in := kinesis.ListShardsInput{}
	in.StreamName, in.StreamARN = streamTarget(stream)
	for {
		out, err := client.ListShards(ctx, &in)
		if err != nil {
			return nil, fmt.Errorf("listing the shards of %q: %w", stream, err)
		}
		for i := range out.Shards {
			row, err := shardRowOf(stream, &out.Shards[i])
			if err != nil {
				return nil, fmt.Errorf("listing the shards of %q: shard %s: %w", stream, aws.ToString(out.Shards[i].ShardId), err)
			}
			rows = append(rows, row)
		}
		if aws.ToString(out.NextToken) == "" {
			return rows, nil
		}
		in = kinesis.ListShardsInput{NextToken: out.NextToken} // which stands alone
	}
}

func shardRowOf(stream string, s *types.Shard) (shardRow, error) {
	row := shardRow{Stream: stream, Shard: aws.ToString(s.ShardId), State: "open", Parents: []string{}}
	for _, parent := range []*string{s.ParentShardId, s.AdjacentParentShardId} {
		if aws.ToString(parent) != "" {
			row.Parents = append(row.Parents, *parent)
		}
	}
	if s.SequenceNumberRange != nil {
		row.FirstSequence = aws.ToString(s.SequenceNumberRange.StartingSequenceNumber)
		row.LastSequence = aws.ToString(s.SequenceNumberRange.EndingSequenceNumber)
	}
	if row.LastSequence != "" {
		row.State = "closed"
	}
	if s.HashKeyRange == nil {
		return row, errors.New("it has no hash range")
	}
	row.StartHash, row.EndHash = aws.ToString(s.HashKeyRange.StartingHashKey), aws.ToString(s.HashKeyRange.EndingHashKey)
	start, err := partOfHashes(row.StartHash, 0)
	end, endErr := partOfHashes(row.EndHash, 1) // the end is the last one that belongs to it
	if err != nil || endErr != nil || end < start {
		return row, fmt.Errorf("from %q to %q is no hash range", row.StartHash, row.EndHash)
	}
	row.start, row.Share = start, end-start
	return row, nil
}

// partOfHashes returns where key, a decimal number, lies in the 2^128 hash keys, and more of them behind it: 0 to 1.
func partOfHashes(key string, more float64) (float64, error) {
	h, err := kpl.ParseHash(key)
	return math.Ldexp(float64(h.Hi), -64) + math.Ldexp(float64(h.Lo)+more, -128), err
}
