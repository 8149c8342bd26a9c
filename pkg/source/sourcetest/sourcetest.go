package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// Harness drives one backend through the suite.
type Harness struct {
	// New makes an empty stream of two partitions.
	New func(t *testing.T) Stream
	// Run runs one test of the suite; nil: as a plain subtest. A backend that has a clock of its own wraps it.
	Run func(t *testing.T, test func(t *testing.T))
	// Skip names the tests that a server under the backend can't pass, each with its fault.
	Skip map[string]string
}

// Stream is a stream under test.
type Stream interface {
	// Source returns a new source of the stream, as another process would make it.
	Source(t *testing.T) record.Source
	// Put writes a record with this key.
	Put(t *testing.T, key, data string)
	// Reshard splits or merges partitions, so that some end and others follow; false where there is no such thing.
	Reshard(t *testing.T) bool
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"ReadsAllInOrder", readsAllInOrder},
		{"ResumesBehindEachRecord", resumesBehindEachRecord},
		{"ResumesAtARecord", resumesAtARecord},
		{"StartsAtATime", startsAtATime},
		{"GoesOnAtTheTip", goesOnAtTheTip},
		{"EndsWithChildren", endsWithChildren},
		{"KnowsWhatItKnows", knowsWhatItKnows},
		{"CancelLosesNothing", cancelLosesNothing},
		{"SettlesItsCredit", settlesItsCredit},
	} {
		t.Run(test.name, func(t *testing.T) {
			if why, skip := h.Skip[test.name]; skip {
				t.Skip(why)
			}
			run := h.Run
			if run == nil {
				run = func(t *testing.T, test func(t *testing.T)) { test(t) }
			}
			run(t, func(t *testing.T) { test.run(t, h) })
		})
	}
}

// fill writes n records over several keys and returns their payloads by key.
func fill(t *testing.T, s Stream, from, n int) map[string][]string {
	t.Helper()
	want := map[string][]string{}
	for i := from; i < from+n; i++ {
		key, data := fmt.Sprintf("key-%d", i%5), fmt.Sprintf("record %d", i)
		s.Put(t, key, data)
		want[key] = append(want[key], data)
	}
	return want
}

func byKey(got []Got) map[string][]string {
	keys := map[string][]string{}
	for _, g := range got {
		keys[g.Key] = append(keys[g.Key], g.Data)
	}
	return keys
}

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

// rest returns what a fresh source reads behind or at position of one partition, with the others left as j left them.
func rest(t *testing.T, s Stream, j *Job, id record.PartitionID, p record.Position) []string {
	t.Helper()
	known := j.Known()
	for i := range known {
		if known[i].Partition.ID == id {
			known[i].Position = p
		}
	}
	again := Start(t, s.Source(t), record.Position{}, known)
	defer again.Close(t)
	again.ToTip(t)
	for other, data := range again.Data() {
		if other != id {
			t.Errorf("%s gave %q again", other, data)
		}
	}
	return again.Data()[id]
}

func resumesBehindEachRecord(t *testing.T, h Harness) { resumes(t, h, record.After) }

func resumesAtARecord(t *testing.T, h Harness) { resumes(t, h, record.At) }

func resumes(t *testing.T, h Harness, where record.Where) {
	s := h.New(t)
	fill(t, s, 0, 20)
	j := Start(t, s.Source(t), record.Position{}, nil)
	j.ToTip(t)
	j.Close(t)
	of := j.Data()
	index := map[record.PartitionID]int{}
	for _, g := range j.Got {
		i := index[g.Partition]
		index[g.Partition]++
		if i%3 != 0 {
			continue
		}
		want := of[g.Partition][i:]
		if where == record.After {
			want = want[1:]
		}
		got := rest(t, s, j, g.Partition, record.Position{Where: where, Sequence: g.Sequence, Subsequence: g.Subsequence})
		if !slices.Equal(got, want) {
			t.Errorf("record %d: going on gives %q, want %q", i, got, want)
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

func endsWithChildren(t *testing.T, h Harness) {
	s := h.New(t)
	want := fill(t, s, 0, 20)
	j := Start(t, s.Source(t), record.Position{}, nil)
	defer j.Close(t)
	j.ToTip(t)
	if !s.Reshard(t) {
		t.Skip("this source's partitions do not end")
	}
	for key, more := range fill(t, s, 20, 20) {
		want[key] = append(want[key], more...)
	}
	j.ToTip(t)
	if diff := cmp.Diff(want, byKey(j.Got)); diff != "" {
		t.Errorf("records by key over a reshard (-want +got):\n%s", diff)
	}
	ended := 0
	for id, state := range j.States {
		if state.Position.Where != record.Ended {
			continue
		}
		ended++
		if len(state.Children) == 0 {
			t.Errorf("%s ended without children", id)
		}
		for _, child := range state.Children {
			if !slices.Contains(j.States[child].Partition.Parents, id) || j.States[child].Partition.Start != (record.Position{}) {
				t.Errorf("child %+v of %s", j.States[child].Partition, id)
			}
		}
		if err := j.readers[id].Read(t.Context(), record.NewPage(nil)); !errors.Is(err, io.EOF) {
			t.Errorf("reading %s behind its end: %v, want io.EOF", id, err)
		}
	}
	if ended == 0 {
		t.Error("no partition ended")
	}
}

func knowsWhatItKnows(t *testing.T, h Harness) {
	s := h.New(t)
	fill(t, s, 0, 20)
	j := Start(t, s.Source(t), record.Position{}, nil)
	j.ToTip(t)
	if s.Reshard(t) {
		j.ToTip(t)
	}
	j.Close(t)
	source := s.Source(t)
	kept, err := source.Restore(t.Context(), record.Position{}, j.Known())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(j.Known(), kept); diff != "" {
		t.Errorf("states that still hold (-want +got):\n%s", diff)
	}
	if fresh := Fresh(t, source, settle); len(fresh) > 0 {
		t.Errorf("announced though they are known: %v", fresh)
	}
}

func cancelLosesNothing(t *testing.T, h Harness) {
	s := h.New(t)
	want := fill(t, s, 0, 30)
	j := Start(t, s.Source(t), record.Position{}, nil)
	defer j.Close(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, id := range j.order {
		page := record.NewPage(nil)
		if err := j.ReadPage(ctx, id, page); !errors.Is(err, context.Canceled) {
			t.Errorf("a read that was cancelled: %v", err)
		}
	}
	j.Close(t)
	j.ToTip(t)
	if diff := cmp.Diff(want, byKey(j.Got)); diff != "" {
		t.Errorf("records by key (-want +got):\n%s", diff)
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

func (c *countedCredit) Acquire(ctx context.Context, n int) error {
	c.calls++
	c.held += n
	return ctx.Err()
}

func (c *countedCredit) Adjust(delta int) { c.held += delta }
