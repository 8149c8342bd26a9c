package kinesis

import (
	"slices"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

const retention = 24 * time.Hour

// TestTrimmed goes on from checkpoints of many ages.
func TestTrimmed(t *testing.T) {
	tests := []struct {
		name  string
		after func(w *world) // what happens between the checkpoint and the restart
		want  []string
		lost  time.Duration
	}{
		{"nothing happened", func(*world) {}, nil, 0},
		{"the saved record is still there", func(w *world) { w.put(0, "c") }, []string{"c"}, 0},
		{"down for longer than retention", func(w *world) {
			w.put(0, "gone")
			time.Sleep(retention + 10*time.Hour)
			w.put(0, "c")
		}, []string{"c"}, 10 * time.Hour},
		{"down for longer than retention, and nothing there", func(*world) {
			time.Sleep(retention + 5*time.Hour)
		}, nil, 5 * time.Hour},
		{"an idle shard, down for a moment", func(w *world) {
			// HandledTo is fresh, the saved record is not: see below.
			w.put(0, "c")
		}, []string{"c"}, 0},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.put(0, "a", "b")
				j := w.start(record.Position{}, nil)
				j.ToTip(w.T)
				if i == len(tests)-1 {
					for range 20 {
						time.Sleep(3 * time.Hour)
						j.ToTip(w.T)
					}
				}
				tt.after(w)
				again := w.start(record.Position{}, j.Known())
				again.ToTip(w.T)
				if got := payloads(again); !slices.Equal(got, tt.want) {
					w.Errorf("read %q, want %q", got, tt.want)
				}
				w.checkLost(tt.lost)
			})
		})
	}
}

// checkLost compares what was measured and said as lost of the first shard, to some seconds.
func (w *world) checkLost(want time.Duration) {
	w.Helper()
	got := w.seen.trimmed[shardName(0)]
	if (got-want).Abs() > 10*time.Second || (want > 0) != w.logged("records were lost") {
		w.Errorf("%v measured as lost, want %v; said: %t", got, want, w.logged("records were lost"))
	}
}

// TestTrimmedWhileBehind lets retention overtake a reader that runs.
func TestTrimmedWhileBehind(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		for i := range 40 {
			w.put(0, numbered(i, 1)...)
			time.Sleep(time.Hour - time.Second)
		}
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		if got := payloads(j); len(got) < 23 || len(got) > 25 || got[len(got)-1] != "record 39" {
			w.Errorf("read %q", got)
		}
		w.checkLost(0) // a first start has lost nothing
		for i := 40; i < 80; i++ {
			w.put(0, numbered(i, 1)...)
			time.Sleep(time.Hour - time.Second)
		}
		j.Got = nil
		j.ToTip(w.T)
		if got := payloads(j); len(got) < 23 || len(got) > 25 || got[len(got)-1] != "record 79" {
			w.Errorf("read %q", got)
		}
		w.checkLost(16 * time.Hour)
	})
}

// TestPositionUnknown goes on at the oldest record where the service refuses the saved sequence number.
func TestPositionUnknown(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		sequences := w.put(0, "a", "b", "c")
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		known := j.Known()
		known[0].Position = record.Position{Where: record.After, Sequence: sequences[0] + "9"}
		again := w.start(record.Position{}, known)
		again.ToTip(w.T)
		if got := payloads(again); !slices.Equal(got, []string{"a", "b", "c"}) || !w.logged("does not know the position") {
			w.Errorf("read %q", got)
		}
		w.checkLost(0)
	})
}

// TestShardGone finds a shard gone that was not read to its end, before the start and while it is read.
func TestShardGone(t *testing.T) {
	for _, running := range []bool{false, true} {
		inWorld(t, 1, func(w *world) {
			w.put(0, "a")
			j := w.start(record.Position{}, nil)
			j.ToTip(w.T)
			w.put(0, "gone")
			_, _, err := w.server.Split(logs, shardName(0))
			w.must(err)
			time.Sleep(retention + 30*time.Hour)
			w.put(1, "b")
			w.put(2, "c")
			if !running {
				j = w.start(record.Position{Where: record.AtTime, Time: 1}, j.Known())
			}
			j.Got = nil
			j.ToTip(w.T)
			if got := payloads(j); !slices.Equal(got, []string{"b", "c"}) {
				w.Errorf("running %t: read %q", running, got)
			}
			w.checkLost(30 * time.Hour)
			if state, ok := j.States[w.id(0)]; running && (state.Position.Where != record.Ended || len(state.Children) != 2) || !running && ok {
				w.Errorf("running %t: the shard's state is %+v", running, state)
			}
		})
	}
}

// TestEndedShardForgotten forgets a shard that ended when it is no longer listed, and says nothing of it.
func TestEndedShardForgotten(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "a")
		_, _, err := w.server.Split(logs, shardName(0))
		w.must(err)
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		if state := j.States[w.id(0)]; state.Position.Where != record.Ended {
			w.Fatalf("the shard's state is %+v", state)
		}
		for range 30 {
			time.Sleep(2 * time.Hour)
			j.ToTip(w.T)
		}
		kept, err := w.source(nil).Restore(w.Context(), record.Position{}, j.Known())
		if err != nil || len(kept) != 2 {
			w.Errorf("kept %v, %v", kept, err)
		}
		w.checkLost(0)
	})
}

// TestShardGoneAndHandled says nothing of a shard that went with its last record, long after that was handled.
func TestShardGoneAndHandled(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "a")
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		_, _, err := w.server.Split(logs, shardName(0))
		w.must(err)
		time.Sleep(retention + 10*time.Hour)
		known := j.Known()
		known[0].HandledTo = record.MillisOf(time.Now())
		if kept, err := w.source(nil).Restore(w.Context(), record.Position{}, known); err != nil || len(kept) != 0 {
			w.Errorf("kept %v, %v", kept, err)
		}
		w.checkLost(0)
	})
}
