package kinesis

import (
	"context"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// clockSlack keeps times that are sent to the service in its past: it refuses those ahead of its clock, which is known to
// a second or so.
const clockSlack = 2 * time.Second

// restore settles what of the known states still holds, and puts what is to be read besides them into fresh. It adds the
// names of the shards there are, or were, to present.
func (st *stream) restore(ctx context.Context, from record.Position, known []record.State, present map[string]bool) ([]record.State, error) {
	matching, err := st.matching(ctx, from, known)
	if err != nil {
		return nil, err
	}
	shards, err := st.list(ctx, nil)
	if err != nil {
		return nil, err
	}
	all := newListing(shards)
	for _, shard := range all.order {
		present[shard] = true
	}
	switch {
	case st.madeAnew(known):
		st.addFresh(all, all.chooseFirst(all.order, record.Position{}, all.scope(st.source.config.Shards, nil)))
		return nil, nil
	case len(known) == 0:
		if matching == nil {
			matching = all
		}
		st.addFresh(all, all.chooseFirst(matching.order, from, st.firstScope(all, from)))
		return nil, nil
	}
	kept, names := st.keepListed(all, known)
	st.addFresh(all, all.chooseMore(names, all.scope(st.source.config.Shards, names)))
	maps.Copy(present, names)
	return kept, nil
}

func (st *stream) firstScope(all *listing, from record.Position) func(string) bool {
	names := st.source.config.Shards
	if from.Where == record.At {
		return func(shard string) bool { return shard == names[0] } // its children come with its last page
	}
	return all.scope(names, nil)
}

// matching returns the shards that may hold what arrived at from's time or later; nil: there is nothing to narrow down.
// They are listed ahead of all shards: one that appears in between has a parent among them.
func (st *stream) matching(ctx context.Context, from record.Position, known []record.State) (*listing, error) {
	if from.Where != record.AtTime || len(known) > 0 {
		return nil, nil
	}
	since := min(from.Time, st.source.clock.now().Add(-clockSlack)).Time()
	shards, err := st.list(ctx, &types.ShardFilter{Type: types.ShardFilterTypeFromTimestamp, Timestamp: &since})
	if err != nil {
		return nil, err
	}
	return newListing(shards), nil
}

// addFresh announces the chosen shards; the others are none of this job's.
func (st *stream) addFresh(all *listing, choices []choice) {
	for _, shard := range all.order {
		st.mu.Lock()
		if st.progress[shard] == unknown {
			st.progress[shard] = outside
		}
		st.mu.Unlock()
	}
	for _, c := range choices {
		st.mark(c.shard, active)
		st.source.fresh = append(st.source.fresh, st.partition(c.shard, all.parents[c.shard], c.start))
	}
}

// madeAnew tells a stream that was deleted and made again under its name from the one that the states are of.
func (st *stream) madeAnew(known []record.State) bool {
	st.mu.Lock()
	created := st.created
	st.mu.Unlock()
	for i := range known {
		if was := known[i].Partition.Created; !sameCreation(was, created) {
			st.source.log.Warn("the stream was deleted and made anew, reading the new one from its oldest record",
				zap.String("stream", st.name), zap.Time("was_created", was.Time()), zap.Time("is_created", created.Time()))
			return true
		}
	}
	return false
}

// keepListed returns the states whose shards are still listed, and the names of all known shards. A shard that is gone
// and had not been read to its end has lost records.
func (st *stream) keepListed(all *listing, known []record.State) (kept []record.State, names map[string]bool) {
	names = make(map[string]bool, len(known))
	for _, state := range known {
		shard := state.Partition.Shard
		names[shard] = true
		ended := state.Position.Where == record.Ended
		switch {
		case all.has(shard) && ended:
			st.mark(shard, done)
			kept = append(kept, state)
		case all.has(shard):
			st.mark(shard, active)
			kept = append(kept, state)
		case !ended:
			st.lostShard(shard, state.HandledTo)
		}
	}
	return kept, names
}
