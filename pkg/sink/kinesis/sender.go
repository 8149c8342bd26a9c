package kinesis

import (
	"context"
	"time"
)

// sender owns what waits, and knows what is in flight. All of it belongs to the goroutine of run; a request's entries
// belong to its call until the result is back.
type sender struct {
	config  Config
	stream  *stream
	client  client
	trouble *trouble // of PutRecords and ListShards

	queue  *queue
	packs  *packs // nil: records go out as they are
	astray astray

	flying  int         // requests
	results chan result // InFlight: a call never waits to tell
	paused  time.Time   // nothing goes out before, since whole calls failed
	flushes []chan<- struct{}
}

// run sends what comes in until ctx ends or the service refuses for good, and has joined its calls when it returns. What is
// sent to flushes is closed once all that came before has got in.
func (s *sender) run(ctx context.Context, in <-chan []*entry, flushes <-chan chan<- struct{}) error {
	calling, abort := context.WithCancel(ctx)
	defer func() {
		abort()
		for ; s.flying > 0; s.flying-- {
			<-s.results
		}
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		if len(s.astray.entries) > 0 && s.flying == 0 {
			if err := s.rearrange(ctx); err != nil {
				return err
			}
		}
		// One now for what is done and for when to look again: what falls due in between is in the future of neither.
		now := time.Now()
		s.send(calling, now)
		s.wake(timer, now)
		accepting := in
		if s.crowded() {
			accepting = nil
		}
		select {
		case entries := <-accepting:
			if err := s.accept(entries); err != nil {
				return err
			}
		case f := <-flushes:
			s.flushes = append(s.flushes, f)
		case r := <-s.results:
			if err := s.settle(r); err != nil {
				return err
			}
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// crowded reports whether as much waits as may be in flight.
func (s *sender) crowded() bool {
	bytes := s.queue.held.bytes
	if s.packs != nil {
		bytes += s.packs.bytes
	}
	return bytes >= s.config.InFlight*s.config.BatchBytes || s.queue.held.records >= s.config.InFlight*maxRequestRecords
}

func (s *sender) accept(entries []*entry) error {
	for _, e := range entries {
		if s.packs == nil {
			s.queue.add(e)
		} else if err := s.packs.add(s.queue, e.user(), e.since); err != nil {
			return err
		}
	}
	return nil
}

// send starts as many requests as are due and may be in flight, and tells who waits for a flush that all has got in.
func (s *sender) send(ctx context.Context, now time.Time) {
	if s.packs != nil {
		before := now.Add(-s.config.Linger)
		if len(s.flushes) > 0 || s.crowded() && s.packs.bytes > s.queue.held.bytes {
			before = now
		}
		s.packs.seal(s.queue, before)
	}
	s.queue.wake(now)
	for s.maySend(now) && (s.hurried() || !now.Before(s.queue.deadline)) {
		request := s.queue.take()
		s.flying++
		go func() { s.results <- s.put(ctx, request) }()
	}
	if s.flying == 0 && s.queue.held.records == 0 && len(s.astray.entries) == 0 && (s.packs == nil || s.packs.bytes == 0) {
		for _, f := range s.flushes {
			close(f)
		}
		s.flushes = nil
	}
}

// maySend reports whether something could go out.
func (s *sender) maySend(now time.Time) bool {
	return s.queue.ready.first != nil && s.flying < s.config.InFlight && len(s.astray.entries) == 0 && !now.Before(s.paused)
}

// hurried reports whether what is ready goes out before its deadline.
func (s *sender) hurried() bool { return len(s.flushes) > 0 || s.queue.full() }

// wake sets timer to when something is to be done that nothing but time brings about.
func (s *sender) wake(timer *time.Timer, now time.Time) {
	timer.Stop()
	if s.flying == s.config.InFlight || len(s.astray.entries) > 0 {
		return // a result comes first
	}
	next, ok := s.queue.next()
	if ok && (next.Before(s.paused) || s.queue.ready.first != nil && s.hurried()) {
		next = s.paused
	}
	if s.packs != nil {
		if since, gathered := s.packs.oldest(); gathered {
			if due := since.Add(s.config.Linger); !ok || due.Before(next) {
				next, ok = due, true
			}
		}
	}
	if ok {
		timer.Reset(next.Sub(now))
	}
}

// settle takes the result of a request.
func (s *sender) settle(r result) error {
	s.flying--
	if len(r.astray) > 0 {
		s.strayed(r.astray)
	} else if r.refused < len(r.request) {
		s.astray.rounds, s.astray.since = 0, time.Time{}
	}
	wait, err := s.learn(&r)
	if err != nil {
		return err
	}
	now := time.Now()
	if !r.called && now.Add(wait).After(s.paused) {
		s.paused = now.Add(wait)
	}
	again := 0
	for i, e := range r.request {
		if r.failed[i] {
			again += e.records()
		} else if e.landed == "" {
			s.took(e, r.shards[i])
		}
	}
	if again > 0 && s.config.Again != nil {
		s.config.Again(again)
	}
	s.queue.settle(r.request, r.failed, func(failures int) time.Time {
		if !r.called {
			return s.paused
		}
		return now.Add(backoff(failures, laneBackoff))
	})
	return nil
}

// took tells of an entry that has got into a shard.
func (s *sender) took(e *entry, shard string) {
	switch {
	case s.config.Took == nil:
	case e.packed > 0:
		s.config.Took(shard, e.packed, e.bytes)
	default:
		s.config.Took(shard, 1, len(e.data))
	}
}

// learn says what went wrong with a request, if anything did, and returns how long to wait before the next call where
// nothing of it got in. An error ends the run.
func (s *sender) learn(r *result) (time.Duration, error) {
	switch {
	case r.err == nil:
		s.trouble.over()
	case r.refused < len(r.request):
		s.trouble.over()
		s.trouble.say("PutRecords", r.class, r.err)
	default:
		return s.trouble.note("PutRecords", r.class, r.err)
	}
	return 0, nil
}
