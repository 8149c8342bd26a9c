package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// progress is a line on a terminal that says how far a bounded read is. One goroutine uses it.
type progress struct {
	out  io.Writer
	look func() glance
	end  record.Millis // of the read

	begun  record.Millis
	starts map[record.PartitionID]record.Millis // where each partition was when it was first seen
	share  float64                              // it never goes back, though shards that join are behind
}

// glance is what is known of a read at a moment.
type glance struct {
	records, bytes uint64
	// reached is the time up to which each partition that is being read has been handled; one that is done is not in it.
	reached map[record.PartitionID]record.Millis
}

// glanceAt returns the glance at a run, the empty one where there is none yet.
func glanceAt(r *pipeline.Run) glance {
	g := glance{reached: map[record.PartitionID]record.Millis{}}
	if r == nil {
		return g
	}
	s := r.Stats()
	for _, m := range append(s.Partitions, s.Over...) {
		g.records += m.Records.Load()
		g.bytes += m.Bytes.Load()
	}
	for _, m := range s.Partitions {
		if at := m.HandledTo(); at != 0 {
			g.reached[m.Partition.ID] = at
		}
	}
	return g
}

// The line comes after a second, since it says nothing about a read that is over by then, and changes twice a second.
const (
	progressAfter = time.Second
	progressEvery = time.Second / 2
)

// eraseLine empties the terminal's line. What is printed on it ends with the cursor at its begin, so that a log line that
// comes in between overwrites it.
const eraseLine = "\r\x1b[K"

// showProgress shows how far c's run is until ctx ends, where there is a terminal that shows nothing else: the records go
// elsewhere, or are held back to the run's end.
func (j *job) showProgress(ctx context.Context, t *terminal, c *pipeline.Config) {
	_, held := c.Sink.Sink.(*newest)
	if c.Until == nil || !isTerminal(t.err) || isTerminal(t.out) && !held {
		return
	}
	now := record.MillisOf(time.Now())
	p := &progress{out: t.err, look: func() glance { return glanceAt(j.run.Load()) }, end: now.Add(-c.Until.Ago)}
	if c.Until.Time != 0 {
		p.end = c.Until.Time
	}
	p.run(ctx)
}

// run prints the line until ctx ends, and then takes it away.
func (p *progress) run(ctx context.Context) {
	p.begun, p.starts = record.MillisOf(time.Now()), map[record.PartitionID]record.Millis{}
	showLine(ctx, p.out, func(_, now time.Time) string { return p.line(p.look(), record.MillisOf(now)) })
}

// showLine prints what line says, and again while it changes, until ctx ends, and then takes it away.
func showLine(ctx context.Context, out io.Writer, line func(begun, now time.Time) string) {
	begun := time.Now()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-tick.C:
			now := time.Now()
			text := line(begun, now)
			if shown = now.Sub(begun) > progressAfter; shown {
				fmt.Fprint(out, eraseLine+text+"\r")
			}
		case <-ctx.Done():
			if shown {
				fmt.Fprint(out, eraseLine)
			}
			return
		}
	}
}

// line says what g is at now: share, records, rate, and the time that is left if it goes on so.
func (p *progress) line(g glance, now record.Millis) string {
	p.share = max(p.share, p.shareOf(g))
	took := now.Sub(p.begun)
	line := fmt.Sprintf("kstream: %.0f %%, %d records, %.1f MB/s", 100*p.share, g.records, float64(g.bytes)/1e6/took.Seconds())
	if p.share > 0 && p.share < 1 {
		left := time.Duration(float64(took) * (1 - p.share) / p.share)
		line += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return line
}

// shareOf returns the part of the read that is done: the mean over the partitions of how much of the time from where they
// began to the end has been handled.
func (p *progress) shareOf(g glance) float64 {
	for id, at := range g.reached {
		if _, ok := p.starts[id]; !ok {
			p.starts[id] = at
		}
	}
	if len(p.starts) == 0 {
		return 0
	}
	done := 0.0
	for id, start := range p.starts {
		at, reading := g.reached[id]
		if !reading || at >= p.end {
			done++
			continue
		}
		done += float64(at-start) / float64(p.end-start)
	}
	return done / float64(len(p.starts))
}
