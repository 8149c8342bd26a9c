package status

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
)

const (
	recentSamples  = 300 // ten minutes of them
	thinBy         = 15  // of what is older one in so many is kept: one every thirty seconds
	earlierSamples = 120 // an hour of those
)

// History is how the last hour was: a sample every two seconds for ten minutes, and one every thirty before that. The series
// have one value for each time in At.
type History struct {
	At []int64 `json:"at"` // Unix milliseconds, oldest first

	Read         Series `json:"read_per_second"` // since the sample before
	ReadBytes    Series `json:"read_bytes_per_second"`
	Written      Series `json:"written_per_second"` // to the sink
	WrittenBytes Series `json:"written_bytes_per_second"`
	DeadLetters  Series `json:"dead_letters_per_second"`
	Behind       Series `json:"behind_seconds"`        // of the partition that was furthest behind
	BehindMedian Series `json:"behind_median_seconds"` // of all partitions
	WatermarkLag Series `json:"watermark_lag_seconds"`
	Buffered     Series `json:"buffered_bytes"`

	// Shards has a line for each partition that is read, where they are not more than 64. It is of the last samples only: its
	// values go with the last times in At.
	Shards []ShardHistory `json:"shards"`
	// Checkpoints are the last ones, oldest first.
	Checkpoints []Checkpoint `json:"checkpoints"`
}

// ShardHistory is how far one partition was behind.
type ShardHistory struct {
	Stream string `json:"stream"`
	Shard  string `json:"shard"`
	Behind Series `json:"behind_seconds"`
}

// Checkpoint is one that was saved.
type Checkpoint struct {
	At   int64   `json:"at"`           // Unix milliseconds
	Took float64 `json:"took_seconds"` // from the hold of the lanes to the save
}

// Series is values over time. NaN, which is null in JSON, is one that is not known.
type Series []float64

// MarshalJSON writes at most three decimals.
func (s Series) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, v := range s {
		if i > 0 {
			out = append(out, ',')
		}
		if math.IsNaN(v) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, math.Round(v*1000)/1000, 'f', -1, 64)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Series) UnmarshalJSON(data []byte) error {
	var values []*float64
	if err := json.Unmarshal(data, &values); err != nil {
		return fmt.Errorf("reading a series: %w", err)
	}
	*s = make(Series, len(values))
	for i, v := range values {
		if (*s)[i] = math.NaN(); v != nil {
			(*s)[i] = *v
		}
	}
	return nil
}

// sample is a look at a run. Counts are since its start, so that any two samples give a rate.
type sample struct {
	at                                              time.Time
	read, readBytes, written, writtenBytes, letters uint64
	behind, behindMedian, watermarkLag              float64
	buffered                                        int
}

func newSample(now time.Time, stats *pipeline.Stats) sample {
	one := sample{at: now, behind: math.NaN(), watermarkLag: math.NaN(), buffered: stats.Buffered}
	known := make([]float64, 0, len(stats.Partitions))
	for _, m := range stats.Partitions {
		if seconds, ok := behindBy(m, now); ok {
			known = append(known, seconds)
		}
	}
	if one.behindMedian = median(known); len(known) > 0 {
		one.behind = known[len(known)-1]
	}
	for _, m := range slices.Concat(stats.Over, stats.Partitions) {
		one.read, one.readBytes = one.read+m.Records.Load(), one.readBytes+m.Bytes.Load()
	}
	for _, m := range stats.Stages {
		one.letters += m.DeadLetters.Load()
	}
	if len(stats.Outputs) > 0 {
		one.written, one.writtenBytes = stats.Outputs[0].Records.Load(), stats.Outputs[0].Bytes.Load()
	}
	if lag, ok := watermarkLag(stats, now); ok {
		one.watermarkLag = lag
	}
	return one
}

// history returns what is younger than since, in Unix milliseconds. It has no checkpoints.
func (s *sampler) history(since int64) History {
	s.mu.Lock()
	defer s.mu.Unlock()
	samples := s.recent.all()
	earlier := s.earlier.all()
	if len(samples) > 0 {
		earlier = slices.DeleteFunc(earlier, func(e sample) bool { return !e.at.Before(samples[0].at) })
	}
	samples = append(earlier, samples...)
	from := 0
	for from < len(samples) && samples[from].at.UnixMilli() <= since {
		from++
	}
	h := History{At: make([]int64, 0, len(samples)-from), Shards: []ShardHistory{}}
	for i := from; i < len(samples); i++ {
		h.add(samples, i)
	}
	for m, line := range s.lines {
		values := line.seconds.all()
		h.Shards = append(h.Shards, ShardHistory{m.Partition.Stream, m.Partition.Shard, values[max(0, len(values)-len(h.At)):]})
	}
	slices.SortFunc(h.Shards, func(a, b ShardHistory) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Shard, b.Shard))
	})
	return h
}

// add appends samples[i].
func (h *History) add(samples []sample, i int) {
	one := &samples[i]
	rate := func(count func(*sample) uint64) float64 {
		if i == 0 {
			return math.NaN()
		}
		before := &samples[i-1]
		if count(one) < count(before) {
			return math.NaN() // another run has begun
		}
		return float64(count(one)-count(before)) / one.at.Sub(before.at).Seconds()
	}
	h.At = append(h.At, one.at.UnixMilli())
	h.Read = append(h.Read, rate(func(s *sample) uint64 { return s.read }))
	h.ReadBytes = append(h.ReadBytes, rate(func(s *sample) uint64 { return s.readBytes }))
	h.Written = append(h.Written, rate(func(s *sample) uint64 { return s.written }))
	h.WrittenBytes = append(h.WrittenBytes, rate(func(s *sample) uint64 { return s.writtenBytes }))
	h.DeadLetters = append(h.DeadLetters, rate(func(s *sample) uint64 { return s.letters }))
	h.Behind, h.BehindMedian = append(h.Behind, one.behind), append(h.BehindMedian, one.behindMedian)
	h.WatermarkLag = append(h.WatermarkLag, one.watermarkLag)
	h.Buffered = append(h.Buffered, float64(one.buffered))
}
