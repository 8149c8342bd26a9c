package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// clocked makes a job over arrival times in windows of ten seconds, whose results a test reads as "start/count": seconds
// since the bubble's begin.
func clocked(t *testing.T, chain string) *job {
	t.Helper()
	j := newJob(t, func() int { return 100 })
	j.chain = chain
	j.config.Interval, j.config.Parallelism = time.Second, 2
	return j
}

const countTens = "window tumbling 10s | aggregate n = count() | map at = window_start, n"

// arrives makes a partition one of whose records arrives at each of those seconds from now.
func (m *memory) arrives(name string, seconds []int, parents ...string) {
	p := m.add(name, len(seconds), parents...)
	for i, s := range seconds {
		p.payloads[i] = fmt.Sprintf(`{"i":%d}`, i)
		p.arrival = append(p.arrival, record.MillisOf(time.Now()).Add(time.Duration(s)*time.Second))
	}
}

func every(step, from, to int) (seconds []int) {
	for s := from; s < to; s += step {
		seconds = append(seconds, s)
	}
	return seconds
}

// counts returns the results so far, in order: "0:10 10:9".
func (j *job) counts(t *testing.T) string {
	t.Helper()
	var list []string
	for _, line := range j.read(t, "out") {
		var at string
		var n int
		line = strings.NewReplacer(`{"at":"2000-01-01T`, "", `Z","n":`, " ", "}", "").Replace(line)
		if _, err := fmt.Sscanf(line, "%s %d", &at, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, fmt.Sprintf("%s=%d", at, n))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (j *job) wants(t *testing.T, when, want string) {
	t.Helper()
	if got := j.counts(t); got != want {
		t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

// A partition that is silent holds windows back for IDLE_TIMEOUT, and then nobody.
func TestIdlePartition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, countTens)
		j.config.IdleTimeout = 20 * time.Second
		j.source.arrives("busy", every(1, 0, 60))
		j.source.arrives("silent", []int{1})
		j.runFor(t, 43*time.Second, func() {
			time.Sleep(20 * time.Second)
			j.wants(t, "while the silent one holds", "")
			time.Sleep(6500 * time.Millisecond)
			j.wants(t, "when it is idle", "00:00:00=11 00:00:10=10")
		})
		j.wants(t, "a signal fires no window", "00:00:00=11 00:00:10=10 00:00:20=10")
	})
}

// Calls that fail or are withheld start the idle time anew, and end it: what could not be read must not count as not there.
func TestFailingPartitionIsNotIdle(t *testing.T) {
	t.Run("before it is idle", func(t *testing.T) { failingPartition(t, 15*time.Second, "") })
	t.Run("while it is idle", func(t *testing.T) { failingPartition(t, 28500*time.Millisecond, "00:00:00=11 00:00:10=10") })
}

func failingPartition(t *testing.T, from time.Duration, while string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, countTens)
		j.config.IdleTimeout = 20 * time.Second
		j.source.arrives("busy", every(1, 0, 90))
		j.source.arrives("failing", []int{1})
		j.source.setback = func(name string, now time.Time) bool {
			at := now.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
			return name == "failing" && at > from && at < 60*time.Second
		}
		j.runFor(t, 83*time.Second, func() {
			time.Sleep(60 * time.Second)
			j.wants(t, "while calls fail", while)
		})
		j.wants(t, "afterwards", "00:00:00=11 00:00:10=10 00:00:20=10 00:00:30=10 00:00:40=10 00:00:50=10 00:01:00=10")
	})
}

// When all partitions are idle, event time follows the service's clock, less the disorder and IDLE_TIMEOUT.
func TestAllIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, countTens)
		j.config.IdleTimeout = 20 * time.Second
		j.source.arrives("a", every(1, 0, 13))
		j.source.arrives("b", every(1, 0, 13))
		j.runFor(t, 60*time.Second, func() {
			time.Sleep(40 * time.Second)
			j.wants(t, "15 seconds behind the clock", "00:00:00=20")
			time.Sleep(8 * time.Second)
			j.wants(t, "when the clock has come to it", "00:00:00=20 00:00:10=6")
		})
	})
}

// Without IDLE_TIMEOUT a silent partition holds for ever.
func TestNeverIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, countTens)
		j.source.arrives("busy", every(1, 0, 600))
		j.source.arrives("silent", []int{1})
		j.runFor(t, 10*time.Minute, func() {})
		j.wants(t, "after ten minutes", "")
	})
}

