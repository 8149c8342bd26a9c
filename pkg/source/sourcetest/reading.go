package sourcetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

func readsAllInOrder(t *testing.T, h Harness) {
	s := h.New(t)
	want := fill(t, s, 0, 60)
	j := Start(t, s.Source(t), record.Position{}, nil)
	defer j.Close(t)
	j.ToTip(t)
	if diff := cmp.Diff(want, byKey(j.Got)); diff != "" {
		t.Errorf("records by key (-want +got):\n%s", diff)
	}
	last := map[record.PartitionID]Got{}
	for _, g := range j.Got {
		if before, ok := last[g.Partition]; ok && g.Sequence.Compare(before.Sequence) <= 0 {
			t.Errorf("sequence %s comes behind %s", g.Sequence, before.Sequence)
		}
		if g.Sequence == "" || g.Sequence[0] == '0' || g.Arrival == 0 {
			t.Errorf("record %q: sequence %q, arrival %d", g.Data, g.Sequence, g.Arrival)
		}
		last[g.Partition] = g
	}
	for id, state := range j.States {
		if p := state.Partition; p.ID != id || p.Stream == "" || p.Shard == "" {
			t.Errorf("partition %+v is not named", p)
		}
		if g, ok := last[id]; ok && state.Position != (record.Position{Where: record.After, Sequence: g.Sequence, Subsequence: g.Subsequence}) {
			t.Errorf("%s ends %s, its last record is %s", id, state.Position, g.Sequence)
		}
		if state.HandledTo == 0 {
			t.Errorf("%s does not say how far it has got", id)
		}
	}
}

func startsAtATime(t *testing.T, h Harness) {
	s := h.New(t)
	fill(t, s, 0, 10)
	source := s.Source(t)
	j := Start(t, source, record.Position{}, nil)
	j.ToTip(t)
	j.Close(t)
	latest := record.Millis(0)
	for _, g := range j.Got {
		latest = max(latest, g.Arrival)
	}
	want := map[string]bool{}
	for _, g := range j.Got {
		if g.Arrival >= latest {
			want[g.Data] = true
		}
	}
	again := Start(t, s.Source(t), record.Position{Where: record.AtTime, Time: latest}, nil)
	defer again.Close(t)
	again.ToTip(t)
	got := map[string]bool{}
	for _, g := range again.Got {
		got[g.Data] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("from the last record's time (-want +got):\n%s", diff)
	}
}

func goesOnAtTheTip(t *testing.T, h Harness) {
	s := h.New(t)
	source := s.Source(t)
	if _, err := source.Restore(t.Context(), record.Position{}, nil); err != nil {
		t.Fatal(err)
	}
	now, err := source.Now(t.Context())
	if err != nil || now == 0 {
		t.Fatalf("Now = %d, %v", now, err)
	}
	j := Start(t, s.Source(t), record.Position{Where: record.AtTime, Time: now}, nil)
	defer j.Close(t)
	j.ToTip(t)
	for round := range 3 {
		want := fill(t, s, 100*round, 10)
		j.Got = nil
		j.ToTip(t)
		if diff := cmp.Diff(want, byKey(j.Got)); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

func settlesItsCredit(t *testing.T, h Harness) {
	s := h.New(t)
	fill(t, s, 0, 30)
	credit := &countedCredit{}
	j := Start(t, s.Source(t), record.Position{}, nil)
	defer j.Close(t)
	for _, id := range j.order {
		page := record.NewPage(credit)
		if err := j.ReadPage(t.Context(), id, page); err != nil {
			t.Fatal(err)
		}
		held := 0
		for i := range page.Records {
			held += len(page.Records[i].Data)
		}
		if page.Held() < held || page.Held() != credit.held {
			t.Errorf("a page of %d bytes of payload holds credit for %d, %d is taken", held, page.Held(), credit.held)
		}
		if page.Reset(); credit.held != 0 {
			t.Errorf("%d bytes of credit stay taken", credit.held)
		}
	}
	if credit.calls == 0 {
		t.Error("read without credit")
	}
}

type countedCredit struct{ held, calls int }

func (c *countedCredit) Acquire(ctx context.Context, n int) (waited bool, err error) {
	c.calls++
	c.held += n
	return false, ctx.Err()
}

func (c *countedCredit) Adjust(delta int) { c.held += delta }
