package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/letters"
)

// The log says where reading begins and why, and a start behind `kstream seek` does not speak of where the last run was.
func TestSaysWhereItBegins(t *testing.T) {
	for _, c := range []struct {
		name  string
		last  *checkpoint.Checkpoint
		moved bool
		want  string
	}{
		{"the first start", nil, false, "there is no checkpoint"},
		{"a restart", &checkpoint.Checkpoint{Epoch: 3}, false, "going on from the checkpoint"},
		{"behind a seek of one shard", &checkpoint.Checkpoint{Epoch: 3, Partitions: map[record.PartitionID]record.State{
			"logs/a": {Partition: record.Partition{Stream: "logs", Shard: "a"}, Position: record.Position{Where: record.At, Sequence: "7"}},
			"logs/b": {Partition: record.Partition{Stream: "logs", Shard: "b"}, Position: record.Position{Where: record.After, Sequence: "7"}},
		}}, false, "going on from the checkpoint"},
		{"behind a seek", &checkpoint.Checkpoint{Epoch: 3}, true, "where `kstream seek` put"},
	} {
		core, seen := observer.New(zap.InfoLevel)
		r := &Run{Config: Config{Log: zap.New(core)}, partitions: newPartitions(nil)}
		r.sayStart(c.last, record.Position{Where: record.AtTime, Time: 1}, c.moved)
		if seen.Len() != 1 || !strings.Contains(seen.All()[0].Message, c.want) {
			t.Errorf("%s: the log says %v, want %q", c.name, seen.All(), c.want)
		}
		sought, want := fmt.Sprint(seen.All()[0].ContextMap()["sought"]), "<nil>"
		if c.last != nil && len(c.last.Partitions) > 0 {
			want = "[logs/a:7]"
		}
		if sought != want {
			t.Errorf("%s: the log says that %s were sought, want %s", c.name, sought, want)
		}
		if from := seen.All()[0].ContextMap()["from"]; (from != nil) == (c.want == "going on from the checkpoint") {
			t.Errorf("%s: from is %v", c.name, from)
		}
	}
}

// dated is a store that has outlived the process before.
type dated struct {
	checkpoint.Memory
	at time.Time
}

func (d *dated) Written() time.Time { return d.at }

// A checkpoint that was loaded is as old as when it was saved, before this run has saved one of its own.
func TestAgeOfTheLoadedCheckpoint(t *testing.T) {
	for _, saved := range []time.Time{{}, time.UnixMilli(1_700_000_000_000)} {
		r, err := New(Config{
			Source: newMemory(func() int { return 1 }), Plan: new(plan), Store: &dated{at: saved}, Log: zap.NewNop(), Interval: time.Second,
			Buffer: 1, Parallelism: 1, Sink: Output{Name: "out", Sink: letters.Fail{}, Encode: lineEncoder},
		})
		if err != nil {
			t.Fatal(err)
		}
		r.adopt(&checkpoint.Checkpoint{Epoch: 3})
		if got := r.Stats().Checkpointed; !got.Equal(saved) {
			t.Errorf("it was saved at %v, want %v", got, saved)
		}
	}
}
