package kinesis

import (
	"context"
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// Open implements record.Source. It calls the service only for a shard of which nothing is known yet: its first Read asks
// for the iterator.
func (s *Source) Open(ctx context.Context, state record.State) (record.Reader, error) {
	for _, st := range s.streams {
		if shard, ok := strings.CutPrefix(string(state.Partition.ID), st.prefix()); ok {
			return openReader(ctx, st, shard, state)
		}
	}
	return nil, fmt.Errorf("opening shard %s: its stream is not one of the source's", &state.Partition)
}

// openReader returns a reader of the shard, which begins at state's position.
func openReader(ctx context.Context, st *stream, shard string, state record.State) (*reader, error) {
	c := &st.source.config
	r := &reader{
		stream: st, shard: shard, hashes: kpl.All, split: c.Deaggregation != DeaggregateNothing,
		position: state.Position, handledTo: state.HandledTo, resumed: true,
		pace:  pace{share: c.ReadShare, interval: c.PollInterval},
		ended: state.Position.Where == record.Ended,
	}
	if !state.Begun {
		r.position = state.Partition.Start
	}
	switch r.position.Where {
	case record.Latest:
		return nil, fmt.Errorf("opening shard %s/%s: latest is no position, only a time is", st.name, shard)
	case record.After:
		r.saved = r.position.Sequence
	}
	if c.Deaggregation == Deaggregate {
		hashes, err := st.hashRange(ctx, shard)
		if err != nil {
			return nil, err
		}
		r.hashes = hashes
	}
	if !r.ended {
		st.mark(shard, active)
	}
	st.source.calls.readers.Add(1)
	return r, nil
}

// hashRange returns the hash keys that the shard takes, and all of them where the stream does not go by keys or does not
// list the shard.
func (st *stream) hashRange(ctx context.Context, shard string) (kpl.Range, error) {
	for listed := false; ; listed = true {
		st.mu.Lock()
		hashes, ok := st.ranges[shard]
		auto := st.auto
		st.mu.Unlock()
		switch {
		case auto:
			return kpl.All, nil
		case ok:
			return hashes, nil
		case listed:
			return kpl.All, nil
		}
		if _, err := st.list(ctx, nil); err != nil {
			return kpl.Range{}, err
		}
	}
}
