package main

import (
	"context"
	"math"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/ordered"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// stamped has each line begin with the arrival of its record, by which it is ordered.
func stamped(encode encoderOf) encoderOf {
	return func(payload record.Encoder) record.Encoder { return ordered.Stamp(encode(payload)) }
}

// merges reports whether the records of all shards come out in the order of their arrival: of a read that has an end, where
// the wait for the slowest shard has one too, and of a chain whose results are each of one record.
func (j *job) merges() bool { return j.conf.Source.Until != nil && j.plan.Parts() == 1 }

// noInterval leaves a bounded read with its last barrier only: at one in its middle all that is held back would have to go
// out, in no order. A crash does the whole read again.
const noInterval = time.Duration(math.MaxInt64)

// merge has c's run print the lines of all shards in the order of their arrival, within half of BUFFER. The terminal that it
// returns also says stop when as many are out as v asks for.
func (j *job) merge(t *terminal, v *view, c *pipeline.Config) (own *terminal, done func()) {
	merged := *t
	merged.stop, done = context.WithCancel(t.stop)
	c.Buffer = max(1, c.Buffer/2)
	sink := ordered.New(ordered.Config{
		Memory: c.Buffer, Most: v.most, Enough: done,
		Exceeded: func() {
			j.notice("the shards are further apart in time than --buffer holds: from here on the order is that of each shard alone (a larger one keeps it)")
		},
		Dropped: func() bool { return t.stop.Err() != nil && j.conf.Run.StateDir == "" },
	}, stdout.New(t.out))
	all := *v
	all.most = 0 // which of them are the first is known where they are merged
	c.Source, c.Plan, c.Interval = sink.Source(c.Source), all.plan(j.plan), noInterval
	c.Sink = pipeline.Output{Name: "stdout", Sink: sink, Encode: stamped(v.encode)}
	return &merged, done
}
