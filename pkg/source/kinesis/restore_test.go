package kinesis

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// family is the shards 0 (split into 1 and 2), 2 (split into 3 and 4), 1 and 3 (merged into 5), and 6, which has no kin.
func family() *listing {
	shard := func(id string, parents ...string) types.Shard {
		s := types.Shard{ShardId: aws.String(id)}
		if len(parents) > 0 {
			s.ParentShardId = aws.String(parents[0])
		}
		if len(parents) > 1 {
			s.AdjacentParentShardId = aws.String(parents[1])
		}
		return s
	}
	return newListing([]types.Shard{shard("0"), shard("1", "0"), shard("2", "0"), shard("3", "2"), shard("4", "2"), shard("5", "1", "3"), shard("6")})
}

func set(names string) map[string]bool {
	s := map[string]bool{}
	for _, name := range strings.Fields(names) {
		s[name] = true
	}
	return s
}

func TestChoose(t *testing.T) {
	at := record.Position{Where: record.AtTime, Time: 1}
	show := func(choices []choice) string {
		var all []string
		for _, c := range choices {
			if c.start == at {
				c.shard += "@"
			}
			all = append(all, c.shard)
		}
		return strings.Join(all, " ")
	}
	tests := []struct {
		name, matching, known, scope, want string
	}{
		{"all from the time's shards on", "0 1 2 3 4 5 6", "", "", "0@ 1 2 3 4 5 6@"},
		{"children begin at the time where their parents lay before it", "3 4 1 5 6", "", "", "3@ 4@ 1@ 5 6@"},
		{"a merged child begins at its oldest where one parent is read", "3 5", "", "", "3@ 5"},
		{"one shard and what comes from it", "0 1 2 3 4 5 6", "", "2", "2@ 3 4 5"},
		{"nothing new", "", "0 1 2 3 4 5 6", "", ""},
		{"ancestors lay before FROM", "", "5 4", "", "6"},
		{"children that came while nobody looked", "", "1 2 6", "", "3 4 5"},
		{"children of a known one in scope, and not the stranger", "", "2", "2", "3 4 5"},
		{"what comes from what came from the scope", "", "3", "2", "4 5"},
	}
	for _, tt := range tests {
		l := family()
		known := set(tt.known)
		in := l.scope(strings.Fields(tt.scope), known)
		var got string
		if tt.matching != "" {
			got = show(l.chooseFirst(strings.Fields(tt.matching), at, in))
		} else {
			got = show(l.chooseMore(known, in))
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestFrom reads a stream with a history from every kind of place.
func TestFrom(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "a", "b")
		left, right, err := w.server.Split(logs, shardName(0))
		w.must(err)
		middle := record.MillisOf(time.Now())
		time.Sleep(time.Minute)
		second := w.put(1, "c", "d")
		w.put(2, "e")
		time.Sleep(time.Minute)
		now, err := w.source(nil).Now(w.Context())
		w.must(err)
		tests := []struct {
			name   string
			from   record.Position
			shards []string
			want   []string
		}{
			{"oldest", record.Position{}, nil, []string{"a", "b", "c", "d", "e"}},
			{"a time behind the parent's records", record.Position{Where: record.AtTime, Time: middle}, nil, []string{"c", "d", "e"}},
			{"a time before all", record.Position{Where: record.AtTime, Time: 1}, nil, []string{"a", "b", "c", "d", "e"}},
			{"now", record.Position{Where: record.AtTime, Time: now}, nil, nil},
			{"a time to come", record.Position{Where: record.AtTime, Time: now.Add(time.Hour)}, nil, nil},
			{"a shard and its children", record.Position{}, []string{shardName(0)}, []string{"a", "b", "c", "d", "e"}},
			{"one child", record.Position{}, []string{right}, []string{"e"}},
			{"a time, and a shard that lay before it", record.Position{Where: record.AtTime, Time: middle + 1}, []string{shardName(0)}, []string{"c", "d", "e"}},
			{"a sequence number", record.Position{Where: record.At, Sequence: second[1]}, []string{left}, []string{"d"}},
		}
		for _, tt := range tests {
			j := sourcetest.Start(w.T, w.source(func(c *Config) { c.Shards = tt.shards }), tt.from, nil)
			j.ToTip(w.T)
			if got := payloads(j); !slices.Equal(got, tt.want) {
				w.Errorf("%s: read %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

// TestFromATimeToCome drops what arrives before it.
func TestFromATimeToCome(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		now, err := w.source(nil).Now(w.Context())
		w.must(err)
		j := w.start(record.Position{Where: record.AtTime, Time: now.Add(10 * time.Second)}, nil)
		j.ToTip(w.T)
		w.put(0, "too early")
		j.ToTip(w.T)
		if p := j.States[w.id(0)].Position; p.Where != record.AtTime {
			w.Errorf("a record that was dropped moved the position %s", p)
		}
		w.put(0, numbered(0, 20)...)
		j.ToTip(w.T)
		if got := payloads(j); len(got) == 0 || !slices.Equal(got, numbered(20-len(got), len(got))) || len(got) > 14 || len(got) < 9 {
			w.Errorf("read %q", got)
		}
	})
}

func TestFromRefuses(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		sequence := w.put(1, "x")[0]
		tests := []struct {
			name   string
			from   record.Position
			shards []string
			words  string
		}{
			{"latest", record.Position{Where: record.Latest}, nil, "latest"},
			{"a sequence number without a shard", record.Position{Where: record.At, Sequence: sequence}, nil, "exactly one"},
			{"a shard that is not there", record.Position{}, []string{"shardId-7"}, `"shardId-7": no such shard, there are shardId-000000000000, shardId-000000000001`},
		}
		for _, tt := range tests {
			_, err := w.source(func(c *Config) { c.Shards = tt.shards }).Restore(w.Context(), tt.from, nil)
			if err == nil || !strings.Contains(err.Error(), tt.words) {
				w.Errorf("%s: error %v, want one with %q", tt.name, err, tt.words)
			}
		}
		// A sequence number of another shard is seen by the first read.
		s := w.source(func(c *Config) { c.Shards = []string{shardName(0)} })
		j := sourcetest.Start(w.T, s, record.Position{Where: record.At, Sequence: sequence}, nil)
		if err := j.ReadPage(w.Context(), w.id(0), record.NewPage(nil)); err == nil || !strings.Contains(err.Error(), "StartingSequenceNumber") {
			w.Errorf("another shard's sequence number: %v", err)
		}
	})
}

// TestReshardedMeanwhile goes on from a checkpoint behind which the shards were split and merged more than once.
func TestReshardedMeanwhile(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		want := []string{"a", "b", "c", "d"}
		w.put(0, "a")
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		w.put(0, "b")
		left, right, err := w.server.Split(logs, shardName(0))
		w.must(err)
		w.put(2, "c")
		child, err := w.server.Merge(logs, left, right)
		w.must(err)
		w.put(3, "d")
		again := w.start(record.Position{Where: record.AtTime, Time: 1}, j.Known())
		again.ToTip(w.T)
		if got := append(payloads(j), payloads(again)...); !slices.Equal(got, want) {
			w.Errorf("read %q", got)
		}
		merged := again.States[w.id(3)].Partition
		if merged.Shard != child || !slices.Equal(slices.Sorted(slices.Values(merged.Parents)), []record.PartitionID{w.id(1), w.id(2)}) {
			w.Errorf("the merged shard is %+v", merged)
		}
	})
}

