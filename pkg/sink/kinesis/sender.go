package kinesis

import (
	"context"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"
)

// sender owns what waits and what is in flight.
type sender struct {
	config Config
	name   string
	client client
	target target
	queue  *queue
	packs  *packs // nil: records go out as they are

	flying   int
	results  chan result // InFlight: a call never waits to tell
	flushed  []chan struct{}
	paused   time.Time // nothing goes out before: whole calls failed
	failures int       // calls in a row
}

// result is what became of a request.
type result struct {
	landed    []*entry
	failed    []*entry // and may be tried again
	misplaced []*entry // aggregates that went to another shard
	err       error    // of the whole call
	fatal     bool
	throttled bool
}

func newSender(c Config, name string, client client, t target) *sender {
	return &sender{config: c, name: name, client: client, target: t, queue: newQueue(c.Strict), results: make(chan result, c.InFlight)}
}

// run sends until ctx ends or the service refuses for good, and has joined its calls when it returns.
func (s *sender) run(ctx context.Context, in <-chan []*entry, flushes <-chan chan struct{}) (err error) {
	calling, abort := context.WithCancel(ctx)
	defer func() {
		abort()
		for ; s.flying > 0; s.flying-- {
			<-s.results
		}
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if err := s.send(calling, time.Now()); err != nil {
			return err
		}
		timer.Reset(s.pause(time.Now()))
		taking := in
		if s.crowded() {
			taking = nil
		}
		select {
		case entries := <-taking:
			if err := s.accept(entries); err != nil {
				return err
			}
		case f := <-flushes:
			s.flushed = append(s.flushed, f)
		case r := <-s.results:
			if err := s.settle(r); err != nil {
				return err
			}
		case <-timer.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// crowded reports whether as much waits as may be in flight.
func (s *sender) crowded() bool {
	return s.queue.bytes >= s.config.InFlight*s.config.BatchBytes || len(s.queue.entries) >= s.config.InFlight*maxRequestRecords ||
		s.packs != nil && s.packs.bytes >= s.config.InFlight*s.config.BatchBytes
}

func (s *sender) accept(entries []*entry) error {
	if s.packs == nil {
		s.queue.add(entries...)
		return nil
	}
	return s.packs.add(s.queue, entries)
}

// send starts as many requests as are due and may be in flight, and tells who waits for a flush that all is done.
func (s *sender) send(ctx context.Context, now time.Time) error {
	if s.packs != nil {
		if err := s.repack(ctx); err != nil {
			return err
		}
		s.packs.seal(s.queue, func(since time.Time) bool { return s.flushing() || !now.Before(since.Add(s.config.Linger)) })
	}
	for s.flying < s.config.InFlight && s.due(now) && !now.Before(s.paused) && !s.packs.waiting() {
		request := s.queue.take(now, s.config.BatchBytes)
		if request == nil {
			break
		}
		s.flying++
		go func() { s.results <- s.put(ctx, request) }()
	}
	if s.flying == 0 && len(s.queue.entries) == 0 && s.packs.empty() {
		for _, f := range s.flushed {
			close(f)
		}
		s.flushed = nil
	}
	return nil
}

func (s *sender) flushing() bool { return len(s.flushed) > 0 }

// due reports whether what waits is worth a request.
func (s *sender) due(now time.Time) bool {
	if len(s.queue.entries) == 0 {
		return false
	}
	first := s.queue.entries[0]
	return s.flushing() || s.queue.full(s.config.BatchBytes) || first.attempts > 0 || !now.Before(first.since.Add(s.config.Linger))
}

// pause returns how long nothing is due by itself.
func (s *sender) pause(now time.Time) time.Duration {
	const long = time.Hour // something else will wake the sender
	next := now.Add(long)
	earlier := func(t time.Time) {
		if t.After(now) && t.Before(next) {
			next = t
		}
	}
	if len(s.queue.entries) > 0 {
		earlier(s.queue.entries[0].since.Add(s.config.Linger))
		earlier(s.paused)
		if t, ok := s.queue.next(); ok {
			earlier(t)
		}
	}
	if s.packs != nil {
		if since, ok := s.packs.oldest(); ok {
			earlier(since.Add(s.config.Linger))
		}
	}
	return next.Sub(now)
}

// settle takes the result of a request.
func (s *sender) settle(r result) error {
	s.flying--
	if r.fatal {
		return r.err
	}
	for _, e := range r.landed {
		s.queue.landed(e, true)
	}
	for _, e := range r.misplaced {
		s.queue.landed(e, true)
	}
	if len(r.misplaced) > 0 {
		s.packs.misplace(r.misplaced)
		s.paused = time.Now().Add(backoff(1)) // the list of shards may lag behind the reshard
	}
	attempts := 0
	for _, e := range r.failed {
		s.queue.landed(e, false)
		e.attempts++
		attempts = max(attempts, e.attempts)
	}
	if r.throttled {
		s.config.Throttled(s.name, "PutRecords")
	}
	if r.err == nil {
		s.failures = 0
	} else {
		s.failures++
		s.paused = time.Now().Add(backoff(s.failures))
		s.config.Log.Warn("a write to Kinesis failed and is tried again", zap.String("stream", s.name), zap.Error(r.err))
	}
	if len(r.failed) > 0 {
		s.queue.retry(r.failed, time.Now().Add(backoff(attempts)))
	}
	return nil
}

// backoff returns how long to wait before attempt n+1: full jitter, so that many writers to one hot shard part.
func backoff(n int) time.Duration {
	const first, most = 100 * time.Millisecond, 5 * time.Second
	limit := min(most, first<<min(n-1, 10))
	return time.Duration(rand.Int64N(int64(limit))) + time.Millisecond
}

// repack looks at the shards again where aggregates went astray, once nothing is in flight any more.
func (s *sender) repack(ctx context.Context) error {
	if !s.packs.waiting() || s.flying > 0 {
		return nil
	}
	err := s.packs.repack(ctx, s.client, s.target, s.queue)
	if err == nil || !transient(err) {
		return err
	}
	s.failures++
	s.config.Log.Warn("listing the shards that are written to failed and is tried again", zap.String("stream", s.name), zap.Error(err))
	select {
	case <-time.After(backoff(s.failures)):
		return nil
	case <-ctx.Done():
		return nil
	}
}
