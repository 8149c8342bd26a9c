package main

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/telemetry"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/status"
	"github.com/kstream/kstream/pkg/wire"
)

// job is one run as run and consume put it together out of a configuration.
type job struct {
	conf       *config.Config
	chain      operator.Config // what plan was compiled of
	plan       *operator.Plan
	registries []string // schema registries that the chain names
	logs       logs
	metrics    *status.Metrics
	registry   *prometheus.Registry
	letters    *status.Letters
	observed   telemetry.Settings
	tracer     pipeline.Tracer              // nil: nobody is told of pages
	run        atomic.Pointer[pipeline.Run] // nil until there is one
	clients    map[string]*kinesis.Client   // of the source, by stream; of the goroutine that assembles runs
	out        io.Writer
	notice     func(string)
}

// newJob compiles the chain of conf, with the stages that flags add to it. confErr is what Load said; the faults of both
// are told at once.
func newJob(t *terminal, conf *config.Config, confErr error, extra []string) (*job, error) {
	j := &job{conf: conf, out: t.out, logs: newLogs(t.err, conf.Run), registry: prometheus.NewRegistry()}
	j.letters = &status.Letters{Payloads: conf.Run.HTTPPayloads}
	j.notice = func(text string) { j.logs.whole.Warn(text) }
	var err error
	j.chain = operator.Config{
		Chain: conf.Chain.Text, Name: conf.Chain.Name, Extra: extra, Key: conf.Sink.PartitionKey,
		Notice: func(text string) { j.notice(text) }, Registry: j.schemaRegistry,
	}
	if j.plan, err = operator.Compile(j.chain); err == nil {
		err = j.contain()
	}
	if err := errors.Join(confErr, err); err != nil {
		return nil, wrong(err)
	}
	j.metrics = status.NewMetrics(j.registry, buildVersion(), j.current, conf.Run.MetricsPerShard)
	return j, nil
}

// describeJob lets c take everything from the environment and from flags, and do something with the job that they describe.
func describeJob(t *terminal, c *cobra.Command, do func(context.Context, *job) error) {
	allVariableFlags(c)
	stages := stageFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, confErr := config.Load(config.Options{Everything: true, Flags: given(c)})
		observed, faults := telemetry.Read(os.Getenv)
		j, err := newJob(t, conf, besides(confErr, faults), *stages)
		if err != nil {
			return err
		}
		j.observed = observed
		return do(c.Context(), j)
	}
}

// current returns the run as the status page asks for it.
func (j *job) current() status.Run {
	if r := j.run.Load(); r != nil {
		return r
	}
	return nil
}

// clientConfig says how to reach the stream by that name or ARN as the source is told to.
func clientConfig(s config.Source, stream string) awsclient.Config {
	c := awsclient.Config{
		Region: awsclient.RegionOf(stream), RoleARN: s.RoleARN, ExternalID: s.RoleExternalID, AppID: "kstream/" + buildVersion(),
	}
	if s.CBOR {
		c.Wire = wire.CBOR
	}
	return c
}

// pipelineConfig returns what all runs share.
func (j *job) pipelineConfig(source record.Source, store checkpoint.Store) pipeline.Config {
	c := pipeline.Config{
		Source: source, Plan: j.plan, Store: store, Interval: j.conf.Run.CheckpointInterval, Buffer: j.conf.Source.Buffer,
		From: pipeline.Start{Position: j.conf.Source.From.Position, Ago: j.conf.Source.From.Ago},
		Log:  j.logs.sampled, Checkpointed: j.metrics.Checkpointed, Tracer: j.tracer,
		Parallelism: j.conf.Chain.Parallelism, StateMemory: j.conf.Chain.StateMemory,
		IdleTimeout: j.conf.Chain.IdleTimeout, MaxDrift: j.conf.Chain.MaxDrift,
	}
	if u := j.conf.Source.Until; u != nil {
		c.Until = &pipeline.End{Setting: u.Setting, Time: u.Time, Ago: u.Ago}
	}
	return c
}

// execute runs c until it ends by itself or the terminal says stop, and abandons it where the stop takes too long.
func (j *job) execute(ctx context.Context, t *terminal, c pipeline.Config) error {
	r, err := pipeline.New(c)
	if err != nil {
		return err
	}
	ctx, abandon := context.WithCancelCause(ctx)
	defer abandon(nil)
	defer context.AfterFunc(t.stop, func() {
		timer := time.AfterFunc(j.conf.Run.ShutdownTimeout, func() { abandon(errSlowStop) })
		context.AfterFunc(ctx, func() { timer.Stop() })
	})()
	j.run.Store(r)
	err = r.Run(ctx, t.stop)
	j.plan.SumUp()
	if errors.Is(context.Cause(ctx), errSlowStop) {
		return errSlowStop
	}
	err = j.explain(ctx, err)
	var other *pipeline.OtherChainError
	if errors.As(err, &other) {
		return wrong(err)
	}
	return err
}

// explain is explain for the streams that are read.
func (j *job) explain(ctx context.Context, err error) error {
	for stream, client := range j.clients {
		var said *noStreamError
		if err = explain(ctx, err, client, stream); errors.As(err, &said) {
			break
		}
	}
	return err
}

// hint is hint for the streams that are read.
func (j *job) hint(ctx context.Context) (end func()) {
	var ends []func()
	for stream, client := range j.clients {
		ends = append(ends, hint(ctx, j.notice, client, stream))
	}
	return func() {
		for _, end := range ends {
			end()
		}
	}
}

var errSlowStop = errors.New("the stop took longer than SHUTDOWN_TIMEOUT: the last epoch is abandoned, and done again at the next start")

// stageFlags gives c a flag for each stage that is short enough to type; they go to the chain's end in the order in which
// they were given.
func stageFlags(c *cobra.Command) *[]string {
	stages := new([]string)
	for _, f := range []struct{ flag, stage, help string }{
		{"filter", "filter", "keep records for which this is true; more than once: all of them"},
		{"map", "map", "make new records of these fields"},
		{"set", "set", "set fields"},
		{"drop", "drop", "drop fields"},
		{"keep", "keep", "keep these fields only"},
		{"flat-map", "flat_map", "make a record of each element"},
		{"sample", "sample", "keep a part, such as 1%"},
	} {
		c.Flags().Var(&stageFlag{stages, f.stage}, f.flag, f.help)
	}
	return stages
}

// stageFlag is a flag that adds a stage.
type stageFlag struct {
	stages *[]string
	stage  string
}

func (f *stageFlag) String() string { return "" }
func (f *stageFlag) Type() string   { return "expr" }
func (f *stageFlag) Set(s string) error {
	*f.stages = append(*f.stages, f.stage+" "+s)
	return nil
}
