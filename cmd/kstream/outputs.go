package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"sync"

	awskinesis "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
	sinkkinesis "github.com/kstream/kstream/pkg/sink/kinesis"
	"github.com/kstream/kstream/pkg/sink/letters"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// sink returns the output that SINK names.
func (j *job) sink(ctx context.Context) (pipeline.Output, error) {
	s := j.conf.Sink
	switch s.Kind {
	case "file":
		f, err := file.New(s.File)
		if err != nil {
			return pipeline.Output{}, err
		}
		return pipeline.Output{Name: "file", Sink: f, Encode: j.framed()}, nil
	case "kinesis":
		k, err := j.kinesisSink(ctx, s.Stream)
		if err != nil {
			return pipeline.Output{}, err
		}
		return pipeline.Output{Name: "kinesis", Sink: k, DefaultKey: ownKey}, nil
	}
	return pipeline.Output{Name: "stdout", Sink: stdout.New(j.out), Encode: j.framed()}, nil
}

// framed returns what parts payloads in files and on stdout, as SINK_FRAMING says.
func (j *job) framed() func(record.Encoder) record.Encoder {
	notice := eachOnce(j.notice)
	return func(payload record.Encoder) record.Encoder {
		return j.conf.Sink.Framing.Frame(payload, j.plan.Changes(), notice)
	}
}

// eachOnce says each text once, whichever lane comes upon it.
func eachOnce(say func(string)) func(string) {
	var said sync.Map
	return func(text string) {
		if _, known := said.LoadOrStore(text, true); !known {
			say(text)
		}
	}
}

// ownKey is the partition key that a record came with. One that came without, as a stream that spreads its records by
// itself lets producers do, has nothing to keep its order by: its sequence number spreads it over the shards.
func ownKey(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
	if len(r.Key) == 0 {
		return append(dst, r.Sequence...), nil
	}
	return append(dst, r.Key...), nil
}

// kinesisSink returns a sink to a stream, with the sink's role and endpoint.
func (j *job) kinesisSink(ctx context.Context, stream string) (*sinkkinesis.Sink, error) {
	s := j.conf.Sink
	c := sinkClientConfig(s, stream)
	c.Wire = clientConfig(j.conf.Source, "").Wire
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return nil, err
	}
	return openStream(ctx, sinkkinesis.Config{
		Stream: stream, Aggregate: s.Aggregate, Strict: s.Strict, BatchBytes: s.BatchBytes, Linger: s.Linger, InFlight: s.InFlight,
		Log: j.logs.sampled, Throttled: j.metrics.Throttled,
	}, client, j.notice)
}

// openStream opens the sink that c describes. Of a stream that is not there it says at once which one may have been meant.
func openStream(ctx context.Context, c sinkkinesis.Config, client *awskinesis.Client, say func(string)) (*sinkkinesis.Sink, error) {
	defer hint(ctx, say, client, c.Stream)()
	k, err := sinkkinesis.Open(ctx, c, client)
	return k, explain(ctx, err, client, c.Stream)
}

// sinkClientConfig says how to reach a stream that is written to.
func sinkClientConfig(s config.Sink, stream string) awsclient.Config {
	return awsclient.Config{
		Region: awsclient.RegionOf(stream), EndpointURL: s.EndpointURL, RoleARN: s.RoleARN, AppID: "kstream/" + buildVersion(),
	}
}

// deadLetters returns the output that DEAD_LETTER names. The status page shows the last of what it is given.
func (j *job) deadLetters(ctx context.Context) (pipeline.DeadLetters, error) {
	d, err := j.letterSink(ctx)
	d.Encode = j.letters.Note(d.Encode)
	return d, err
}

// deadLettersName is what checkpoints and metrics know the dead letters' output by.
const deadLettersName = "dead_letters"

func (j *job) letterSink(ctx context.Context) (pipeline.DeadLetters, error) {
	const name = deadLettersName
	switch d := j.conf.Sink.DeadLetters; d.Kind {
	case "discard":
		return pipeline.DeadLetters{}, nil
	case "fail":
		return pipeline.DeadLetters{Name: name, Sink: letters.Fail{}, Encode: letters.Encode}, nil
	case "file":
		f, err := file.New(file.Config{Path: d.Name, Rotated: j.sayRotated})
		if err != nil {
			return pipeline.DeadLetters{}, err
		}
		return pipeline.DeadLetters{Name: name, Sink: f, Encode: envelope.AppendRejected}, nil
	case "kinesis":
		k, err := j.kinesisSink(ctx, d.Name)
		if err != nil {
			return pipeline.DeadLetters{}, fmt.Errorf("opening the dead letters' stream: %w", err)
		}
		return pipeline.DeadLetters{Name: name, Sink: k, Encode: letterRecord, Key: letterKey}, nil
	default:
		return pipeline.DeadLetters{Name: name, Sink: letters.NewLog(j.logs.whole), Encode: letters.Encode}, nil
	}
}

// sayRotated tells of dead letters that somebody has taken away, to replay or to keep them.
func (j *job) sayRotated(path string, bytes int64) {
	j.logs.whole.Warn("the file of dead letters has been taken away or emptied: beginning a new one", zap.String("file", path),
		zap.Int64("bytes", bytes))
}

// letterRecord is a dead letter as a record of a stream, which needs no end-of-line.
func letterRecord(dst []byte, p *record.Partition, r *record.Rejected) []byte {
	return bytes.TrimSuffix(envelope.AppendRejected(dst, p, r), []byte("\n"))
}

// letterKey keeps the dead letters of one shard in order, and those of results, which are of no shard.
func letterKey(p *record.Partition) []byte { return []byte(cmp.Or(p.Shard, "results")) }
