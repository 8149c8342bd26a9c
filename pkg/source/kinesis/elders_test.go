package kinesis

import (
	"slices"
	"testing"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// TestMergedShardIsAnnouncedWithItsOtherParent: shard 0 is split into 2 and 3, then 3 and 1 are merged into 4. Whoever
// reads shard 1 to its end before shard 0 hears of 4, and has to hear of 3, or 4 would be read ahead of 3.
func TestMergedShardIsAnnouncedWithItsOtherParent(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		j := sourcetest.Start(w.T, w.source(nil), record.Position{}, nil)
		w.put(0, "old")
		_, right, err := w.server.Split(logs, shardName(0))
		w.must(err)
		if _, err = w.server.Merge(logs, right, shardName(1)); err != nil {
			w.Fatal(err)
		}
		var page *record.Page
		for page == nil || page.End.Where != record.Ended {
			page = record.NewPage(nil)
			w.must(j.ReadPage(w.Context(), w.id(1), page))
		}
		var shards []string
		for _, c := range page.Children {
			shards = append(shards, c.Shard)
		}
		if slices.Sort(shards); !slices.Equal(shards, []string{shardName(3), shardName(4)}) {
			w.Fatalf("the last page of shard 1 announces %v, want 3 and 4", shards)
		}
		for _, c := range page.Children {
			if c.Shard == shardName(3) && !slices.Equal(c.Parents, []record.PartitionID{w.id(0)}) {
				w.Errorf("the parents of shard 3 are %v, want 0", c.Parents)
			}
		}
		j.ToTip(w.T)
		if len(j.States) != 5 {
			w.Errorf("%d shards have been read, want 5", len(j.States))
		}
	})
}
