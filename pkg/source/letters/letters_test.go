package letters

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

func letter(stream, shard string, n int, data string) *envelope.Letter {
	return &envelope.Letter{Stream: stream, Shard: shard, Record: record.Record{
		Data: []byte(data), Key: fmt.Append(nil, "key-", n%3), Sequence: fmt.Append(nil, n), Subsequence: uint32(n % 2), Arrival: record.Millis(1000 + n),
	}}
}

// read returns everything that a source of s gives.
func read(t *testing.T, s *Spool) []sourcetest.Got {
	t.Helper()
	j := sourcetest.Start(t, New(s), record.Position{}, nil)
	defer j.Close(t)
	j.ToTip(t)
	for id, state := range j.States {
		if state.Position.Where != record.Ended {
			t.Errorf("%s is at %s, want ended", id, state.Position)
		}
	}
	return j.Got
}

// Each origin's letters come back as they were and in order, wherever the cuts between memory and disk fall.
func TestOriginsKeepTheirOrder(t *testing.T) {
	for _, limit := range []int{1, 100, 1000, heldBytes} {
		s := NewSpool()
		s.limit = limit
		want := map[record.PartitionID][]sourcetest.Got{}
		for n := 1; n <= 300; n++ {
			l := letter("logs", fmt.Sprint("shard-", n%4), n, fmt.Sprint("payload ", n))
			if n%7 == 0 {
				l.Stream = "other"
			}
			if isNew, err := s.Add(l); !isNew || err != nil {
				t.Fatalf("adding letter %d: %t, %v", n, isNew, err)
			}
			id := origin{l.Stream, l.Shard}.id()
			want[id] = append(want[id], sourcetest.Got{
				Partition: id, Sequence: record.Sequence(l.Record.Sequence), Subsequence: l.Record.Subsequence,
				Key: string(l.Record.Key), Data: string(l.Record.Data), Arrival: l.Record.Arrival,
			})
		}
		got := map[record.PartitionID][]sourcetest.Got{}
		for _, g := range read(t, s) {
			got[g.Partition] = append(got[g.Partition], g)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d: put in (-) and read (+):\n%s", limit, diff)
		}
		if onDisk := s.file != nil; onDisk != (limit < heldBytes) {
			t.Errorf("limit %d: there is a file: %t", limit, onDisk)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A record of which several parts failed has several letters, and is replayed once; another time it failed is another letter.
func TestPartsOfOneRecord(t *testing.T) {
	s := NewSpool()
	var fresh []bool
	for _, n := range []int{4, 4, 4, 5, 4} {
		isNew, err := s.Add(letter("logs", "a", n, "x"))
		if err != nil {
			t.Fatal(err)
		}
		fresh = append(fresh, isNew)
	}
	if diff := cmp.Diff([]bool{true, false, false, true, true}, fresh); diff != "" {
		t.Error(diff)
	}
	if got := read(t, s); len(got) != 3 {
		t.Errorf("%d records, want 3", len(got))
	}
}

// A letter of one origin lies between those of others, also where one is larger than all that is held.
func TestLargeLetters(t *testing.T) {
	s := NewSpool()
	big := bytes.Repeat([]byte("x"), heldBytes+1)
	for n, data := range []string{"small", string(big), "", "end"} {
		if _, err := s.Add(letter("logs", "a", n+1, data)); err != nil {
			t.Fatal(err)
		}
	}
	got := read(t, s)
	if len(got) != 4 || got[1].Data != string(big) || got[2].Data != "" || got[3].Data != "end" {
		t.Errorf("%d letters came back, or not as they were", len(got))
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Names that look the same when put together are still two origins.
func TestOriginsAreToldApart(t *testing.T) {
	s := NewSpool()
	for _, o := range []origin{{"a", "b/c"}, {"a/b", "c"}} {
		if _, err := s.Add(letter(o.stream, o.shard, 1, "x")); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, s); len(got) != 2 {
		t.Errorf("%d records, want one of each origin", len(got))
	}
}

func TestNoLetters(t *testing.T) {
	if got := read(t, NewSpool()); len(got) != 0 {
		t.Errorf("got %v of nothing", got)
	}
}

func TestNoCheckpointHolds(t *testing.T) {
	known := []record.State{{Partition: record.Partition{ID: "letters:logs/a"}}}
	if _, err := New(NewSpool()).Restore(t.Context(), record.Position{}, known); err == nil {
		t.Error("a checkpoint was taken up")
	}
}

// What was damaged on disk is an error, and no record.
func TestDamage(t *testing.T) {
	whole := appendRecord(nil, &letter("logs", "a", 7, "payload").Record)
	for n := range whole {
		if r, _, err := readRecord(whole[:n]); err == nil {
			t.Errorf("%d bytes of %d gave %v", n, len(whole), r)
		}
	}
	for range 1000 {
		torn := bytes.Clone(whole)
		torn[rand.IntN(len(torn))] ^= 1 << rand.IntN(8)
		if r, rest, err := readRecord(torn); err == nil && r.Size()+len(rest) > len(torn) {
			t.Fatalf("%x gave more than there was: %v", torn, r)
		}
	}
}
