package status

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// sampling calls each between two looks of a sampler at run, n times; it may change what is counted.
func sampling(t *testing.T, run *fakeRun, n int, each func(i int, s *sampler)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := newSampler(func() Run { return run })
		go s.run(ctx)
		time.Sleep(sampleEvery / 2)
		for i := range n {
			each(i, s)
			time.Sleep(sampleEvery)
		}
		cancel()
		synctest.Wait()
	})
}

func rateOf(s *sampler, m *pipeline.PartitionMeter) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.volume(&m.Records, &m.Bytes).Records
}

// A rate is over the last ten seconds, and a counter that has just appeared was 0 before.
func TestRates(t *testing.T) {
	run := running()
	steady := run.stats.Partitions[0]
	fresh := &pipeline.PartitionMeter{Partition: record.Partition{Stream: "logs", Shard: "fresh"}}
	wantSteady := []float64{0, 10, 10, 10, 10, 10, 10, 8, 6, 4, 2, 0, 0}
	wantFresh := []float64{0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 0, 0, 0}
	sampling(t, run, len(wantSteady), func(i int, s *sampler) {
		if got := rateOf(s, steady); got != wantSteady[i] {
			t.Errorf("look %d: %g a second, want %g", i, got, wantSteady[i])
		}
		if got := rateOf(s, fresh); got != wantFresh[i] {
			t.Errorf("look %d: %g a second of a partition that has just appeared, want %g", i, got, wantFresh[i])
		}
		if i < 6 {
			steady.Records.Add(20)
		}
		if i == 4 {
			fresh.Records.Store(50)
			run.appear(fresh)
		}
	})
}

// The last ten minutes have a sample every two seconds, and the hour before one every thirty; a rate is right across both.
func TestHistory(t *testing.T) {
	run := running()
	meter := run.stats.Partitions[0]
	const looks = 30 * 60 * 2 // two hours
	sampling(t, run, looks, func(i int, s *sampler) {
		meter.Records.Add(14)
		if i < looks-1 {
			return
		}
		h := s.history(0)
		if want := recentSamples + earlierSamples - recentSamples/thinBy; len(h.At) != want {
			t.Fatalf("%d samples, want %d", len(h.At), want)
		}
		recent := len(h.At) - recentSamples
		for at := 1; at < len(h.At); at++ {
			step := time.Duration(h.At[at]-h.At[at-1]) * time.Millisecond
			want := sampleEvery
			if at < recent {
				want = thinBy * sampleEvery
			}
			if h.Read[at] != 7 || at != recent && step != want {
				t.Errorf("sample %d of %d comes %s after the one before, want %s, with %g a second", at, len(h.At), step, want, h.Read[at])
			}
		}
		if n := len(h.Shards[0].Behind); n != recentSamples {
			t.Errorf("a shard has %d samples", n)
		}
		since := s.history(h.At[len(h.At)-3])
		if len(since.At) != 2 || since.Read[0] != 7 || len(since.Shards[0].Behind) != 2 {
			t.Errorf("since the last but two: %+v", since)
		}
	})
}

// Many shards have the worst and the median, and no lines.
func TestManyShards(t *testing.T) {
	run := running()
	sampling(t, run, 3, func(i int, s *sampler) {
		h := s.history(0)
		if lines := len(h.Shards); i == 0 && lines != 2 || i > 0 && lines != 0 {
			t.Errorf("look %d: %d lines", i, lines)
		}
		for n := range maxLines {
			m := &pipeline.PartitionMeter{Partition: record.Partition{Stream: "logs", Shard: fmt.Sprint(n)}}
			run.appear(m)
		}
	})
}

// Another run begins at 0 again, which is no rate.
func TestHistoryOverTwoRuns(t *testing.T) {
	run := running()
	sampling(t, run, 2, func(i int, s *sampler) {
		if i == 1 {
			if h := s.history(0); !math.IsNaN(h.Read[1]) {
				t.Errorf("the rate is %g", h.Read[1])
			}
		}
		run.stats.Partitions[0].Records.Store(0)
	})
}

func TestSeries(t *testing.T) {
	want := Series{1, math.NaN(), 0.123, 1e9}
	data, err := json.Marshal(Series{1, math.NaN(), 0.1234, 1e9})
	if err != nil || string(data) != "[1,null,0.123,1000000000]" {
		t.Errorf("%s: %v", data, err)
	}
	var got Series
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if err := json.Unmarshal([]byte(`["a"]`), &got); err == nil {
		t.Error("text is taken for a series")
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, math.NaN()}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}} {
		if got := median(c.values); got != c.want && !math.IsNaN(c.want) {
			t.Errorf("of %v: %g, want %g", c.values, got, c.want)
		}
	}
}

func BenchmarkLook(b *testing.B) {
	stats := running().stats
	for n := range 10_000 {
		stats.Partitions = append(stats.Partitions, &pipeline.PartitionMeter{Partition: record.Partition{Stream: "logs", Shard: fmt.Sprint(n)}})
	}
	s := newSampler(nil)
	for b.Loop() {
		s.look(time.Now(), &stats)
	}
}
