package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/pkg/awserror"
)

// description is all that is known of a stream. What could not be asked for is nil.
type description struct {
	streamRow
	Closed       int               `json:"closed_shards"` // that still hold records
	MaxRecordKiB *int32            `json:"max_record_kib,omitempty"`
	Key          string            `json:"encryption_key,omitempty"`
	ShardMetrics []string          `json:"shard_metrics"`
	WarmMiBps    *int32            `json:"warm_throughput_mib,omitempty"`
	Consumers    []consumerRow     `json:"consumers"`
	Tags         map[string]string `json:"tags"`
}

// consumerRow is a registered consumer, which reads by enhanced fan-out.
type consumerRow struct {
	Name    string    `json:"name"`
	ARN     string    `json:"arn"`
	Status  string    `json:"status"`
	Created time.Time `json:"created"`
}

func newDescribe(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "describe STREAM",
		Short: "Show what a stream is set to, and who has registered to read it",
		Long: `Shows a stream's mode, shards, retention, encryption, largest record, registered consumers and tags. What permissions do not let
one see is said, and the rest is shown.`,
		Example: `  kstream describe logs
  kstream describe arn:aws:kinesis:eu-west-1:123456789012:stream/logs -o json | jq .consumers`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			conf, stream, err := oneStream(c, args)
			if err != nil {
				return err
			}
			d, err := describeStream(c.Context(), clientConfig(conf.Source, stream), stream, t.err)
			switch {
			case err != nil:
				return err
			case output == "json":
				return printJSON(t.out, []*description{d})
			}
			return d.print(t.out, time.Now(), output == "wide")
		},
	}
	choiceFlag(c.Flags(), &output, "output", "o", "table", "wide has the consumers' ARNs too, json is one object", "table", "wide", "json")
	variableFlags(c, "stream", "role-arn", "role-external-id", "log-level", "log-format")
	return c
}

// describeStream asks all that there is to ask. What of it is refused is said to notes, but for the description itself.
func describeStream(ctx context.Context, c awsclient.Config, stream string, notes io.Writer) (*description, error) {
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return nil, err
	}
	name, arn := streamTarget(stream)
	out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn})
	if err != nil {
		return nil, explain(ctx, fmt.Errorf("describing %q: %w", stream, err), client, stream)
	}
	d := descriptionOf(out.StreamDescriptionSummary)
	shards, err := shardsOf(ctx, client, stream)
	if err != nil {
		fmt.Fprintf(notes, "kstream: how many shards are closed isn't known: %s\n", awserror.Text(err))
	}
	for i := range shards {
		if shards[i].LastSequence != "" {
			d.Closed++
		}
	}
	if d.Consumers, err = listConsumers(ctx, client, d.ARN); err != nil {
		sayUnlessUnknown(notes, "who has registered to read it", err)
	}
	if d.Tags, err = listTags(ctx, client, name, arn); err != nil {
		sayUnlessUnknown(notes, "its tags", err)
	}
	return d, nil
}

// sayUnlessUnknown says what could not be found out. That an emulator does not know a call is no news.
func sayUnlessUnknown(notes io.Writer, what string, err error) {
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "UnknownOperationException" {
		fmt.Fprintf(notes, "kstream: %s can't be told: %s\n", what, awserror.Text(err))
	}
}

func descriptionOf(s *types.StreamDescriptionSummary) *description {
	d := &description{
		streamRow: rowOf(s), MaxRecordKiB: s.MaxRecordSizeInKiB, Key: aws.ToString(s.KeyId),
		ShardMetrics: []string{},
	}
	for _, m := range s.EnhancedMonitoring {
		for _, name := range m.ShardLevelMetrics {
			d.ShardMetrics = append(d.ShardMetrics, string(name))
		}
	}
	if s.WarmThroughput != nil {
		d.WarmMiBps = s.WarmThroughput.CurrentMiBps
	}
	return d
}

func listConsumers(ctx context.Context, client *kinesis.Client, arn string) ([]consumerRow, error) {
	rows := []consumerRow{}
	pages := kinesis.NewListStreamConsumersPaginator(client, &kinesis.ListStreamConsumersInput{StreamARN: aws.String(arn)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Consumers {
			rows = append(rows, consumerRow{aws.ToString(c.ConsumerName), aws.ToString(c.ConsumerARN), string(c.ConsumerStatus), aws.ToTime(c.ConsumerCreationTimestamp)})
		}
	}
	return rows, nil
}

func listTags(ctx context.Context, client *kinesis.Client, name, arn *string) (map[string]string, error) {
	tags := map[string]string{}
	in := kinesis.ListTagsForStreamInput{StreamName: name, StreamARN: arn}
	for {
		out, err := client.ListTagsForStream(ctx, &in)
		if err != nil {
			return nil, err
		}
		for _, t := range out.Tags {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			in.ExclusiveStartTagKey = t.Key
		}
		if !aws.ToBool(out.HasMoreTags) || len(out.Tags) == 0 {
			return tags, nil
		}
	}
}
