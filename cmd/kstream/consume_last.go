package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// mostLast bounds what --last holds in memory.
const mostLast = 1_000_000

// checkLast finds what does not go with --last.
func (o *consumeOptions) checkLast(conf *config.Config) error {
	switch {
	case o.last < 0 || o.last > mostLast:
		return fmt.Errorf("--last can't be %d: it is 1 to %d, which are held in memory", o.last, mostLast)
	case o.last == 0:
		return nil
	case o.count > 0:
		return errors.New("--last and -n both say how many records: give one of them")
	case o.fromGiven:
		return errors.New("--last begins that many records before the end, and --from elsewhere: give one of them")
	case conf.Run.StateDir != "":
		return errors.New("--last begins before the end, and a checkpoint in --state-dir where it says: give one of them")
	case conf.Sink.DeadLetters.Kind != "discard":
		return errors.New("--last may read a record more than once, and so --dead-letter can't go with it")
	}
	return nil
}

// consumeLast prints the last records before the end that pass the chain, over all shards, in the order in which they
// arrived, and then what follows them, unless there is an end.
func (j *job) consumeLast(ctx context.Context, t *terminal, o *consumeOptions, v *view) error {
	if j.plan.KeyedState() || len(j.plan.Counts()) > 0 {
		return wrong(errors.New("--last goes with no chain that has windows, dedupe or limit: it reads the stream from its end"))
	}
	var list *newest
	var store checkpoint.Store
	for i, span := range spansWithin(j.reach(ctx)) {
		if i > 0 && awserror.Pause(t.stop, betweenSpans) != nil {
			return nil //nolint:nilerr // who stops it has seen enough
		}
		var err error
		list = newNewest(int(o.last), t.out)
		if store, err = j.lookBack(ctx, t, o, v, span, list); err != nil || t.stop.Err() != nil {
			return err
		}
		if list.full() {
			break
		}
	}
	if err := list.print(ctx); err != nil {
		return err
	}
	if j.conf.Source.Until != nil {
		return nil
	}
	if len(list.lines) == 0 {
		j.notice("the stream holds no record that passes; new ones follow")
	}
	return j.follow(ctx, t, o, v, store)
}

// lookBack reads a span into newest, and returns the checkpoint at the span's end.
func (j *job) lookBack(ctx context.Context, t *terminal, o *consumeOptions, v *view, span time.Duration, newest *newest) (checkpoint.Store, error) {
	source, err := j.source(ctx, t.in, o.shards)
	if err != nil {
		return nil, err
	}
	store := new(checkpoint.Memory)
	c := j.pipelineConfig(source, store)
	c.Plan = v.plan(j.plan)
	if c.Until == nil {
		c.Until = &pipeline.End{Setting: "now"}
	}
	c.From = before(c.Until, span)
	c.Sink = pipeline.Output{Name: "stdout", Sink: newest, Encode: stamped(v.encode)}
	return store, j.executeWithHints(ctx, t, o, c)
}

// before returns where a span before end begins.
func before(end *pipeline.End, span time.Duration) pipeline.Start {
	switch {
	case span == everything:
		return pipeline.Start{Position: record.Position{Where: record.Oldest}}
	case end.Time != 0:
		return pipeline.Start{Position: record.Position{Where: record.AtTime, Time: end.Time.Add(-span)}}
	}
	return pipeline.Start{Position: latest, Ago: end.Ago + span}
}
