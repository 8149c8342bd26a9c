package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/internal/resident"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/pipeline"
)

func newRun(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the pipeline that the environment describes, until it is stopped",
		Example: `  KSTREAM_STREAM=logs KSTREAM_OPERATORS='filter status >= 500' kstream run
  kstream run --stream logs --sink file --file-path /data/out.jsonl --state-dir /var/lib/kstream`,
		Args: atMost(0),
	}
	describeJob(t, c, func(ctx context.Context, j *job) error {
		defer j.shedLater().Stop()
		return j.beside(ctx, func(ctx context.Context) error {
			return j.observe(ctx, t, func(ctx context.Context) error { return j.pipeline(ctx, t) })
		})
	})
	return c
}

// startTakes is when the start of a run is over, seen from its memory: shards have been opened, and first pages read.
const startTakes = 10 * time.Second

// shedLater gives back what the start took of memory, once it is over. It returns a timer, for a run that is over before.
func (j *job) shedLater() *time.Timer {
	return time.AfterFunc(startTakes, func() {
		if err := resident.Shed(); err != nil {
			j.logs.whole.Debug("memory that the start took is not given back", zap.Error(err))
		}
	})
}

// beside does work, and serves the status page for as long as it lasts.
func (j *job) beside(ctx context.Context, work func(context.Context) error) error {
	l, err := j.listen()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	if l != nil {
		g.Go(func() error { return j.statusPage().Serve(ctx, l) })
	}
	g.Go(func() error {
		defer cancel()
		return work(ctx)
	})
	return g.Wait()
}

// listen takes HTTP_ADDR. The default, where something else has it, is warned of and done without; one that the user set
// is an error.
func (j *job) listen() (net.Listener, error) {
	addr := j.conf.Run.HTTPAddr
	if addr == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case j.conf.Run.HTTPAddrSet:
		return nil, fmt.Errorf("serving the status page on KSTREAM_HTTP_ADDR: %w", err)
	}
	j.logs.whole.Warn("the status page is not served: set KSTREAM_HTTP_ADDR to a free address, or to none", zap.Error(err))
	return nil, nil
}

// pipeline puts the run together and runs it. A stop before it runs ends the start: nothing was begun, and all is well.
func (j *job) pipeline(ctx context.Context, t *terminal) (err error) {
	starting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(t.stop, cancel)()
	store, giveUp, err := j.store(starting)
	if err != nil {
		return unlessStopped(t, err)
	}
	defer func() { err = errors.Join(err, giveUp()) }()
	c, err := j.assemble(starting, t, store)
	if err != nil {
		return unlessStopped(t, err)
	}
	defer j.hint(starting)()
	return j.execute(ctx, t, c)
}

// unlessStopped returns err, nil where it is only that the stop ended what was waited for.
func unlessStopped(t *terminal, err error) error {
	if t.stop.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (j *job) assemble(ctx context.Context, t *terminal, store checkpoint.Store) (c pipeline.Config, err error) {
	source, err := j.source(ctx, t.in, nil)
	if err != nil {
		return c, err
	}
	c = j.pipelineConfig(source, store)
	if c.Sink, err = j.sink(ctx); err != nil {
		return c, err
	}
	c.DeadLetters, err = j.deadLetters(ctx)
	return c, err
}
