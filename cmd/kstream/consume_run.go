package main

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// consume runs the job onto the terminal. A reader that has gone away ends it quietly.
func (j *job) consume(ctx context.Context, t *terminal, o *consumeOptions, v *view) error {
	show := j.consumeFrom
	if o.last > 0 {
		show = j.consumeLast
	}
	read, end := t.whileRead()
	err := show(ctx, read, o, v)
	if gone := end(); errors.Is(err, stdout.ErrClosed) || gone && err == nil {
		return nil
	}
	if !o.quiet {
		j.sumUp(t)
	}
	return err
}

// consumeFrom prints what there is from FROM, or the checkpoint, on.
func (j *job) consumeFrom(ctx context.Context, t *terminal, o *consumeOptions, v *view) (err error) {
	store, giveUp, err := j.store(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveUp()) }()
	if !o.quiet && o.exit && j.conf.Run.StateDir == "" && j.conf.Source.From == (config.From{Position: latest}) {
		fmt.Fprintln(t.err, "kstream: from latest until now there is nothing: --from oldest, or --from -10m, begins earlier")
	}
	return j.follow(ctx, t, o, v, store)
}

// follow prints what is behind the checkpoint in store, and what follows it.
func (j *job) follow(ctx context.Context, t *terminal, o *consumeOptions, v *view, store checkpoint.Store) error {
	source, err := j.source(ctx, t.in, o.shards)
	if err != nil {
		return err
	}
	if j.conf.Source.Until == nil {
		source = newWatched(source, j.notice)
	}
	c := j.pipelineConfig(source, store)
	c.Plan = v.plan(j.plan)
	c.Sink = pipeline.Output{Name: "stdout", Sink: stdout.New(t.out), Encode: v.encode}
	if c.DeadLetters, err = j.deadLetters(ctx); err != nil {
		return err
	}
	if j.merges() {
		var done func()
		t, done = j.merge(t, v, &c)
		defer done()
	}
	return j.executeWithHints(ctx, t, o, c)
}

// executeWithHints runs c and shows how far it is. It tries for a minute to find a stream that is not there, and says at once
// which one a person may have meant.
func (j *job) executeWithHints(ctx context.Context, t *terminal, o *consumeOptions, c pipeline.Config) error {
	var clients []streamClient
	for _, stream := range j.conf.Source.Streams {
		client, err := j.client(ctx, stream)
		if err != nil {
			return err
		}
		clients = append(clients, streamClient{stream, client})
	}
	hinting, done := context.WithCancel(ctx)
	var hints errgroup.Group
	if !o.quiet {
		hints.Go(func() error {
			j.showProgress(hinting, t, &c)
			return nil
		})
	}
	defer j.hint(ctx)()
	hints.Go(func() error {
		j.watchSilence(hinting, t, o, clients)
		return nil
	})
	err := j.execute(ctx, t, c)
	done()
	return errors.Join(err, hints.Wait())
}

// sumUp says what could not be handled and was not printed.
func (j *job) sumUp(t *terminal) {
	r := j.run.Load()
	if r == nil {
		return
	}
	for _, m := range r.Stats().Stages {
		if n := m.DeadLetters.Load(); n > 0 {
			records := "records"
			if n == 1 {
				records = "record"
			}
			fmt.Fprintf(t.err, "kstream: %d %s could not be handled by stage %s (--dead-letter log says which)\n", n, records, m.Label)
		}
	}
}
