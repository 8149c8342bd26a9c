package letters_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/letters"
)

func chunk() *record.Chunk {
	c := new(record.Chunk)
	for _, why := range []string{"first", "second"} {
		r := &record.Rejected{
			Record: record.Record{Data: []byte("secret"), Sequence: []byte("42"), Subsequence: 7},
			Stage:  "2:filter", Err: errors.New(why),
		}
		c.Items = append(c.Items, record.Item{Data: letters.Encode(nil, &record.Partition{Stream: "logs", Shard: "shard-1"}, r)})
	}
	return c
}

func TestLogTellsEachAndNoPayload(t *testing.T) {
	core, seen := observer.New(zap.InfoLevel)
	if err := letters.NewLog(zap.New(core)).Write(t.Context(), chunk()); err != nil {
		t.Fatal(err)
	}
	if seen.Len() != 2 {
		t.Fatalf("%d entries, want 2", seen.Len())
	}
	for i, why := range []string{"first", "second"} {
		f := seen.All()[i].ContextMap()
		if f["error"] != why || f["sequence"] != "42" || f["stage"] != "2:filter" || f["shard"] != "shard-1" {
			t.Errorf("got %v", f)
		}
		for _, v := range f {
			if s, ok := v.(string); ok && strings.Contains(s, "secret") {
				t.Errorf("the payload is in the log: %v", f)
			}
		}
	}
}

func TestFailEndsTheRun(t *testing.T) {
	err := letters.Fail{}.Write(t.Context(), chunk())
	if err == nil || !strings.Contains(err.Error(), "42.7 of logs/shard-1") || !strings.Contains(err.Error(), "first") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

// A record that a person had passed by is no reason to end the run; the next one is.
func TestFailPassesWhatIsToBeSkipped(t *testing.T) {
	c := chunk()
	skipped := &record.Rejected{Record: record.Record{Sequence: []byte("41")}, Stage: "skip", Err: record.ErrSkipped}
	c.Items = slices.Insert(c.Items, 0, record.Item{Data: letters.Encode(nil, &record.Partition{Stream: "logs", Shard: "shard-1"}, skipped)})
	if err := (letters.Fail{}).Write(t.Context(), &record.Chunk{Items: c.Items[:1]}); err != nil {
		t.Errorf("a skipped record ended the run: %v", err)
	}
	if err := (letters.Fail{}).Write(t.Context(), c); err == nil || !strings.Contains(err.Error(), "42.7 of logs/shard-1") {
		t.Errorf("got %v, want the letter behind the skipped one", err)
	}
}
