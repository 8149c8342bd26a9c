package kinesis

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"
)

// Open finds the stream's limits and shards, and starts the sender, which Close ends. It blocks for calls until ctx ends:
// "not allowed" and "not found" are tried for a minute, anything transient for ever.
func Open(ctx context.Context, c Config, client client) (*Sink, error) {
	if c.InFlight < 1 || c.BatchBytes < 1 || c.BatchBytes > maxRequestBytes || c.Linger < 0 {
		return nil, errors.New("the Kinesis sink needs at least one request in flight, of 1 byte to 10 MiB, and no negative linger")
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	to := newStream(c.Stream)
	sender := &sender{
		config: c, stream: to, client: client, trouble: &trouble{config: c, stream: to},
		queue: newQueue(c.Strict, c.BatchBytes, c.Linger), results: make(chan result, c.InFlight),
	}
	if err := sender.prepare(ctx); err != nil {
		return nil, fmt.Errorf("opening the Kinesis sink: %w", err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Sink{stream: to, in: make(chan []*entry), flushes: make(chan chan<- struct{}), done: make(chan struct{}), stop: stop}
	go func() {
		defer close(s.done)
		s.err = sender.run(running, s.in, s.flushes)
	}()
	return s, nil
}

// prepare learns what the stream is like, and which shards it has. It blocks for calls, until ctx ends.
func (s *sender) prepare(ctx context.Context) error {
	if err := s.stream.describe(ctx, s.client, s.trouble); err != nil || !s.config.Aggregate {
		return err
	}
	if s.stream.auto {
		return fmt.Errorf("stream %s places records by itself (record distribution AUTO), where readers drop aggregates: turn SINK_AGGREGATE off", s.stream.ref)
	}
	found, err := s.listWith(ctx, nil)
	if err != nil {
		return err
	}
	s.packs = newPacks(found)
	return nil
}
