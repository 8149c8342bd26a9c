package kinesis

import (
	"context"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// elders adds to p the ancestors of its Children that nobody has announced yet and that this job will come to: of a merged
// shard the other parent may be a shard that was split off while its own parent is still being read. Without it the child
// would not know that it has to wait.
func (r *reader) elders(ctx context.Context, p *record.Page, parents [][]string) error {
	if !r.stream.strangers(parents) {
		return nil
	}
	shards, err := r.stream.list(ctx, nil)
	if err != nil {
		return err
	}
	listed := newListing(shards)
	for _, shard := range r.stream.expectElders(listed, parents) {
		p.Children = append(p.Children, r.stream.partition(shard, listed.parents[shard], record.Position{}))
	}
	return nil
}

// strangers tells whether nothing is known of some of these parents.
func (st *stream) strangers(parents [][]string) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, of := range parents {
		for _, parent := range of {
			if st.progress[parent] == unknown {
				return true
			}
		}
	}
	return false
}

// expectElders marks and returns the unknown shards among these parents and their ancestors that come from a shard that is
// known. One that comes from none lay before FROM, or outside of what is read.
func (st *stream) expectElders(listed *listing, parents [][]string) (found []string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	var climb func(shard string) (comes bool)
	climb = func(shard string) (comes bool) {
		if st.progress[shard] != unknown {
			return true
		}
		for _, parent := range listed.parents[shard] {
			comes = climb(parent) || comes
		}
		if comes {
			found = append(found, shard)
			st.progress[shard] = active
		}
		return comes
	}
	for _, of := range parents {
		for _, parent := range of {
			climb(parent)
		}
	}
	return found
}

// shardsOf returns the shards' names in these partitions' IDs.
func (st *stream) shardsOf(ids []record.PartitionID) []string {
	shards := make([]string, len(ids))
	for i, id := range ids {
		shards[i] = strings.TrimPrefix(string(id), st.prefix())
	}
	return shards
}
