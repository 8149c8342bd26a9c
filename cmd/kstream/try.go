package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"golang.org/x/sys/unix"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// trial is something that the start would do, and that can be tried without changing anything.
type trial struct {
	what string
	do   func(context.Context) error
}

// try does all trials, however many fail.
func (j *job) try(ctx context.Context, out io.Writer) error {
	failed := 0
	for _, trial := range j.trials() {
		if err := trial.do(ctx); err != nil {
			failed++
			fmt.Fprintf(out, "  FAILED  %s: %s\n", trial.what, awserror.Text(err))
			continue
		}
		fmt.Fprintf(out, "  ok      %s\n", trial.what)
	}
	switch failed {
	case 0:
		return nil
	case 1:
		return &statusError{exitCheck, errors.New("one of the things tried failed")}
	}
	return &statusError{exitCheck, fmt.Errorf("%d of the things tried failed", failed)}
}

func (j *job) trials() (list []trial) {
	if j.conf.Source.Kind == "file" {
		list = append(list, trial{"finding " + strings.Join(j.conf.Source.InputPaths, ", "), j.tryFiles})
	}
	for _, name := range j.conf.Source.Streams {
		c := clientConfig(j.conf.Source, name)
		list = append(list, trial{"reading stream " + name, func(ctx context.Context) error { return tryRead(ctx, c, name) }})
	}
	if s := j.conf.Sink; s.Kind == "kinesis" {
		list = append(list, findStream(s, s.Stream))
	} else if s.Kind == "file" {
		list = append(list, writeFolder("the folder of "+s.File.Path, filepath.Dir(s.File.Path)))
	}
	stateDir := j.conf.Run.StateDir
	if d := j.conf.Sink.DeadLetters; d.Kind == "kinesis" {
		list = append(list, findStream(j.conf.Sink, d.Name))
	} else if d.Kind == "file" && filepath.Dir(d.Name) != filepath.Clean(stateDir) {
		list = append(list, writeFolder("the folder of dead letters "+filepath.Dir(d.Name), filepath.Dir(d.Name)))
	}
	if stateDir != "" {
		list = append(list, writeFolder("the state folder "+stateDir, stateDir))
	}
	return list
}

func findStream(s config.Sink, stream string) trial {
	return trial{"finding stream " + stream + " (that it may be written to can't be tried without writing)", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		c := sinkClientConfig(s, stream)
		_, err := describe(ctx, c, stream)
		return explain(ctx, err, c, stream)
	}}
}

func writeFolder(what, dir string) trial {
	return trial{"writing into " + what, func(context.Context) error { return tryFolder(dir) }}
}

// patience is how long one trial may take, with the SDK's retries.
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
	client, err := describe(ctx, c, stream)
	if err != nil {
		return explain(ctx, err, c, stream)
	}
	name, arn := streamTarget(stream)
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

// describe returns a client with which the stream can be described.
func describe(ctx context.Context, c awsclient.Config, stream string) (*kinesis.Client, error) {
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return nil, err
	}
	name, arn := streamTarget(stream)
	if _, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn}); err != nil {
		return nil, fmt.Errorf("describing it: %w", err)
	}
	return client, nil
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
