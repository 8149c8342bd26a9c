package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskinesis "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
	"github.com/kstream/kstream/pkg/source/kinesis"
)

// job is what outlives a process: its settings, its files and its state.
type job struct {
	t        *testing.T
	r        *rand.Rand
	server   *kinesislocal.Server
	flow     flow
	dir      string
	state    *state
	out      file.Config
	interval time.Duration
	buffer   int
	memory   int           // of keyed state, in bytes
	idle     time.Duration // after which a shard holds back no window
	trimmed  trimmed
	log      *zap.Logger
}

func newJob(t *testing.T, r *rand.Rand, server *kinesislocal.Server, f flow) *job {
	t.Helper()
	dir := t.TempDir()
	j := &job{
		t: t, r: r, server: server, flow: f, dir: dir, state: newState(t, r), log: zap.NewNop(),
		out:      file.Config{Path: filepath.Join(dir, "out.jsonl"), Compression: []file.Compression{file.None, file.Gzip, file.Zstd}[r.IntN(3)]},
		interval: time.Duration(100+r.IntN(5000)) * time.Millisecond,
		buffer:   1 << (12 + r.IntN(14)),
		memory:   1 << (10 + r.IntN(10)),
		idle:     time.Duration(1+r.IntN(30)) * time.Second,
	}
	if r.IntN(2) == 0 {
		j.out.RollSize = 500 + r.Int64N(20_000)
	}
	if r.IntN(3) == 0 {
		j.out.RollInterval = time.Duration(2+r.IntN(20)) * time.Second
	}
	return j
}

// process runs the job as one process does, until it ends by itself, stop ends, or ctx does, which abandons it. A crash
// that comes is errCrash.
func (j *job) process(ctx, stop context.Context, until *pipeline.End, c *crash) error {
	j.t.Helper()
	store, closing := j.state.open()
	r, err := pipeline.New(pipeline.Config{
		Parallelism: 1 + j.r.IntN(4), StateMemory: j.memory, IdleTimeout: j.idle, MaxDrift: time.Minute,
		Source: crashSource{j.source(), c}, Plan: j.flow.plan(j.t), Store: crashStore{store, c},
		Sink: pipeline.Output{Name: "file", Sink: j.sink(j.out, c), Encode: j.lines},
		DeadLetters: pipeline.DeadLetters{
			Name: "dead_letters", Sink: j.sink(file.Config{Path: filepath.Join(j.dir, "dead.jsonl")}, c), Encode: envelope.AppendRejected,
		},
		Until: until, Interval: j.interval, Buffer: j.buffer, Log: j.log,
	})
	must(j.t, err)
	err = r.Run(ctx, stop)
	closing(err != nil)
	if s := r.Stats(); err == nil && s.Buffered != 0 {
		j.t.Errorf("%d bytes of credit were never given back", s.Buffered)
	}
	if errors.Is(err, errCrash) {
		return errCrash
	}
	return err
}

func (j *job) source() *kinesis.Source {
	j.t.Helper()
	client := awskinesis.New(awskinesis.Options{
		HTTPClient: j.server.HTTPClient(), BaseEndpoint: aws.String(j.server.URL()), Region: j.server.Region(),
		Credentials: credentials.NewStaticCredentialsProvider("x", "y", ""),
	})
	s, err := kinesis.New(kinesis.Config{
		Streams: []kinesis.Stream{{Name: stream, Client: client}}, Log: j.log, Observer: &j.trimmed,
	})
	must(j.t, err)
	return s
}

func (j *job) sink(c file.Config, crash *crash) crashSink {
	j.t.Helper()
	s, err := file.New(c)
	must(j.t, err)
	return crashSink{s, crash}
}

func (*job) lines(payload record.Encoder) record.Encoder {
	return framing.Lines.Frame(payload, true, func(string) {})
}

// trimmed is an Observer that adds up what was lost to retention.
type trimmed struct {
	mu    sync.Mutex
	spans map[string]time.Duration // by shard; guarded by mu
}

// Trimmed implements kinesis.Observer.
func (o *trimmed) Trimmed(_, shard string, span time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.spans == nil {
		o.spans = map[string]time.Duration{}
	}
	o.spans[shard] += span
}

// Throttled implements kinesis.Observer.
func (*trimmed) Throttled(string, string) {}

// Dropped implements kinesis.Observer.
func (*trimmed) Dropped(string, string, int) {}

// Retention implements kinesis.Observer.
func (*trimmed) Retention(string, time.Duration) {}
