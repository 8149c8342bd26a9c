package main

import (
	"context"
	"time"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
)

const (
	// openPatience is how long one stream is asked for its shards: whoever wants the lag of a run can do without.
	openPatience = time.Second
	// openAge is when a stream that is watched is asked again.
	openAge = 30 * time.Second
)

// openness adds to a look whether shards still take records, which neither a run nor its folder can know: a shard may have been
// split ahead of what has been read. It asks the streams; where they can't be asked it stays unknown. One goroutine.
type openness struct {
	source config.Source
	known  map[string]map[string]bool // by stream and shard
	asked  time.Time
}

// note fills in the rows of l.
func (o *openness) note(ctx context.Context, l *lag) {
	if time.Since(o.asked) > openAge {
		o.known, o.asked = map[string]map[string]bool{}, time.Now()
	}
	for i := range l.rows {
		r := &l.rows[i]
		shards, asked := o.known[r.Stream]
		if !asked {
			shards = o.ask(ctx, r.Stream)
			o.known[r.Stream] = shards
		}
		if open, ok := shards[r.Shard]; ok {
			r.Open = &open
		}
	}
}

func (o *openness) ask(ctx context.Context, stream string) map[string]bool {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	client, err := awsclient.New(ctx, clientConfig(o.source, stream))
	if err != nil {
		return nil
	}
	rows, err := shardsOf(ctx, client, stream)
	if err != nil {
		return nil
	}
	open := make(map[string]bool, len(rows))
	for i := range rows {
		open[rows[i].Shard] = rows[i].State == "open"
	}
	return open
}

// beside returns look with what o adds.
func (o *openness) beside(look func(context.Context) (*lag, error)) func(context.Context) (*lag, error) {
	return func(ctx context.Context) (*lag, error) {
		l, err := look(ctx)
		if err == nil {
			o.note(ctx, l)
		}
		return l, err
	}
}
