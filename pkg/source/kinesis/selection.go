package kinesis

import (
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/record"
)

// listing is the shards of one stream as the service lists them.
type listing struct {
	order   []string            // as listed
	parents map[string][]string // by shard: those that it was split or merged from
}

func newListing(shards []types.Shard) *listing {
	l := &listing{parents: make(map[string][]string, len(shards))}
	for i := range shards {
		id := *shards[i].ShardId
		l.order = append(l.order, id)
		l.parents[id] = parentsOf(&shards[i])
	}
	return l
}

func (l *listing) has(shard string) bool {
	_, ok := l.parents[shard]
	return ok
}

// ancestors returns the shards that any of these came from, themselves not included.
func (l *listing) ancestors(of map[string]bool) map[string]bool {
	all := map[string]bool{}
	var climb func(shard string)
	climb = func(shard string) {
		for _, parent := range l.parents[shard] {
			if !all[parent] {
				all[parent] = true
				climb(parent)
			}
		}
	}
	for shard := range of {
		climb(shard)
	}
	return all
}

// descendants returns these shards and all listed ones that come from them.
func (l *listing) descendants(of map[string]bool) map[string]bool {
	all := map[string]bool{}
	for shard := range of {
		all[shard] = true
	}
	for grown := true; grown; {
		grown = false
		for shard, parents := range l.parents {
			for _, parent := range parents {
				if all[parent] && !all[shard] {
					all[shard], grown = true, true
				}
			}
		}
	}
	return all
}

// choice is one shard to read and where it begins.
type choice struct {
	shard string
	start record.Position
}

// chooseFirst says what to read of a stream of which nothing is known. matching are the shards that may hold what from
// asks for. A shard none of whose parents is read begins at from, every other at its oldest, behind its parents.
func (l *listing) chooseFirst(matching []string, from record.Position, inScope func(string) bool) []choice {
	chosen := map[string]bool{}
	for _, shard := range matching {
		chosen[shard] = inScope(shard)
	}
	var choices []choice
	for _, shard := range matching {
		if !chosen[shard] {
			continue
		}
		c := choice{shard: shard, start: from}
		for _, parent := range l.parents[shard] {
			if chosen[parent] {
				c.start = record.Position{}
			}
		}
		choices = append(choices, c)
	}
	return choices
}

// chooseMore says which listed shards are to be read besides the known ones: all but their ancestors, which lay before
// FROM. They came to be while nobody looked, so that each begins at its oldest.
func (l *listing) chooseMore(known map[string]bool, inScope func(string) bool) []choice {
	before := l.ancestors(known)
	var choices []choice
	for _, shard := range l.order {
		if !known[shard] && !before[shard] && inScope(shard) {
			choices = append(choices, choice{shard: shard})
		}
	}
	return choices
}

// scope narrows shards to those named and what comes from them or from what is known; no names: all.
func (l *listing) scope(names []string, known map[string]bool) func(string) bool {
	if len(names) == 0 {
		return func(string) bool { return true }
	}
	roots := make(map[string]bool, len(names)+len(known))
	for _, name := range names {
		roots[name] = true
	}
	for shard := range known {
		roots[shard] = true
	}
	within := l.descendants(roots)
	return func(shard string) bool { return within[shard] }
}
