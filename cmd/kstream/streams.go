package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

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
	// Encryption is NONE or KMS, "" where an emulator does not say.
	Encryption string `json:"encryption,omitempty"`
	Registered *int32 `json:"registered_consumers,omitempty"` // nil where the service does not say
}

func newStreams(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "streams [PATTERN]",
		Short: "List the streams of this account and region",
		Long: `Lists the streams of this account and region, or those whose names are like PATTERN: * stands for any letters, ? for one, and
[abc] for one of some.`,
		Example: `  kstream streams 'orders-*'
  kstream streams -o json | jq -r .name`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			pattern := "*"
			if len(args) == 1 {
				pattern = args[0]
			}
			if _, err := path.Match(pattern, ""); err != nil {
				return wrong(fmt.Errorf("%q is no pattern: a [ has no ]", pattern))
			}
			conf, err := config.Load(config.Options{Flags: given(c), Defaults: terminalDefaults()})
			if err != nil {
				return err
			}
			client, err := awsclient.New(c.Context(), clientConfig(conf.Source, ""))
			if err != nil {
				return err
			}
			rows, err := listStreams(c.Context(), client, pattern)
			if err != nil {
				return fmt.Errorf("listing streams: %w", err)
			}
			if output == "json" {
				return printJSON(t.out, rows)
			}
			if len(rows) == 0 {
				fmt.Fprintln(t.err, "kstream: "+noStreams(pattern, client.Options().Region))
				return nil
			}
			return printStreams(t.out, rows, output == "wide")
		},
	}
	choiceFlag(c.Flags(), &output, "output", "o", "table", "wide has ARNs and more, json is an object a line", "table", "wide", "json")
	variableFlags(c, "role-arn", "role-external-id", "log-level", "log-format")
	return c
}

func noStreams(pattern, region string) string {
	if pattern == "*" {
		return "there are no streams in " + region + ": is this the right account and region?"
	}
	return fmt.Sprintf("no stream in %s is like %s", region, pattern)
}

// describedAtOnce is how many streams are described at a time: the service answers 20 such calls a second for an account.
const describedAtOnce = 4

// listStreams describes every stream whose name is like pattern, by name. ListStreams' own summaries lack shards and retention.
func listStreams(ctx context.Context, client *kinesis.Client, pattern string) ([]streamRow, error) {
	names, err := streamNames(ctx, client)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		like, _ := path.Match(pattern, name) // which was tried
		return !like
	})
	rows := make([]streamRow, len(names))
	describing, ctx := errgroup.WithContext(ctx)
	describing.SetLimit(describedAtOnce)
	for i, name := range names {
		describing.Go(func() error {
			out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: aws.String(name)})
			var deleted *types.ResourceNotFoundException
			switch {
			case errors.As(err, &deleted): // since it was listed
			case err != nil:
				return fmt.Errorf("describing %q: %w", name, err)
			default:
				rows[i] = rowOf(out.StreamDescriptionSummary)
			}
			return nil
		})
	}
	if err := describing.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(r streamRow) bool { return r.Name == "" }), nil
}

func rowOf(s *types.StreamDescriptionSummary) streamRow {
	row := streamRow{
		Name: aws.ToString(s.StreamName), ARN: aws.ToString(s.StreamARN), Status: string(s.StreamStatus),
		Shards: aws.ToInt32(s.OpenShardCount), Retention: aws.ToInt32(s.RetentionPeriodHours), Created: aws.ToTime(s.StreamCreationTimestamp),
		Encryption: string(s.EncryptionType), Registered: s.ConsumerCount,
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

func printStreams(w io.Writer, rows []streamRow, wide bool) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	columns := "NAME\tSTATUS\tSHARDS\tMODE\tRETENTION\tCREATED"
	if wide {
		columns += "\tENCRYPTION\tCONSUMERS\tARN"
	}
	fmt.Fprintln(tw, columns)
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%dh\t%s", r.Name, r.Status, r.Shards, dash(r.Mode), r.Retention, r.Created.UTC().Format(time.RFC3339))
		if wide {
			registered := "-"
			if r.Registered != nil {
				registered = fmt.Sprint(*r.Registered)
			}
			fmt.Fprintf(tw, "\t%s\t%s\t%s", dash(r.Encryption), registered, r.ARN)
		}
		fmt.Fprintln(tw)
	}
	return tw.Flush()
}
