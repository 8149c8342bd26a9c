package kinesis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kpl"
)

// astray are the aggregates that landed in another shard than was meant: there has been a reshard. As the KPL does, the
// sender then learns the shards anew, and packs and sends again what readers would drop where it is.
type astray struct {
	entries []*entry
	rounds  int       // in a row that did not end it
	since   time.Time // of the first of these
}

// strayed notes aggregates that went astray. Nothing goes out then until rearrange has been called, so that nothing of
// their keys goes ahead of them.
func (s *sender) strayed(entries []*entry) {
	if s.astray.since.IsZero() {
		s.astray.since = time.Now()
	}
	s.astray.entries = append(s.astray.entries, entries...)
}

// rearrange packs everything that waits for the shards that there are now: what went astray and is not taken where it is,
// what is queued, and what is being gathered, in the order in which it came. Nothing is in flight. It blocks for the list
// of shards, until ctx ends.
func (s *sender) rearrange(ctx context.Context) error {
	if s.astray.rounds > 0 && time.Since(s.astray.since) >= awserror.Patience {
		e := s.astray.entries[0]
		return fmt.Errorf("stream %s: for %v aggregates have gone to other shards than their hash keys say (the last one to %s instead of %s), "+
			"where readers drop them: this stream can't be written to with SINK_AGGREGATE", s.stream.ref, awserror.Patience, e.landed, e.shard)
	}
	if s.astray.rounds > 0 {
		if err := awserror.Pause(ctx, backoff(s.astray.rounds, callBackoff)); err != nil {
			return err
		}
	}
	s.astray.rounds++
	now, err := s.listWith(ctx, s.astray.entries)
	if err != nil {
		return err
	}
	s.packs.seal(s.queue, time.Now())
	waiting := append(s.queue.drain(), s.astray.entries...)
	s.config.Log.Info("the stream's shards have changed, packing anew what waits", zap.String("stream", s.stream.ref),
		zap.Int("shards", len(now.open)), zap.Int("astray", len(s.astray.entries)), zap.Int("aggregates", len(waiting)))
	packs := newPacks(now)
	packs.number, packs.spare = s.packs.number, s.packs.spare
	s.packs, s.astray.entries = packs, nil
	return s.repack(waiting)
}

// repack packs what is in aggregates anew, in their order, but for those that are taken where they landed.
func (s *sender) repack(aggregates []*entry) error {
	slices.SortFunc(aggregates, func(a, b *entry) int { return cmp.Compare(a.number, b.number) })
	var splitter kpl.Splitter
	for _, e := range aggregates {
		records, err := unpack(e, &splitter)
		if err != nil {
			return err
		}
		if e.landed != "" && s.packs.shards.takes(e.landed, records) {
			s.took(e, e.landed)
			continue
		}
		for i := range records {
			if err := s.packs.add(s.queue, records[i], e.since); err != nil {
				return err
			}
		}
	}
	return nil
}

// errLags is a list of shards that is older than an answer of PutRecords.
var errLags = errors.New("ListShards does not know yet of the shard that records went to")

// listWith lists the shards until those that entries landed in are among them: before that the list is older than the
// reshard, and what is packed for it would only go astray again.
func (s *sender) listWith(ctx context.Context, entries []*entry) (*shards, error) {
	var found *shards
	err := s.trouble.try(ctx, "ListShards", func() (err error) {
		if found, err = s.stream.list(ctx, s.client); err != nil {
			return err
		}
		if slices.ContainsFunc(entries, func(e *entry) bool { _, ok := found.ranges[e.landed]; return !ok }) {
			return errLags
		}
		return nil
	})
	return found, err
}
