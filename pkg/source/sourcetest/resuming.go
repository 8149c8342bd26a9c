package sourcetest

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

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
