package pipeline

import (
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
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
		{"behind a seek", &checkpoint.Checkpoint{Epoch: 3}, true, "where `kstream seek` put"},
	} {
		core, seen := observer.New(zap.InfoLevel)
		r := &Run{Config: Config{Log: zap.New(core)}, partitions: newPartitions(nil)}
		r.sayStart(c.last, record.Position{Where: record.AtTime, Time: 1}, c.moved)
		if seen.Len() != 1 || !strings.Contains(seen.All()[0].Message, c.want) {
			t.Errorf("%s: the log says %v, want %q", c.name, seen.All(), c.want)
		}
		if from := seen.All()[0].ContextMap()["from"]; (from != nil) == (c.want == "going on from the checkpoint") {
			t.Errorf("%s: from is %v", c.name, from)
		}
	}
}
