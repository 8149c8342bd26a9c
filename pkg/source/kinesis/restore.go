package kinesis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	present := map[string]bool{}
	for i, st := range s.streams {
		held, err := st.restore(ctx, from, byStream[i], present)
		if err != nil {
			return nil, err
		}
		kept = append(kept, held...)
	}
	for _, name := range s.config.Shards {
		if !present[name] {
			return nil, fmt.Errorf("shard %q: no such shard, there are %s", name, summary(present))
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
		if i := s.streamOf(state.Partition); i >= 0 {
			byStream[i] = append(byStream[i], state)
		}
	}
	return byStream, nil
}

// streamOf returns the index of the stream that p is a shard of, -1 where it is none of these.
func (s *Source) streamOf(p record.Partition) int {
	return slices.IndexFunc(s.streams, func(st *stream) bool { return strings.HasPrefix(string(p.ID), st.prefix()) })
}

// Reads implements record.Partial.
func (s *Source) Reads(p record.Partition) bool { return s.streamOf(p) >= 0 }

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
