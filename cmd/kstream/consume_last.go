package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// spans are how far before the end --last looks for its records, one after the other until there are enough; behind them
// all comes the oldest. A step is about eight times the one before, so that what is read twice is little beside the last.
var spans = []time.Duration{
	2 * time.Second, 15 * time.Second, 2 * time.Minute, 15 * time.Minute, 2 * time.Hour, 16 * time.Hour, 5 * 24 * time.Hour, 40 * 24 * time.Hour,
}

// betweenSpans keeps the iterators that each span asks for under half of the five a second that a shard gives.
const betweenSpans = 400 * time.Millisecond

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
	for at := 0; ; at++ {
		newest := newNewest(int(o.last), t.out)
		store, err := j.lookBack(ctx, t, o, v, at, newest)
		if err != nil || t.stop.Err() != nil {
			return err
		}
		if !newest.full() && at < len(spans) {
			select {
			case <-time.After(betweenSpans):
			case <-t.stop.Done():
				return nil
			}
			continue
		}
		if err := newest.print(ctx); err != nil {
			return err
		}
		if j.conf.Source.Until != nil {
			return nil
		}
		if len(newest.lines) == 0 {
			j.notice("the stream holds no record that passes; new ones follow")
		}
		return j.follow(ctx, t, o, v, store)
	}
}

// lookBack reads the at-th span into newest, and returns the checkpoint at the span's end.
func (j *job) lookBack(ctx context.Context, t *terminal, o *consumeOptions, v *view, at int, newest *newest) (checkpoint.Store, error) {
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
	c.From = before(c.Until, at)
	c.Sink = pipeline.Output{Name: "stdout", Sink: newest, Encode: stamped(v.encode)}
	return store, j.executeWithHints(ctx, t, o, c)
}

// before returns where the at-th span before end begins.
func before(end *pipeline.End, at int) pipeline.Start {
	switch {
	case at >= len(spans):
		return pipeline.Start{Position: record.Position{Where: record.Oldest}}
	case end.Time != 0:
		return pipeline.Start{Position: record.Position{Where: record.AtTime, Time: end.Time.Add(-spans[at])}}
	}
	return pipeline.Start{Position: latest, Ago: end.Ago + spans[at]}
}
