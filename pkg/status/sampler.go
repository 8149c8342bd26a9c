package status

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
)

const (
	// sampleEvery is how often the sampler looks at a run. At 10,000 shards a look takes some milliseconds.
	sampleEvery = 2 * time.Second
	// rateSpan is over how many looks a rate is taken.
	rateSpan = 5
	// maxLines is of how many shards there is a history each; of more there is the worst and the median.
	maxLines = 64
)

// sampler looks at a run from time to time, so that a page that has just been opened can show what has been.
type sampler struct {
	current func() Run

	mu      sync.Mutex
	looks   int                                // guarded by mu
	times   [rateSpan + 1]time.Time            // of the last looks; guarded by mu
	totals  map[*atomic.Uint64]*trail          // by counter; guarded by mu
	recent  ring[sample]                       // each look; guarded by mu
	earlier ring[sample]                       // one in thinBy, for longer; guarded by mu
	lines   map[*pipeline.PartitionMeter]*line // nil where there are more than maxLines; guarded by mu
}

// trail is what a counter was at the last looks.
type trail struct {
	totals [rateSpan + 1]uint64
	look   int // the last that saw it
}

// line is how far one partition was behind, in seconds, at the last looks; NaN: not known.
type line struct {
	seconds ring[float64]
	look    int
}

func newSampler(current func() Run) *sampler {
	return &sampler{
		current: current, totals: map[*atomic.Uint64]*trail{},
		recent: newRing[sample](recentSamples), earlier: newRing[sample](earlierSamples),
	}
}

// run looks every sampleEvery until ctx ends.
func (s *sampler) run(ctx context.Context) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		if run := s.current(); run != nil {
			stats := run.Stats()
			s.look(time.Now(), &stats)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look takes down how the run stands at now.
func (s *sampler) look(now time.Time, stats *pipeline.Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	s.times[s.looks%len(s.times)] = now
	one := newSample(now, stats)
	for _, m := range stats.Partitions {
		s.note(&m.Records, &m.Bytes)
	}
	for _, m := range stats.Stages {
		s.note(&m.In, &m.Out, &m.Filtered, &m.Late, &m.LateIdle, &m.DeadLetters, &m.Mismatches)
	}
	for _, m := range stats.Outputs {
		s.note(&m.Records, &m.Bytes)
	}
	for counter, t := range s.totals {
		if t.look != s.looks {
			delete(s.totals, counter)
		}
	}
	s.recent.add(one)
	if s.looks%thinBy == 0 {
		s.earlier.add(one)
	}
	s.draw(now, stats.Partitions)
}

// note takes down what counters are at this look.
func (s *sampler) note(counters ...*atomic.Uint64) {
	for _, c := range counters {
		t := s.totals[c]
		if t == nil {
			t = new(trail)
			s.totals[c] = t
		}
		t.totals[s.looks%len(t.totals)], t.look = c.Load(), s.looks
	}
}

// perSecond returns how fast a counter has grown over the last rateSpan looks. s.mu is held.
func (s *sampler) perSecond(c *atomic.Uint64) float64 {
	t := s.totals[c]
	span := min(s.looks-1, rateSpan)
	if t == nil || span < 1 {
		return 0
	}
	last, first := s.looks%len(s.times), (s.looks-span)%len(s.times)
	return float64(t.totals[last]-t.totals[first]) / s.times[last].Sub(s.times[first]).Seconds()
}

// volume returns perSecond of two counters.
func (s *sampler) volume(records, bytes *atomic.Uint64) Volume {
	return Volume{s.perSecond(records), s.perSecond(bytes)}
}

// draw goes on with the lines of the partitions, where they are few.
func (s *sampler) draw(now time.Time, partitions []*pipeline.PartitionMeter) {
	if len(partitions) > maxLines {
		s.lines = nil
		return
	}
	if s.lines == nil {
		s.lines = map[*pipeline.PartitionMeter]*line{}
	}
	for _, m := range partitions {
		l := s.lines[m]
		if l == nil {
			l = &line{seconds: newRing[float64](recentSamples)}
			s.lines[m] = l
		}
		seconds, ok := behindBy(m, now)
		if !ok {
			seconds = math.NaN()
		}
		l.seconds.add(seconds)
		l.look = s.looks
	}
	for m, l := range s.lines {
		if l.look != s.looks {
			delete(s.lines, m)
		}
	}
}

// median returns the middle of values, which it sorts; NaN of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return values[len(values)/2]
}