// TestNotBegun opens a shard that waited for its parents where it is to start.
func TestNotBegun(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "a", "b")
		middle := record.MillisOf(time.Now())
		w.put(0, "c")
		known := w.start(record.Position{Where: record.AtTime, Time: middle}, nil).Known()
		known[0].Position = record.Position{}
		j := w.start(record.Position{}, known)
		j.ToTip(w.T)
		if got := payloads(j); !slices.Equal(got, []string{"c"}) {
			w.Errorf("read %q", got)
		}
	})
}

// TestManyShards lists more than one page of them.
func TestManyShards(t *testing.T) {
	inWorld(t, 2500, func(w *world) {
		if j := w.start(record.Position{}, nil); len(j.States) != 2500 {
			w.Errorf("%d shards", len(j.States))
		}
	})
}

// TestEndedIsHandled counts all of a shard as handled once its end has been read, however long ago it was closed.
func TestEndedIsHandled(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		_, _, err := w.server.Split(logs, shardName(0))
		w.must(err)
		time.Sleep(5 * time.Hour)
		j := w.start(record.Position{}, nil)
		j.ToTip(w.T)
		if ago := time.Since(j.States[w.id(0)].HandledTo.Time()); ago > time.Minute {
			w.Errorf("handled up to %v ago", ago)
		}
	})
}

