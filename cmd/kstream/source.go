package main

import (
	"context"
	"io"

	awskinesis "github.com/aws/aws-sdk-go-v2/service/kinesis"

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
		client, err := j.client(ctx, name)
		if err != nil {
			return nil, err
		}
		c.Streams = append(c.Streams, kinesis.Stream{Name: name, Client: client})
	}
	return kinesis.New(c)
}

// client returns the client for a stream. Each source of the job that reads the stream has the same one: a new one would ask
// for credentials again, and open connections of its own.
func (j *job) client(ctx context.Context, stream string) (*awskinesis.Client, error) {
	if c := j.clients[stream]; c != nil {
		return c, nil
	}
	c, err := awsclient.New(ctx, clientConfig(j.conf.Source, stream))
	if err != nil {
		return nil, err
	}
	if j.clients == nil {
		j.clients = map[string]*awskinesis.Client{}
	}
	j.clients[stream] = c
	return c, nil
}
