package main

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
)

// silence says to a person who looks at an empty screen why it is empty: no record has come, or none that has passed. It says
// each once, and nothing behind the first record that is shown. One goroutine uses it.
type silence struct {
	look func() passed
	// none is called when the stream is quiet, and blocked when records come and nothing of them is seen.
	none    func(ctx context.Context)
	blocked func(p passed)

	quiet bool          // none has been called
	since time.Duration // how long records have been coming
}

// passed is what has been read and seen so far.
type passed struct {
	ready                  bool // every shard has been read once
	read, written, refused uint64
}

// passedBy returns what r has read and written, nothing where there is no run yet.
func passedBy(r *pipeline.Run) (p passed) {
	if r == nil {
		return p
	}
	p.ready = r.Ready() == nil
	s := r.Stats()
	for _, m := range append(s.Partitions, s.Over...) {
		p.read += m.Records.Load()
	}
	for _, m := range s.Stages {
		p.refused += m.DeadLetters.Load()
	}
	p.written = s.Outputs[0].Records.Load()
	return p
}

// A person waits a few seconds before asking why; where records come, the next one may be seen.
const (
	quietAfter   = 3 * time.Second
	blockedAfter = 5 * time.Second
	silenceEvery = time.Second
)

// run watches until something is seen, all is said, or ctx ends.
func (s *silence) run(ctx context.Context) {
	tick := time.NewTicker(silenceEvery)
	defer tick.Stop()
	for waited := time.Duration(0); ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		p := s.look()
		switch {
		case p.written > 0:
			return
		case p.read > 0:
			if s.since += silenceEvery; s.since > blockedAfter {
				s.blocked(p)
				return
			}
		case p.ready && !s.quiet:
			if waited += silenceEvery; waited > quietAfter {
				s.quiet = true
				s.none(ctx)
			}
		}
	}
}

// watchSilence says why nothing is seen, until ctx ends. A read that has an end tells of a quiet stream by ending, and --last
// by what it has shown.
func (j *job) watchSilence(ctx context.Context, t *terminal, o *consumeOptions, clients []streamClient) {
	if o.quiet || o.last > 0 {
		return
	}
	began := time.Now()
	look := func() passed { return passedBy(j.run.Load()) }
	s := &silence{look: look, none: func(context.Context) {}, blocked: j.sayBlocked}
	if j.conf.Source.Until == nil && isTerminal(t.err) {
		s.none = func(ctx context.Context) {
			note := quietNote(ctx, began, clients)
			if ctx.Err() == nil && look().read == 0 { // to find that out took a while
				j.notice(note)
			}
		}
	}
	s.run(ctx)
}

// sayBlocked says that records come and none is seen, and which field may be misspelt.
func (j *job) sayBlocked(p passed) {
	records := "records were"
	if p.read == 1 {
		records = "record was"
	}
	text := fmt.Sprintf("%d %s read, and nothing has come out so far", p.read, records)
	switch {
	case p.refused > 0:
		text += fmt.Sprintf("; %d could not be handled (--dead-letter log says why)", p.refused)
	case j.plan.KeyedState():
		text += ": windows give their results when they are over"
	}
	j.notice(text)
	j.plan.SumUp()
}
