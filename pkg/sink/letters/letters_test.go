package letters_test

import (
	"errors"
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
