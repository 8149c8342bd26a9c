package registry

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Fetch asks for the schema until there is an answer, so that Open knows it. It blocks while the registry does not answer,
// asking again after 250 ms and then ever later, up to 30 s. Its error is the context's, or ErrUnusable where that was all
// that it heard from the begin on, and means that it has no answer.
// Goroutines that ask for one schema at once make one call.
func (r *Resolver[S]) Fetch(ctx context.Context, id ID) error {
	for {
		ended, mine := r.begin(id)
		if ended == nil {
			return nil
		}
		if mine {
			err := r.ask(ctx, id)
			r.end(id, ended)
			return err
		}
		select {
		case <-ended: // with an answer, or its context's end: then it is this one's turn
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// begin returns the channel of the call that asks for id, and whether it is the caller's to make; nil if id is known.
func (r *Resolver[S]) begin(id ID) (ended chan struct{}, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.known[id]; ok && (e.until.IsZero() || time.Now().Before(e.until)) {
		return nil, false
	}
	if ended, ok := r.calls[id]; ok {
		return ended, false
	}
	ended = make(chan struct{})
	r.calls[id] = ended
	return ended, true
}

func (r *Resolver[S]) end(id ID, ended chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calls, id)
	close(ended)
}

func (r *Resolver[S]) ask(ctx context.Context, id ID) error {
	begin := time.Now()
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		s, err := r.once(ctx, id)
		switch {
		case err == nil:
			r.keep(id, r.compiled(id, s))
			return nil
		case errors.Is(err, ErrNotFound):
			r.keep(id, entry[S]{err: fmt.Errorf("looking up schema %s: %w", id, err), until: time.Now().Add(r.cfg.Forget)})
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, ErrUnusable) && !r.answered.Load() && time.Since(begin) >= r.cfg.Patience:
			return fmt.Errorf("asking for schema %s: %w", id, err)
		}
		next := wait/2 + rand.N(wait/2) // so that many workers do not come back at once
		if r.cfg.Waiting != nil {
			r.cfg.Waiting(Outage{ID: id, Err: err, For: time.Since(begin), Next: next})
		}
		t := time.NewTimer(next)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return context.Cause(ctx)
		}
	}
}

func (r *Resolver[S]) once(ctx context.Context, id ID) (*Schema, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	return r.source.Schema(ctx, id)
}

func (r *Resolver[S]) compiled(id ID, s *Schema) (e entry[S]) {
	if e.schema, e.err = r.compile(s); e.err != nil {
		e.err = fmt.Errorf("using schema %s of the registry: %w", id, e.err)
	}
	return e
}

// keep puts an answer in. A full Resolver forgets some other one: that it exists no longer decides, as whoever needs it
// fetches it again.
func (r *Resolver[S]) keep(id ID, e entry[S]) {
	r.answered.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.known[id]; !ok && len(r.known) >= r.cfg.MaxKnown {
		r.dropOneLocked()
	}
	r.known[id] = e
}

// dropOneLocked forgets a schema that is not there, as payloads may name any number of those, or where the first few are
// all there, one of these.
func (r *Resolver[S]) dropOneLocked() {
	const looks = 16
	var drop ID
	n := 0
	for id, e := range r.known {
		drop = id
		if n++; !e.until.IsZero() || n == looks {
			break
		}
	}
	delete(r.known, drop)
}
