package pipeline

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/letters"
)

// runFor runs j beside the test, for that long.
func (j *job) runFor(t *testing.T, d time.Duration, meanwhile func()) {
	t.Helper()
	stop, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if _, err := j.run(t, stop, 0); err != nil {
			t.Errorf("the run ended with %v", err)
		}
	})
	began := time.Now()
	meanwhile()
	time.Sleep(d - time.Since(began))
	cancel()
	running.Wait()
}

// A sink that takes long slows reading down: what is read and not yet done with stays within BUFFER.
func TestSlowSinkSlowsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const page, buffer = 100, 3000 // records, and bytes: a page is 800
		j := newJob(t, func() int { return page })
		j.plan.keepAll, j.config.Buffer, j.config.Interval = true, buffer, time.Hour
		j.source.bounded = true
		for _, name := range []string{"a", "b", "c", "d"} {
			j.source.add(name, 20*page)
		}
		most, reads := 0, 0
		var mu sync.Mutex
		j.at = func(call string) error {
			if call == "Write" {
				time.Sleep(time.Minute)
			}
			mu.Lock()
			defer mu.Unlock()
			if call == "Read" {
				reads++
			}
			most = max(most, j.last.Load().Stats().Buffered)
			return nil
		}
		var running sync.WaitGroup
		running.Go(func() { j.toEnd(t) })
		time.Sleep(30 * time.Second) // in the first write
		mu.Lock()
		if reads > 20 {
			t.Errorf("%d of 84 reads while nothing has been written", reads)
		}
		mu.Unlock()
		running.Wait()
		if most > buffer || most < buffer/2 {
			t.Errorf("up to %d bytes were out, want up to %d", most, buffer)
		}
		if n := len(j.read(t, "out")); n != 80*page {
			t.Errorf("%d records came out, want all %d", n, 80*page)
		}
	})
}

// A slice that is worked on for more than a minute is a fault; a sink that takes that long is not, nor a stage that waits for
// something outside.
func TestHealth(t *testing.T) {
	for _, c := range []struct {
		name      string
		work      time.Duration // on a slice
		waits     bool
		write     time.Duration // of a chunk
		unhealthy bool
	}{
		{"a stuck stage", 5 * time.Minute, false, 0, true},
		{"a registry that does not answer", 5 * time.Minute, true, 0, false},
		{"a sink that pushes back", 0, false, 5 * time.Minute, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			j := steady(t)
			j.source.parts["mem/b"].payloads = nil
			j.plan.work, j.plan.waits = func() { time.Sleep(c.work) }, c.waits
			j.at = func(call string) error {
				if call == "Write" {
					time.Sleep(c.write)
				}
				return nil
			}
			j.runFor(t, 10*time.Minute, func() {
				time.Sleep(59 * time.Second)
				if err := j.last.Load().Health(); err != nil {
					t.Errorf("%s: after 59s: %v", c.name, err)
				}
				time.Sleep(10 * time.Second)
				err := j.last.Load().Health()
				if c.unhealthy != (err != nil) || err != nil && !strings.Contains(err.Error(), "mem/a") {
					t.Errorf("%s: after 69s: %v", c.name, err)
				}
			})
		})
	}
}

// A run is ready once each partition that may be read has been answered, children that open later included.
func TestReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 10 })
		j.config.Interval = time.Second
		j.source.add("a", 5)
		j.source.add("c", 5, "a")
		j.at = func(call string) error {
			switch call {
			case "Restore":
				time.Sleep(time.Second)
			case "Read":
				time.Sleep(10 * time.Second)
			}
			return nil
		}
		j.runFor(t, 2*time.Minute, func() {
			at := time.Now()
			for _, c := range []struct {
				after time.Duration
				want  string
			}{
				{500 * time.Millisecond, "starting"},
				{5 * time.Second, "mem/a has not been read yet"},
				{20 * time.Second, "mem/c has not been read yet"},
				{40 * time.Second, ""},
			} {
				time.Sleep(c.after - time.Since(at))
				got := ""
				if err := j.last.Load().Ready(); err != nil {
					got = err.Error()
				}
				if got != c.want {
					t.Errorf("after %s: %q, want %q", c.after, got, c.want)
				}
			}
		})
	})
}