// What comes of a partition that was idle, for windows that have closed without it, is counted as late for that reason.
// Event time does not go back for it, over a restart neither.
func TestBackFromIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, "timestamp ts, disorder 0s | "+countTens)
		j.config.IdleTimeout = 10 * time.Second
		j.source.arrives("busy", every(1, 0, 120))
		j.source.arrives("odd", []int{1, 50, 70})
		begin := record.MillisOf(time.Now())
		for name, p := range j.source.parts {
			for i := range p.payloads {
				ts := p.arrival[i]
				if name == "mem/odd" && i > 0 {
					ts = begin.Add(2 * time.Second) // it was on its way for long
				}
				p.payloads[i] = fmt.Sprintf(`{"ts":%d}`, ts)
			}
		}
		late := func() (disorder, idle uint64) {
			for _, s := range j.last.Load().Stats().Stages {
				disorder, idle = disorder+s.Late.Load(), idle+s.LateIdle.Load()
			}
			return disorder, idle
		}
		j.runFor(t, 65*time.Second, func() {})
		if disorder, idle := late(); disorder != 0 || idle != 1 {
			t.Errorf("late by disorder: %d, by an idle partition: %d, want 0 and 1", disorder, idle)
		}
		j.runFor(t, 25*time.Second, func() {})
		if disorder, idle := late(); disorder != 0 || idle != 1 {
			t.Errorf("after a restart, late by disorder: %d, by an idle partition: %d, want 0 and 1", disorder, idle)
		}
		if got := j.counts(t); !strings.HasPrefix(got, "00:00:00=11 00:00:10=10 00:00:20=10 00:00:30=10 00:00:40=10 ") {
			t.Errorf("got %s", got)
		}
	})
}

// A bounded read has no idle: what is silent until its end holds, and then everything fires.
func TestBoundedHasNoIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, countTens)
		j.config.IdleTimeout = 5 * time.Second
		j.source.arrives("busy", every(1, 0, 60))
		j.source.arrives("silent", []int{1})
		j.config.Until = &End{Setting: "in 40 s", Time: record.MillisOf(time.Now()).Add(39500 * time.Millisecond)}
		j.runFor(t, 50*time.Second, func() {
			time.Sleep(35 * time.Second)
			j.wants(t, "before the end", "")
		})
		j.wants(t, "at the end", "00:00:00=11 00:00:10=10 00:00:20=10 00:00:30=10")
	})
}

// An ended partition holds until every child is open, and a child begins with the lesser of its parents' watermarks: the
// first records of a merged one are behind one parent and on time for the other.
func TestEventTimeOverAMerge(t *testing.T) {
	t.Run("the one behind is last", func(t *testing.T) { eventTimeOverAMerge(t, "ahead", "behind") })
	t.Run("the one behind is first", func(t *testing.T) { eventTimeOverAMerge(t, "behind", "ahead") })
}

func eventTimeOverAMerge(t *testing.T, parents ...string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		j := clocked(t, "timestamp ts, disorder 0s | "+countTens)
		j.source.arrives("ahead", []int{0, 1})
		j.source.arrives("behind", []int{0, 20})
		j.source.arrives("merged", []int{25, 26, 60}, parents...)
		j.source.arrives("beside", []int{0, 55, 60})
		for name, times := range map[string][]int{
			"ahead": {0, 50}, "behind": {1, 21}, "merged": {15, 31, 58}, "beside": {2, 53, 60}, // the first of merged is late by both
		} {
			p := j.source.parts[record.PartitionID("mem/"+name)]
			for i, s := range times {
				p.payloads[i] = fmt.Sprintf(`{"ts":%d}`, record.MillisOf(time.Date(2000, 1, 1, 0, 0, s, 0, time.UTC)))
			}
		}
		for range 3 { // the states of the partitions survive restarts, at any moment
			j.runFor(t, 9*time.Second, func() {})
		}
		j.runFor(t, 60*time.Second, func() {})
		j.wants(t, "over a merge", "00:00:00=3 00:00:20=1 00:00:30=1")
	})
}

// Daily runs with one STATE_DIR, one of which crashes: each fires what its UNTIL cut; the further records of such a window
// give another result for their part, and none is late for the end of the run before.
func TestDailyRuns(t *testing.T) {
	t.Run("windows", func(t *testing.T) {
		dailyRuns(t, countTens, "00:00:00=15 00:00:10=15 00:00:20=7 00:00:20=8 00:00:30=15 00:00:40=12 00:00:40=3 00:00:50=15 00:01:00=15")
	})
	t.Run("windows over windows", func(t *testing.T) {
		dailyRuns(t, "window tumbling 10s | aggregate n = count() | key_by odd = n % 2 | window tumbling 20s | aggregate n = sum(n) | map at = window_start, n",
			"00:00:00=30 00:00:20=22 00:00:20=8 00:00:40=12 00:00:40=18 00:01:00=15")
	})
}

func dailyRuns(t *testing.T, chain, want string) {
	t.Helper()
	for k := range 60 {
		synctest.Test(t, func(t *testing.T) {
			j := clocked(t, chain)
			j.source.arrives("a", every(1, 0, 70))
			j.source.arrives("b", every(2, 0, 70))
			begin := record.MillisOf(time.Now())
			for day, end := range []time.Duration{24500 * time.Millisecond, 47500 * time.Millisecond, 70 * time.Second} {
				time.Sleep(end + time.Second - time.Since(begin.Time()))
				j.config.Until = &End{Setting: fmt.Sprint("day ", day), Time: begin.Add(end)}
				j.config.Parallelism = 1 + (k+day)%3
				if day == 1 && k > 0 {
					j.toEnd(t, k)
				} else {
					j.toEnd(t)
				}
			}
			j.wants(t, fmt.Sprint("crash at ", k), want)
		})
	}
}
