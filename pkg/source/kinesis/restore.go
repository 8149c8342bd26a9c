package kinesis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// Restore implements record.Source.
func (s *Source) Restore(ctx context.Context, from record.Position, known []record.State) ([]record.State, error) {
	if err := s.checkFrom(from); err != nil {
		return nil, err
	}
	byStream, err := s.sortStates(ctx, known)
	if err != nil {
		return nil, err
	}
	var kept []record.State
	listed := map[string]bool{}
	for i, st := range s.streams {
		held, names, err := st.restore(ctx, from, byStream[i])
		if err != nil {
			return nil, err
		}
		kept = append(kept, held...)
		for _, name := range names {
			listed[name] = true
		}
	}
	for _, name := range s.config.Shards {
		if !listed[name] {
			return nil, fmt.Errorf("shard %q: no such shard, there are %s", name, summary(listed))
		}
	}
	s.restored = true
	return kept, nil
}

func (s *Source) checkFrom(from record.Position) error {
	switch from.Where {
	case record.Oldest, record.AtTime:
		return nil
	case record.At:
		if len(s.config.Shards) == 1 && len(s.streams) == 1 {
			return nil
		}
		return errors.New("starting at a sequence number: it needs exactly one stream and one shard")
	}
	return fmt.Errorf("starting %s: not a place where a stream can begin", from)
}

// sortStates describes all streams and puts each known state to its own.
func (s *Source) sortStates(ctx context.Context, known []record.State) ([][]record.State, error) {
	byStream := make([][]record.State, len(s.streams))
	seen := map[string]string{}
	for _, st := range s.streams {
		if err := st.describe(ctx); err != nil {
			return nil, err
		}
		if other, twice := seen[st.prefix()]; twice {
			return nil, fmt.Errorf("streams %s and %s are the same", other, st.ref)
		}
		seen[st.prefix()] = st.ref
	}
	for _, state := range known {
		i := slices.IndexFunc(s.streams, func(st *stream) bool {
			return strings.HasPrefix(string(state.Partition.ID), st.prefix())
		})
		if i < 0 {
			s.log.Warn("the checkpoint knows a shard of a stream that is not read any more, forgetting it",
				zap.Stringer("shard", &state.Partition))
			continue
		}
		byStream[i] = append(byStream[i], state)
	}
	return byStream, nil
}

// restore settles what of the known states still holds, and puts what is to be read besides them into fresh. It returns
// the names of the shards there are, too.
func (st *stream) restore(ctx context.Context, from record.Position, known []record.State) ([]record.State, []string, error) {
	shards, err := st.list(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	all := newListing(shards)
	if st.madeAnew(known) {
		st.addFresh(all, all.chooseFirst(all.order, record.Position{}, all.scope(st.source.config.Shards, nil)))
		return nil, all.order, nil
	}
	if len(known) == 0 {
		matching, err := st.matching(ctx, all, from)
		if err != nil {
			return nil, nil, err
		}
		st.addFresh(all, all.chooseFirst(matching, from, st.firstScope(all, from)))
		return nil, all.order, nil
	}
	kept, names := st.keepListed(all, known)
	st.addFresh(all, all.chooseMore(names, all.scope(st.source.config.Shards, names)))
	for shard := range names {
		all.order = append(all.order, shard) // one that was named, and is gone, was there
	}
	return kept, all.order, nil
}

func (st *stream) firstScope(all *listing, from record.Position) func(string) bool {
	names := st.source.config.Shards
	if from.Where == record.At {
		return func(shard string) bool { return shard == names[0] } // its children come with its last page
	}
	return all.scope(names, nil)
}

// matching returns the shards that may hold what from asks for.
func (st *stream) matching(ctx context.Context, all *listing, from record.Position) ([]string, error) {
	if from.Where != record.AtTime {
		return all.order, nil
	}
	since := min(from.Time, st.source.clock.now().Add(-clockSlack)).Time()
	shards, err := st.list(ctx, &types.ShardFilter{Type: types.ShardFilterTypeFromTimestamp, Timestamp: &since})
	if err != nil {
		return nil, err
	}
	order := newListing(shards).order
	for _, shard := range order {
		if !all.has(shard) { // it appeared between the two calls
			all.order = append(all.order, shard)
		}
	}
	for i := range shards {
		all.parents[*shards[i].ShardId] = parentsOf(&shards[i])
	}
	return order, nil
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

// summary names up to five of the shards there are.
func summary(shards map[string]bool) string {
	if len(shards) == 0 {
		return "none"
	}
	names := make([]string, 0, len(shards))
	for name := range shards {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 5 {
		return fmt.Sprintf("%s … %s", strings.Join(names[:4], ", "), names[len(names)-1])
	}
	return strings.Join(names, ", ")
}

// clockSlack keeps times that are sent to the service in its past: it refuses those ahead of its clock, which is known to
// a second or so.
const clockSlack = 2 * time.Second