func TestStreamMadeAnew(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		w.put(0, "old")
		j := w.start(record.Position{Where: record.AtTime, Time: 1}, nil)
		j.ToTip(w.T)
		w.must(w.server.DeleteStream(logs))
		time.Sleep(time.Hour)
		w.must(w.server.CreateStream(logs, 1))
		w.put(0, "new")

		err := j.ReadPage(w.Context(), w.id(0), record.NewPage(nil))
		if err == nil || !strings.Contains(err.Error(), "made anew") {
			w.Errorf("a reader of the old stream: %v", err)
		}
		s := w.source(nil)
		kept, err := s.Restore(w.Context(), record.Position{Where: record.AtTime, Time: record.EndOfTime}, j.Known())
		if err != nil || len(kept) != 0 || !w.logged("made anew") {
			w.Errorf("kept %v, %v", kept, err)
		}
		again := w.start(record.Position{}, j.Known())
		again.ToTip(w.T)
		if got := payloads(again); !slices.Equal(got, []string{"new"}) {
			w.Errorf("read %q", got)
		}
	})
}

func TestStreamDeletedMeanwhile(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "x")
		s := w.source(nil)
		j := sourcetest.Start(w.T, s, record.Position{}, nil)
		j.ToTip(w.T)
		w.must(w.server.DeleteStream(logs))
		if err := j.ReadPage(w.Context(), w.id(0), record.NewPage(nil)); err == nil || !strings.Contains(err.Error(), "was it deleted?") {
			w.Errorf("reading: %v", err)
		}
		if _, err := s.Partitions(w.Context()); err == nil || !strings.Contains(err.Error(), "was it deleted?") {
			w.Errorf("looking for shards: %v", err)
		}
	})
}

func TestSeveralStreams(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.must(w.server.CreateStream("more", 2))
		arn := strings.TrimSuffix(string(w.id(0)), logs+"/"+shardName(0)) + "more"
		both := func(c *Config) { c.Streams = append(c.Streams, Stream{Name: arn, Client: w.client}) }
		w.put(0, "a")
		_, _, err := w.server.Put("more", "k", []byte("b"))
		w.must(err)
		j := sourcetest.Start(w.T, w.source(both), record.Position{}, nil)
		j.ToTip(w.T)
		if got := slices.Sorted(slices.Values(payloads(j))); !slices.Equal(got, []string{"a", "b"}) {
			w.Errorf("read %q", got)
		}
		names := map[string]bool{}
		for _, state := range j.States {
			names[state.Partition.String()] = true
		}
		if diff := cmp.Diff([]string{"logs/" + shardName(0), "more/" + shardName(0), "more/" + shardName(1)}, slices.Sorted(maps.Keys(names))); diff != "" {
			w.Error(diff)
		}
		// What is known of a stream that is not read is not this source's.
		one := w.source(nil)
		kept, err := one.Restore(w.Context(), record.Position{}, j.Known())
		if err != nil || len(kept) != 1 {
			w.Errorf("without the second stream: kept %v, %v", kept, err)
		}
		for _, state := range j.Known() {
			if one.Reads(state.Partition) != (state.Partition.Stream == logs) {
				w.Errorf("reads %s: %t", &state.Partition, one.Reads(state.Partition))
			}
		}
		twice := w.source(func(c *Config) { both(c); both(c) })
		if _, err := twice.Restore(w.Context(), record.Position{}, nil); err == nil || !strings.Contains(err.Error(), "are the same") {
			w.Errorf("one stream twice: %v", err)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	minus := -time.Second
	for words, c := range map[string]Config{
		"no stream":     {},
		"read share":    {Streams: []Stream{{Name: logs}}, ReadShare: 1.5},
		"poll interval": {Streams: []Stream{{Name: logs}}, PollInterval: &minus},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
}
