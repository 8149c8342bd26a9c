package kinesis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

func TestConformance(t *testing.T) {
	for name, c := range map[string]Config{
		"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}, "aggregated and strict": {Aggregate: true, Strict: true},
		"one in flight": {InFlight: 1}, "small requests": {BatchBytes: 50}, "lingering": {Linger: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				w := newWorld(t, 1)
				return sinktest.Harness{
					Open: func(*testing.T) record.Sink { return w.open(c) },
					Read: func(*testing.T) []string { return w.payloads("k") },
				}
			})
		})
	}
}

func TestCheck(t *testing.T) {
	w := newWorld(t, 1)
	s := w.open(Config{})
	for _, c := range []struct{ name, data, key, want string }{
		{"fits", strings.Repeat("x", 1<<20-1), "k", ""},
		{"empty", "", "k", ""},
		{"a byte too long", strings.Repeat("x", 1<<20), "k", "1048577 bytes"},
		{"no key", "x", "", "empty"},
		{"long key", "x", strings.Repeat("ä", 257), "257 characters"},
		{"longest key", "x", strings.Repeat("ä", 256), ""},
		{"key that is no text", "x", "\xff", "not UTF-8"},
	} {
		err := s.Check([]byte(c.data), []byte(c.key))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if wrote := s.Write(t.Context(), &record.Chunk{Items: []record.Item{{Data: []byte(c.data), Key: []byte(c.key)}}}); (err == nil) != (wrote == nil) {
			t.Errorf("%s: Check says %v, and Write %v", c.name, err, wrote)
		}
	}
}

// The longest record is the stream's own matter, and one that is larger than a request is meant to be goes alone.
func TestLargeRecords(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.must(w.raiseRecordSize(4096))
		calls := w.record(&recorder{})
		s, err := Open(w.Context(), w.complete(Config{}), calls)
		w.must(err)
		defer s.Close()
		large := strings.Repeat("x", 3<<20)
		w.write(s, "a:small", "b:"+large, "c:small")
		w.prepare(s)
		for _, r := range calls.requests {
			if len(r) > 1 && strings.Contains(strings.Join(r, ""), large) {
				t.Errorf("a record of 3 MiB went with others in a request meant to have 1 MiB")
			}
		}
		if got := w.payloads("b"); len(got) != 1 || got[0] != large {
			t.Errorf("got %d records of key b, want the large one", len(got))
		}
		if err := s.Check([]byte(large+large), []byte("k")); err == nil {
			t.Error("a record of 6 MiB passed for a stream of 4 MiB")
		}
	})
}

// What is not full goes out after the linger, without anybody asking; what is full, or is waited for, at once.
func TestLinger(t *testing.T) {
	for name, c := range map[string]Config{"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				c := c
				c.Linger = 100 * time.Millisecond
				s := w.open(c)
				w.write(s, "k:0")
				settle(99 * time.Millisecond)
				w.wants("before the linger", 0)
				settle(2 * time.Millisecond)
				w.wants("after the linger", 1)
				w.write(s, "k:1")
				w.prepare(s)
				w.wants("after Prepare", 2)
			})
		})
	}
	inWorld(t, 1, func(w *world) {
		s := w.open(Config{Linger: time.Hour})
		w.write(s, series("k", maxRequestRecords+1)...)
		synctest.Wait()
		w.wants("with one more than a request holds", maxRequestRecords)
		settle(time.Hour)
		w.wants("an hour later", maxRequestRecords+1)
	})
}

func (w *world) wants(when string, n int) {
	w.Helper()
	if got := len(w.read()); got != n {
		w.Errorf("%s: %d records are in, want %d", when, got, n)
	}
}

// A sink whose service does not answer takes a bounded amount, then Write waits until its context ends.
func TestWriteBlocks(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.inject("PutRecords error=ServiceUnavailable")
		s := w.open(Config{InFlight: 2, BatchBytes: 10_000})
		ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
		defer cancel()
		taken := 0
		for {
			err := s.Write(ctx, chunkOf(fmt.Sprintf("key %d:%s", taken, strings.Repeat("x", 1000))))
			if errors.Is(err, context.DeadlineExceeded) {
				break
			}
			w.must(err)
			taken++
		}
		// As much waits as may be in flight, and so much is in flight; the last one taken may pass the bound.
		if taken < 20 || taken > 42 {
			t.Errorf("%d records of 1 KB were taken, want 20 to 42", taken)
		}
	})
}

// Close in the middle of calls, and of waiting for the next attempt, ends all there is (a bubble fails where a goroutine
// is left).
func TestCloseInTheMiddle(t *testing.T) {
	for name, fault := range map[string]string{
		"calls that hang": "PutRecords latency=1h", "between attempts": "PutRecords error=ServiceUnavailable", "a shard that throttles": "PutRecords.Record error=ProvisionedThroughputExceededException",
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 2, func(w *world) {
				w.inject(fault)
				s := w.open(Config{})
				w.write(s, series("k", 2000)...)
				settle(time.Second)
				begun := time.Now()
				w.must(s.Close())
				w.must(s.Close())
				if d := time.Since(begun); d > 0 {
					t.Errorf("Close took %v", d)
				}
				if _, err := s.Prepare(w.Context(), record.Barrier{}); err == nil {
					t.Error("Prepare after Close succeeded")
				}
				if err := s.Write(w.Context(), chunkOf("k:x")); err == nil {
					t.Error("Write after Close succeeded")
				}
			})
		})
	}
}

func TestOpenRefusesSettings(t *testing.T) {
	w := newWorld(t, 1)
	for name, c := range map[string]Config{
		"nothing in flight": {BatchBytes: 1, InFlight: 0}, "no bytes": {InFlight: 1}, "too many bytes": {InFlight: 1, BatchBytes: maxRequestBytes + 1},
		"negative linger": {InFlight: 1, BatchBytes: 1, Linger: -1},
	} {
		if s, err := Open(t.Context(), c, w.client); err == nil {
			t.Errorf("%s: opened %v", name, s)
		}
	}
}

// Took and Again tell of user records, where they are, and which had to go out again; packed or not.
func TestTookAndAgain(t *testing.T) {
	for _, aggregate := range []bool{false, true} {
		inWorld(t, 2, func(w *world) {
			w.inject("PutRecords.Record times=1 error=InternalFailure")
			a, b := w.keyIn(0), w.keyIn(1)
			got, again := map[string]int{}, 0
			s := w.open(Config{
				Aggregate: aggregate,
				Took:      func(shard string, records, bytes int) { got[shard] += 100*records + bytes },
				Again:     func(records int) { again += records },
			})
			w.write(s, a+":x", a+":yy", b+":zzz")
			w.prepare(s)
			synctest.Wait()
			want := map[string]int{"shardId-000000000000": 203, "shardId-000000000001": 103}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("aggregate %t (-want +got):\n%s", aggregate, diff)
			}
			if least := map[bool]int{true: 2, false: 1}[aggregate]; again < 1 || again > least {
				t.Errorf("aggregate %t: %d went out again", aggregate, again)
			}
		})
	}
}