// Dead letters that nobody wants are counted all the same.
func TestDeadLettersDiscarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 10 })
		j.source.bounded = true
		j.source.add("a", 100)
		j.config.DeadLetters = DeadLetters{Name: "discard"}
		j.toEnd(t)
		s := j.last.Load().Stats()
		if m := s.Stages[0]; m.In.Load() != 100 || m.Out.Load() != 80 || m.Filtered.Load() != 10 || m.DeadLetters.Load() != 10 {
			t.Errorf("the first stage had %d in, %d out, %d filtered, %d dead letters, want 100, 80, 10, 10",
				m.In.Load(), m.Out.Load(), m.Filtered.Load(), m.DeadLetters.Load())
		}
		if len(s.Outputs) != 1 {
			t.Fatalf("%d outputs, want the sink alone", len(s.Outputs))
		}
		bytes := uint64(len(strings.Join(j.read(t, "out"), "\n")) + 1)
		if m := s.Outputs[0]; m.Name != "file" || m.Records.Load() != 80 || m.Bytes.Load() != bytes {
			t.Errorf("%s: %d records of %d bytes written, want 80 of %d", m.Name, m.Records.Load(), m.Bytes.Load(), bytes)
		}
		if len(s.Over) != 1 || s.Over[0].Records.Load() != 100 || s.Over[0].Bytes.Load() != 800 {
			t.Errorf("what was read of partitions that are over is %v, want 100 records of 800 bytes", s.Over)
		}
		if len(s.Partitions) != 0 || s.Buffered != 0 || s.Checkpointed.IsZero() {
			t.Errorf("behind the end: %d partitions, %d bytes, checkpoint at %s", len(s.Partitions), s.Buffered, s.Checkpointed)
		}
	})
}

// With "fail" the first dead letter ends the run, and says which and why.
func TestDeadLettersFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 10 })
		j.source.add("a", 100)
		j.config.DeadLetters = DeadLetters{Name: "fail", Sink: letters.Fail{}, Encode: letters.Encode}
		_, err := j.run(t, t.Context(), 0)
		if err == nil || !strings.Contains(err.Error(), "1:filter") || !strings.Contains(err.Error(), errSeven.Error()) {
			t.Errorf("the run ended with %v", err)
		}
	})
}

// Dead letters stand in the order of their partition, whichever stages refused them.
func TestDeadLettersInOrder(t *testing.T) {
	b := record.NewBatch(0)
	b.Fill(&record.Partition{}, []record.Record{
		{Sequence: []byte("9")}, {Sequence: []byte("10")}, {Sequence: []byte("10"), Subsequence: 1}, {Sequence: []byte("11")},
	})
	for _, i := range []int{1, 3, 0, 2} { // two stages had two each
		b.Reject(&b.Records[i], "stage", errSeven)
	}
	r := &Run{letters: newOutput("dead_letters", discard{}, &OutputMeter{})}
	r.DeadLetters.Encode = func(dst []byte, _ *record.Partition, r *record.Rejected) []byte {
		return append(append(append(dst, r.Record.Sequence...), '.', byte('0'+r.Record.Subsequence)), ' ')
	}
	l := newLetterbox(r, new(operator.Chain))
	if err := l.add(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if got, want := string(l.chunk.Body), "9.0 10.0 10.1 11.0 "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A sink that asks for a barrier gets one, long before CHECKPOINT_INTERVAL.
func TestAskedBarrier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := steady(t)
		j.every, j.config.Interval = 7*time.Second, time.Hour
		j.runFor(t, 50*time.Second, func() {
			time.Sleep(40 * time.Second)
			if at := j.last.Load().Stats().Checkpointed; time.Since(at) > 20*time.Second {
				t.Errorf("the last checkpoint is of %s ago", time.Since(at))
			}
		})
		j.goesOn(t)
	})
}

// A bounded run whose partitions are all gone reads what has come in their place, before it is over.
func TestUntilWithNewPartitionsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 10 })
		j.plan.keepAll, j.config.Interval = true, time.Second
		j.source.add("a", 10)
		j.runFor(t, time.Minute, func() {})
		j.source.gone("a")
		j.source.add("b", 10)
		j.config.Until = &End{Setting: "now"}
		j.toEnd(t)
		if n := len(j.read(t, "out")); n != 20 {
			t.Errorf("%d records came out, want 10 of each", n)
		}
	})
}
