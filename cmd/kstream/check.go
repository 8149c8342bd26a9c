package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/record"
)

func newCheck(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "check",
		Short: "Find what would go wrong before the first record: configuration, chain, streams",
		Example: `  kstream check
  KSTREAM_STREAM=logs KSTREAM_OPERATORS='filter status >= 500' kstream check`,
		Args: cobra.NoArgs,
	}
	variableFlags(c, true)
	stages := stageFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := config.Load(config.Options{Everything: true, Flags: given(c)})
		j, err := newJob(t, conf, err, *stages)
		if err != nil {
			return err
		}
		return j.check(c.Context(), t)
	}
	return c
}

// check tells what is set and from where, what the chain is, and tries what can be tried without writing anything.
func (j *job) check(ctx context.Context, t *terminal) error {
	fmt.Fprintln(t.out, "Configuration")
	tw := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, v := range config.Variables() {
		if value := j.conf.Values[v.Name]; value.Text != "" {
			fmt.Fprintf(tw, "  %s\t%s\t%s\n", v.Name, firstLine(value.Text), value.Origin)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t.out, "\nChain")
	for i, line := range j.plan.Describe() {
		fmt.Fprintf(t.out, "  %d  %s\n", i+1, line)
	}
	if len(j.plan.Describe()) == 0 {
		fmt.Fprintln(t.out, "  empty: records go out as they came")
	}
	fmt.Fprintln(t.out, "\nTried")
	return j.try(ctx, t)
}

func firstLine(s string) string {
	if line, _, more := strings.Cut(s, "\n"); more {
		return line + " …"
	}
	return s
}

// try makes the calls that the start would make and that change nothing.
func (j *job) try(ctx context.Context, t *terminal) error {
	var failed []error
	tell := func(what string, err error) {
		if err != nil {
			failed = append(failed, err)
			fmt.Fprintf(t.out, "  FAILED  %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(t.out, "  ok      %s\n", what)
	}
	if j.conf.Source.Kind == "file" {
		tell("finding "+strings.Join(j.conf.Source.InputPaths, ", "), j.tryFiles(ctx))
	}
	for _, name := range j.conf.Source.Streams {
		tell("reading stream "+name, tryRead(ctx, clientConfig(j.conf.Source, name), name))
	}
	switch s := j.conf.Sink; s.Kind {
	case "kinesis":
		c := awsclient.Config{Region: awsclient.RegionOf(s.Stream), EndpointURL: s.EndpointURL, RoleARN: s.RoleARN}
		tell("finding stream "+s.Stream+" (that it may be written to can't be tried without writing)", tryDescribe(ctx, c, s.Stream))
	case "file":
		tell("writing into the folder of "+s.File.Path, tryFolder(filepath.Dir(s.File.Path)))
	}
	if dir := j.conf.Run.StateDir; dir != "" {
		tell("writing into the state folder "+dir, tryFolder(dir))
	}
	if len(failed) > 0 {
		return &statusError{exitFailed, fmt.Errorf("%d of the things tried failed", len(failed))}
	}
	return nil
}

// patience is how long one call of check may take, with the SDK's retries.
const patience = 20 * time.Second

// tryFiles finds the files to read.
func (j *job) tryFiles(ctx context.Context) error {
	source, err := j.source(ctx, nil, nil)
	if err != nil {
		return err
	}
	_, err = source.Restore(ctx, record.Position{}, nil)
	return err
}

// tryRead makes each kind of call that reading a stream takes.
func tryRead(ctx context.Context, c awsclient.Config, stream string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return err
	}
	name, arn := streamTarget(stream)
	if _, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn}); err != nil {
		return fmt.Errorf("describing it: %w", err)
	}
	shards, err := client.ListShards(ctx, &kinesis.ListShardsInput{StreamName: name, StreamARN: arn})
	if err != nil {
		return fmt.Errorf("listing its shards: %w", err)
	}
	if len(shards.Shards) == 0 {
		return errors.New("it has no shards")
	}
	it, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
		StreamName: name, StreamARN: arn, ShardId: shards.Shards[0].ShardId, ShardIteratorType: "LATEST",
	})
	if err != nil {
		return fmt.Errorf("asking for an iterator: %w", err)
	}
	if _, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator, StreamARN: arn, Limit: aws.Int32(1)}); err != nil {
		return fmt.Errorf("getting records: %w", err)
	}
	return nil
}

func tryDescribe(ctx context.Context, c awsclient.Config, stream string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return err
	}
	name, arn := streamTarget(stream)
	_, err = client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn})
	return err
}

func streamTarget(stream string) (name, arn *string) {
	if strings.HasPrefix(stream, "arn:") {
		return nil, aws.String(stream)
	}
	return aws.String(stream), nil
}

// tryFolder reports whether dir, or the nearest folder above it that is there, may be written to. It makes nothing.
func tryFolder(dir string) error {
	for {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, os.ErrNotExist) && dir != filepath.Dir(dir):
			dir = filepath.Dir(dir)
			continue
		case err != nil:
			return err
		case !info.IsDir():
			return fmt.Errorf("%s is no folder", dir)
		}
		if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		return nil
	}
}
