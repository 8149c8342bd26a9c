package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/kstream/kstream/pkg/record"
)

// watched is a source that says which shards join while a person looks on.
type watched struct {
	record.Source
	say func(string)

	mu     sync.Mutex
	listed bool                        // the first shards have been; guarded by mu
	known  map[record.PartitionID]bool // guarded by mu
}

func newWatched(s record.Source, say func(string)) *watched {
	return &watched{Source: s, say: say, known: map[record.PartitionID]bool{}}
}

// Reads implements record.Partial as the source does.
func (w *watched) Reads(p record.Partition) bool {
	partial, ok := w.Source.(record.Partial)
	return !ok || partial.Reads(p)
}

// Partitions returns the source's, and says those that were not there when reading began.
func (w *watched) Partitions(ctx context.Context) ([]record.Partition, error) {
	ps, err := w.Source.Partitions(ctx)
	w.mu.Lock()
	joined := w.listed
	w.listed = true
	w.mu.Unlock()
	if names := w.join(ps); joined && len(names) > 0 {
		w.say(together(names) + " joined")
	}
	return ps, err
}

// join takes note of ps and returns the names of those that nobody knew.
func (w *watched) join(ps []record.Partition) (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range ps {
		if p := &ps[i]; !w.known[p.ID] {
			w.known[p.ID] = true
			names = append(names, p.String())
		}
	}
	return names
}

// Open returns the source's reader, watched.
func (w *watched) Open(ctx context.Context, s record.State) (record.Reader, error) {
	r, err := w.Source.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	return &watchedReader{Reader: r, source: w, name: s.Partition.String()}, nil
}

// watchedReader is a reader that says what follows its shard. One that ends before the tip was reached is history, of which
// there may be much.
type watchedReader struct {
	record.Reader
	source *watched
	name   string
	tip    bool
}

// Read reads as the source does.
func (r *watchedReader) Read(ctx context.Context, p *record.Page) error {
	if err := r.Reader.Read(ctx, p); err != nil {
		return err
	}
	if p.End.Where == record.Ended {
		if names := r.source.join(p.Children); r.tip && len(names) > 0 {
			r.source.say(fmt.Sprintf("%s has ended: %s joined", r.name, together(names)))
		}
	}
	r.tip = r.tip || p.Tip
	return nil
}

// together joins names as a sentence does, and says of many how many there are.
func together(names []string) string {
	const most = 4
	switch n := len(names); {
	case n == 1:
		return names[0]
	case n > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), n-most+1)
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}
