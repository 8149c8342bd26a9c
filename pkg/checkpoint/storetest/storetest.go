// Package storetest is the conformance suite of checkpoint.Store: every store passes it.
package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// Open opens the same store again and again: what one saved the next one loads.
type Open func(t *testing.T) checkpoint.Store

// Run runs the suite. fresh returns an Open of a store that holds nothing.
func Run(t *testing.T, fresh func(t *testing.T) Open) {
	t.Run("nothing saved is nil", func(t *testing.T) {
		s := fresh(t)(t)
		defer closeStore(t, s)
		if c := load(t, s); c != nil {
			t.Fatalf("got %v, want nil", c)
		}
	})
	t.Run("the last one saved is loaded", func(t *testing.T) {
		open := fresh(t)
		for epoch := range record.Epoch(4) {
			s := open(t)
			load(t, s)
			want := sample(epoch)
			if err := s.Save(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			closeStore(t, s)
			s = open(t)
			if diff := cmp.Diff(want, load(t, s)); diff != "" {
				t.Fatalf("epoch %d: saved and loaded differ:\n%s", epoch, diff)
			}
			closeStore(t, s)
		}
	})
	t.Run("what is gone from a checkpoint is gone", func(t *testing.T) {
		open := fresh(t)
		s := open(t)
		load(t, s)
		first, second := sample(1), sample(2)
		delete(second.Partitions, "b")
		delete(second.Outputs, "late")
		for _, c := range []*checkpoint.Checkpoint{first, second} {
			if err := s.Save(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		closeStore(t, s)
		s = open(t)
		defer closeStore(t, s)
		if diff := cmp.Diff(second, load(t, s)); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("a saved checkpoint is the store's own", func(t *testing.T) {
		open := fresh(t)
		s := open(t)
		load(t, s)
		c := sample(1)
		if err := s.Save(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		c.Outputs["sink"][0] = 'X'
		c.Partitions["a"] = record.State{}
		closeStore(t, s)
		s = open(t)
		defer closeStore(t, s)
		if diff := cmp.Diff(sample(1), load(t, s)); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("keyed state", func(t *testing.T) { runState(t, fresh(t)) })
}

func sample(e record.Epoch) *checkpoint.Checkpoint {
	c := &checkpoint.Checkpoint{
		Epoch: e,
		From:  record.Position{Where: record.AtTime, Time: 1_700_000_000_123},
		Until: &checkpoint.Until{Setting: "now", Time: 1_700_000_100_000},
		Partitions: map[record.PartitionID]record.State{
			"a": {
				Partition: record.Partition{ID: "a", Stream: "s", Shard: "0", Created: 5},
				Begun:     true, HandledTo: 77, Event: 66,
				Position: record.Position{Where: record.After, Sequence: "49590338271490256608559692538361571095921575989136588898", Subsequence: uint32(e)},
			},
			"b": {
				Partition: record.Partition{ID: "b", Stream: "s", Shard: "1", Parents: []record.PartitionID{"a"}},
				Begun:     true, Children: []record.PartitionID{"c"},
				Position: record.Position{Where: record.Ended},
			},
			"c": {Partition: record.Partition{ID: "c", Stream: "s", Shard: "2", Parents: []record.PartitionID{"b"}}},
		},
		Watermarks: map[string]record.Millis{"4": 1234},
		Counts:     map[string]int64{"0": 10 * int64(e)},
		Outputs:    map[string]record.Token{"sink": record.Token("{}"), "late": record.Token("x")},
		Chain:      []string{"dedupe id, within 1h"},
		Dropped:    e%2 == 1,
		Moved:      []record.Partition{{ID: "logs/a", Stream: "logs", Shard: "a", Parents: []record.PartitionID{"logs/b"}}},
	}
	return c
}

func load(t *testing.T, s checkpoint.Store) *checkpoint.Checkpoint {
	t.Helper()
	c, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func closeStore(t *testing.T, s checkpoint.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
