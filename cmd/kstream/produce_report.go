package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// tally counts what the service has taken, by shard. The sink tells it, while a terminal shows it.
type tally struct {
	mu     sync.Mutex
	shards map[string]*taken // guarded by mu
	all    taken             // guarded by mu
	again  int64             // records that went out again; guarded by mu
}

type taken struct{ records, bytes int64 }

func newTally() *tally { return &tally{shards: map[string]*taken{}} }

func (t *tally) add(shard string, records, bytes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.shards[shard]
	if s == nil {
		s = &taken{}
		t.shards[shard] = s
	}
	for _, sum := range []*taken{s, &t.all} {
		sum.records += int64(records)
		sum.bytes += int64(bytes)
	}
}

func (t *tally) repeat(records int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.again += int64(records)
}

// runInSight runs, and shows at a terminal how much has got in so far.
func (p *producer) runInSight(ctx context.Context, t *terminal, quiet bool) error {
	if quiet || !isTerminal(t.err) {
		return p.run(ctx, t.stop)
	}
	showing, done := context.WithCancel(ctx)
	var sight errgroup.Group
	sight.Go(func() error {
		showLine(showing, t.err, p.took.line)
		return nil
	})
	err := p.run(ctx, t.stop)
	done()
	return errors.Join(err, sight.Wait())
}

// line says what has got in since begun.
func (t *tally) line(begun, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	took := now.Sub(begun).Seconds()
	text := fmt.Sprintf("kstream: %d records, %.0f/s, %.1f MB/s", t.all.records, float64(t.all.records)/took, float64(t.all.bytes)/1e6/took)
	if t.again > 0 {
		text += fmt.Sprintf(", %d sent again", t.again)
	}
	return text
}

// report says what got in, where, and what may not have.
func (p *producer) report(w io.Writer, stream string) {
	t := p.took
	t.mu.Lock()
	defer t.mu.Unlock()
	text := fmt.Sprintf("%s and %s are in %s", count(t.all.records, "record"), count(t.all.bytes, "byte"), stream)
	if t.again > 0 {
		text += fmt.Sprintf(" (%d sent again)", t.again)
	}
	if missing := p.written - t.all.records; missing > 0 {
		text += fmt.Sprintf("; the %d behind them may not be", missing)
	}
	fmt.Fprintln(w, "kstream: "+text)
	t.writeShards(w)
	if n := p.form.unpacked; n > 0 && p.form.name == "auto" {
		fmt.Fprintf(w, "kstream: %s said key and data, which were taken (--format lines writes lines as they stand)\n", count(int64(n), "line"))
	}
}

// mostShards is how many shards the report lists.
const mostShards = 16

// writeShards lists what each shard took, where there is more than one; of many, what most and least did. It holds mu.
func (t *tally) writeShards(w io.Writer) {
	names := slices.Sorted(maps.Keys(t.shards))
	switch {
	case len(names) < 2:
		return
	case len(names) > mostShards:
		least := func(a, b string) int { return cmp.Compare(t.shards[a].records, t.shards[b].records) }
		low, high := slices.MinFunc(names, least), slices.MaxFunc(names, least)
		fmt.Fprintf(w, "kstream: over %d shards: the least in %s (%d), the most in %s (%d)\n",
			len(names), low, t.shards[low].records, high, t.shards[high].records)
		return
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, name := range names {
		s := t.shards[name]
		fmt.Fprintf(tw, "kstream:   %s\t%s\t%s\n", name, count(s.records, "record"), count(s.bytes, "byte"))
	}
	tw.Flush()
}

// count says how many there are of a thing.
func count(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
