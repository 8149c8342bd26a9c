package main

import (
	"context"
	"io"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/file"
	"github.com/kstream/kstream/pkg/source/kinesis"
)

// source returns the source that SOURCE names; shards narrows Kinesis' to some.
func (j *job) source(ctx context.Context, in io.Reader, shards []string) (record.Source, error) {
	switch s := j.conf.Source; s.Kind {
	case "file":
		return file.New(file.Config{Paths: s.InputPaths, Log: j.logs.sampled})
	case "stdin":
		return file.New(file.Config{Input: in, Log: j.logs.sampled})
	}
	return j.kinesisSource(ctx, shards)
}

// kinesisSource returns the Kinesis source of conf, with a client for each stream, since their regions may differ.
func (j *job) kinesisSource(ctx context.Context, shards []string) (*kinesis.Source, error) {
	s := j.conf.Source
	c := kinesis.Config{
		Shards: shards, PollInterval: s.PollInterval, ReadShare: s.ReadShare, Log: j.logs.sampled, Observer: j.metrics,
		Deaggregation: map[string]kinesis.Deaggregation{
			"true": kinesis.Deaggregate, "unfiltered": kinesis.DeaggregateUnfiltered, "false": kinesis.DeaggregateNothing,
		}[s.Deaggregate],
	}
	if s.From.Shard != "" {
		c.Shards = []string{s.From.Shard}
	}
	for _, name := range s.Streams {
		client, err := awsclient.New(ctx, clientConfig(s, name))
		if err != nil {
			return nil, err
		}
		c.Streams = append(c.Streams, kinesis.Stream{Name: name, Client: client})
	}
	return kinesis.New(c)
}
