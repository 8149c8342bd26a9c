package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
)

// streamRow is what is shown of a stream.
type streamRow struct {
	Name      string    `json:"name"`
	ARN       string    `json:"arn"`
	Status    string    `json:"status"`
	Mode      string    `json:"mode"`
	Shards    int32     `json:"open_shards"`
	Retention int32     `json:"retention_hours"`
	Created   time.Time `json:"created"`
}

func newStreams(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "streams",
		Short: "List the streams of this account and region",
		Example: `  kstream streams
  kstream streams -o json | jq -r '.name'`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			conf, err := config.Load(config.Options{Flags: given(c), Defaults: terminalDefaults()})
			if err != nil {
				return err
			}
			client, err := awsclient.New(c.Context(), clientConfig(conf.Source, ""))
			if err != nil {
				return err
			}
			rows, err := listStreams(c.Context(), client)
			if err != nil {
				return fmt.Errorf("listing streams: %w", err)
			}
			if output == "json" {
				return printJSON(t.out, rows)
			}
			return printStreams(t.out, rows)
		},
	}
	variableFlags(c, "role-arn", "role-external-id", "log-level", "log-format")
	choiceFlag(c.Flags(), &output, "output", "o", "table", "wide has ARNs too, json is an object a line", "table", "wide", "json")
	return c
}

// listStreams describes every stream. ListStreams' own summaries lack shards and retention.
func listStreams(ctx context.Context, client *kinesis.Client) (rows []streamRow, err error) {
	pages := kinesis.NewListStreamsPaginator(client, &kinesis.ListStreamsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range page.StreamNames {
			out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: aws.String(name)})
			if err != nil {
				return nil, fmt.Errorf("describing %q: %w", name, err)
			}
			rows = append(rows, rowOf(out.StreamDescriptionSummary))
		}
	}
	return rows, nil
}

func rowOf(s *types.StreamDescriptionSummary) streamRow {
	row := streamRow{
		Name: aws.ToString(s.StreamName), ARN: aws.ToString(s.StreamARN), Status: string(s.StreamStatus),
		Shards: aws.ToInt32(s.OpenShardCount), Retention: aws.ToInt32(s.RetentionPeriodHours), Created: aws.ToTime(s.StreamCreationTimestamp),
	}
	if s.StreamModeDetails != nil {
		row.Mode = string(s.StreamModeDetails.StreamMode)
	}
	return row
}

func printJSON[T any](w io.Writer, rows []T) error {
	enc := json.NewEncoder(w)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func printStreams(w io.Writer, rows []streamRow) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "NAME\tSTATUS\tSHARDS\tMODE\tRETENTION\tCREATED")
	for _, r := range rows {
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%dh\t%s\n", r.Name, r.Status, r.Shards, dash(r.Mode), r.Retention, r.Created.UTC().Format(time.RFC3339))
	}
	return tw.Flush()
}
