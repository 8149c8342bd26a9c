package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

func part(id string, parents ...string) record.Partition {
	p := record.Partition{ID: record.PartitionID(id), Shard: id}
	for _, parent := range parents {
		p.Parents = append(p.Parents, record.PartitionID(parent))
	}
	return p
}

func opened(ps *partitions) (ids []string) {
	for _, s := range ps.open() {
		ids = append(ids, string(s.Partition.ID))
	}
	return ids
}

func finish(ps *partitions, id string, where record.Where, children ...record.Partition) {
	s := ps.entries[record.PartitionID(id)].state
	s.Position = record.Position{Where: where}
	ps.finish(s, children)
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

// The life of a family: a splits into c and d, b and d merge into e, whose announcement by b comes before d has begun.
func TestPartitionsOpenBehindTheirParents(t *testing.T) {
	ps := newPartitions(nil)
	ps.add(part("a"))
	ps.add(part("b"))
	expect(t, "at the start", opened(ps), "a", "b")
	expect(t, "asked again", opened(ps))
	finish(ps, "b", record.Ended, part("e", "b", "d"), part("d", "a"))
	expect(t, "b has ended, a has not", opened(ps))
	finish(ps, "a", record.Ended, part("c", "a"), part("d", "a"))
	expect(t, "a has ended", opened(ps), "d", "c")
	finish(ps, "d", record.Ended, part("e", "b", "d"))
	expect(t, "both parents of e have ended", opened(ps), "e")
	if got := ps.states()["b"].Children; len(got) != 1 || got[0] != "e" {
		t.Errorf("the children of b are %v, want e alone", got)
	}
	if ps.running != 2 {
		t.Errorf("%d are running, want c and e", ps.running)
	}
}

func TestPartitionsOfOtherJobsAreNotWaitedFor(t *testing.T) {
	ps := newPartitions(nil)
	ps.add(part("child", "expired"))
	expect(t, "a parent that nobody knows", opened(ps), "child")
}

// UNTIL cuts a parent: its children stay closed, in this run and the saved state.
func TestPartitionsBehindUntil(t *testing.T) {
	ps := newPartitions([]record.State{
		{Partition: part("a"), Begun: true, Position: record.Position{Where: record.After, Sequence: "7"}},
		{Partition: part("c", "a")},
		{Partition: part("gone"), Begun: true, Position: record.Position{Where: record.Ended}},
		{Partition: part("heir", "gone")},
	})
	expect(t, "after a restart", opened(ps), "a", "heir")
	finish(ps, "a", record.After)
	finish(ps, "heir", record.After)
	expect(t, "a was cut, it has not ended", opened(ps))
	if ps.running != 0 {
		t.Errorf("%d are running, want none", ps.running)
	}
}

// An idle shard's clock alone is written once a minute.
func TestPartitionsHold(t *testing.T) {
	ps := newPartitions(nil)
	ps.add(part("a"))
	ps.open()
	s := ps.entries["a"].state
	for _, c := range []struct {
		handledTo record.Millis
		sequence  record.Sequence
		want      record.Millis
	}{
		{100_000, "1", 100_000},
		{159_999, "1", 100_000},
		{160_000, "1", 160_000},
		{160_001, "2", 160_001},
	} {
		s.HandledTo, s.Position = c.handledTo, record.Position{Where: record.After, Sequence: c.sequence}
		ps.hold(s)
		if got := ps.states()["a"]; got.HandledTo != c.want || got.Position.Sequence != c.sequence {
			t.Errorf("handled to %d at %s is kept as %d at %s, want %d", c.handledTo, c.sequence, got.HandledTo, got.Position.Sequence, c.want)
		}
	}
}
