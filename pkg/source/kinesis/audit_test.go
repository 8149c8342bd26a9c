package kinesis

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// TestAudit finds a shard whose announcement was lost, and none that a page announces.
func TestAudit(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		s := w.source(nil)
		j := sourcetest.Start(w.T, s, record.Position{}, nil)
		j.ToTip(w.T)
		left, right, err := w.server.Split(logs, shardName(0))
		w.must(err)
		if fresh := sourcetest.Fresh(w.T, s, time.Hour); len(fresh) != 0 {
			w.Errorf("announced ahead of the parent's last page: %v", fresh)
		}
		j.ToTip(w.T)
		if fresh := sourcetest.Fresh(w.T, s, time.Hour); len(fresh) != 0 {
			w.Errorf("announced twice: %v", fresh)
		}
		s.streams[0].mu.Lock()
		delete(s.streams[0].progress, left)
		s.streams[0].mu.Unlock()
		fresh := sourcetest.Fresh(w.T, s, time.Hour)
		if len(fresh) != 1 || fresh[0].Shard != left || !slices.Equal(fresh[0].Parents, []record.PartitionID{w.id(0)}) || fresh[0].Start != (record.Position{}) {
			w.Errorf("found %+v", fresh)
		}
		_ = right
		if w.seen.retention != retention {
			w.Errorf("retention %v", w.seen.retention)
		}
	})
}

// TestAuditStaysInScope leaves the shards alone that lay before FROM or were not asked for, and their children.
func TestAuditStaysInScope(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		s := w.source(func(c *Config) { c.Shards = []string{shardName(1)} })
		j := sourcetest.Start(w.T, s, record.Position{}, nil)
		j.ToTip(w.T)
		for _, shard := range []int{0, 1} {
			_, _, err := w.server.Split(logs, shardName(shard))
			w.must(err)
		}
		j.ToTip(w.T)
		if len(j.States) != 3 {
			w.Errorf("reads %d shards, want the one and its children", len(j.States))
		}
		if fresh := sourcetest.Fresh(w.T, s, time.Hour); len(fresh) != 0 {
			w.Errorf("announced %v", fresh)
		}
	})
}

// TestAuditForgets keeps nothing of shards that have gone.
func TestAuditForgets(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		s := w.source(nil)
		j := sourcetest.Start(w.T, s, record.Position{}, nil)
		shard := shardName(0)
		for range 20 {
			left, right, err := w.server.Split(logs, shard)
			w.must(err)
			shard, err = w.server.Merge(logs, left, right)
			w.must(err)
			j.ToTip(w.T)
			time.Sleep(6 * time.Hour)
			sourcetest.Fresh(w.T, s, 10*time.Minute)
		}
		if st := s.streams[0]; len(st.progress) > 20 || len(st.ranges) > 20 {
			w.Errorf("%d shards and %d ranges are kept, %d are read", len(st.progress), len(st.ranges), len(j.States))
		}
	})
}

func TestPartitionsNeedsRestore(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		if fresh, err := w.source(nil).Partitions(context.Background()); err == nil {
			w.Errorf("announced %v", fresh)
		}
	})
}

// TestClock narrows the service's clock down from dates cut to seconds.
func TestClock(t *testing.T) {
	for _, ahead := range []time.Duration{0, 300 * time.Millisecond, -90 * time.Second, 3*time.Hour + 123*time.Millisecond} {
		inWorld(t, 1, func(w *world) {
			var c clock
			for i := range 50 {
				sent := time.Now()
				time.Sleep(time.Duration(i*37%20) * time.Millisecond)
				date := time.Now().Add(ahead).Truncate(time.Second)
				time.Sleep(5 * time.Millisecond)
				c.bound(date, sent, time.Now())
				time.Sleep(713 * time.Millisecond)
			}
			off := c.now().Sub(record.MillisOf(time.Now().Add(ahead))).Abs()
			if limit := 50 * time.Millisecond; off > limit && ahead.Abs() > time.Second || off > time.Second {
				w.Errorf("%v ahead: off by %v", ahead, off)
			}
		})
	}
}
