package kinesis

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// auditInterval is how often the shards are listed while children are announced by their parents' last pages anyway:
// KCL's leader does it every two minutes. The jitter keeps many processes apart.
const (
	auditInterval = 3 * time.Minute
	auditJitter   = time.Minute
)

// Partitions implements record.Source. Behind the first call it looks now and then for shards that no page announced:
// that should find none, but a shard that was missed would be lost for good.
func (s *Source) Partitions(ctx context.Context) ([]record.Partition, error) {
	if !s.restored {
		return nil, errors.New("listing partitions: the source was not restored")
	}
	if !s.announced {
		s.announced = true
		return s.fresh, nil
	}
	for {
		if err := awserror.Pause(ctx, auditInterval+rand.N(auditJitter)); err != nil {
			return nil, err
		}
		var found []record.Partition
		for _, st := range s.streams {
			more, err := st.audit(ctx)
			if err != nil {
				return nil, err
			}
			found = append(found, more...)
		}
		if len(found) > 0 {
			return found, nil
		}
	}
}

// audit returns the listed shards that this job does not know and that no reader is about to announce.
func (st *stream) audit(ctx context.Context) ([]record.Partition, error) {
	if err := st.describe(ctx); err != nil {
		return nil, err
	}
	shards, err := st.list(ctx, nil)
	if err != nil {
		return nil, err
	}
	listed := newListing(shards)
	var found []record.Partition
	for _, shard := range st.missed(listed) {
		found = append(found, st.partition(shard, listed.parents[shard], record.Position{}))
	}
	return found, nil
}

// missed marks and returns those shards, and forgets the ones that are no longer listed and not read any more.
func (st *stream) missed(listed *listing) []string {
	st.mu.Lock()
	defer st.mu.Unlock()
	var missed []string
	for _, shard := range listed.order {
		if st.progress[shard] == unknown && st.expectedLocked(listed.parents[shard]) {
			missed = append(missed, shard)
		}
	}
	for _, shard := range missed {
		st.progress[shard] = active
	}
	for shard, p := range st.progress {
		if p != active && !listed.has(shard) {
			delete(st.progress, shard)
			delete(st.ranges, shard)
			delete(st.closed, shard)
		}
	}
	return missed
}

// expectedLocked tells whether a shard with these parents is this job's and should have been announced by now.
func (st *stream) expectedLocked(parents []string) bool {
	is := func(p progress) func(string) bool {
		return func(parent string) bool { return st.progress[parent] == p }
	}
	if slices.ContainsFunc(parents, is(active)) {
		return false // its last page will name the child
	}
	return len(st.source.config.Shards) == 0 || slices.ContainsFunc(parents, is(done))
}

// largest returns the bytes of the largest payload that the stream takes.
func (st *stream) largest() int {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.maxRecord
}
