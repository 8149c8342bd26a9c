package kinesis

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// Whatever passes loses nothing, repeats only what may have got in, and keeps the order that it can.
func TestTransientFaults(t *testing.T) {
	all := series("k", 20)
	for name, c := range map[string]struct {
		fault   string
		repeats bool // the call had its effect
	}{
		"throttled record":      {"PutRecords.Record times=7 after=3 error=ProvisionedThroughputExceededException", false},
		"failed record":         {"PutRecords.Record times=7 after=3 error=InternalFailure", false},
		"record, unknown error": {"PutRecords.Record times=7 after=3 error=Odd", false},
		"throttled call":        {"PutRecords times=3 error=LimitExceededException", false},
		"throttled by KMS":      {"PutRecords times=3 error=KMSThrottlingException", false},
		"internal failure":      {"PutRecords times=3 error=InternalFailure", false},
		"unavailable":           {"PutRecords times=3 error=ServiceUnavailable", false},
		"expired credentials":   {"PutRecords times=3 error=ExpiredTokenException", false},
		"access, for a while":   {"PutRecords times=3 error=AccessDeniedException", false},
		"not found, for a bit":  {"PutRecords times=3 error=ResourceNotFoundException", false},
		"being updated":         {"PutRecords times=3 error=ResourceInUseException", false},
		"refused for what?":     {"PutRecords times=3 error=Unheard status=400", false},
		"proxy's page":          {"PutRecords times=3 status=502 body=<html>", true},
		"proxy's refusal":       {"PutRecords times=3 status=400 body=<html>", true},
		"no answer":             {"PutRecords times=3 cut=-1", true},
		"cut answer":            {"PutRecords times=3 cut=30", true},
		"empty answer":          {"PutRecords times=3 body={}", true},
		"no body":               {`PutRecords times=3 body=" "`, true},
		"answer for too few":    {`PutRecords times=3 body="{\"Records\":[{\"ShardId\":\"s\",\"SequenceNumber\":\"1\"}]}"`, true},
		"answer that says nothing": {`PutRecords times=3 body="{\"Records\":[` + strings.TrimSuffix(strings.Repeat(`{},`, len(all)),
			",") + `]}"`, true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				met := w.inject(c.fault)
				calls := w.record(&recorder{})
				s, err := Open(w.Context(), w.complete(Config{}), calls)
				w.must(err)
				defer s.Close()
				w.write(s, all...)
				w.prepare(s)
				if met[0].Fired() == 0 {
					t.Fatal("the fault met nothing")
				}
				got := w.payloads("k")
				if !c.repeats && len(got) != len(all) {
					t.Errorf("%d records are there, want %d", len(got), len(all))
				}
				if c.repeats && len(got) <= len(all) {
					t.Errorf("%d records are there: the calls had no effect, and the test tests nothing", len(got))
				}
				w.holds(map[string]int{"k": len(all)}, Config{})
				for _, fault := range calls.faults {
					t.Error(fault)
				}
			})
		})
	}
}

// What does not pass ends with an error that a person understands: at once where another try can't help, after a minute
// where it might have. Nothing is said to be prepared.
func TestFatalFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		after time.Duration
		want  string
	}{
		"not allowed":       {"PutRecords error=AccessDeniedException", awserror.Patience, "not allowed to call kinesis:PutRecords, tried for 1m0s"},
		"key disabled":      {"PutRecords error=KMSDisabledException", awserror.Patience, "encryption key"},
		"no credentials":    {"PutRecords error=UnrecognizedClientException", awserror.Patience, "credentials"},
		"deleted":           {"PutRecords error=ResourceNotFoundException", awserror.Patience, "was it deleted?"},
		"wrong call":        {"PutRecords error=InvalidArgumentException message=why", 0, "calling kinesis:PutRecords"},
		"refused for what?": {"PutRecords error=Unheard status=400", awserror.Patience, "calling kinesis:PutRecords, tried for 1m0s"},
		"record not valid":  {"PutRecords.Record error=ValidationException message=bad", 0, "ValidationException: bad"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.inject(c.fault)
				s := w.open(Config{})
				w.write(s, "k:0", "l:0")
				begun := time.Now()
				_, err := s.Prepare(w.Context(), record.Barrier{})
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), out) {
					t.Errorf("Prepare says %v, want %q and the stream's name", err, c.want)
				}
				if d := time.Since(begun); d < c.after || d > c.after+10*time.Second {
					t.Errorf("it took %v, want %v", d, c.after)
				}
				if again := s.Write(w.Context(), chunkOf("k:1")); again == nil || !strings.Contains(again.Error(), c.want) {
					t.Errorf("Write after it says %v", again)
				}
			})
		})
	}
}

func TestOpenOverFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		c     Config
		want  string // "": it opens
	}{
		"not there yet":         {"DescribeStreamSummary times=5 error=ResourceNotFoundException", Config{}, ""},
		"not allowed yet":       {"DescribeStreamSummary times=5 error=AccessDeniedException", Config{}, ""},
		"network down":          {"DescribeStreamSummary times=200 cut=-1", Config{}, ""},
		"nonsense":              {"DescribeStreamSummary times=5 body={}", Config{}, ""},
		"throttled":             {"DescribeStreamSummary times=5 error=LimitExceededException", Config{}, ""},
		"list throttled":        {"ListShards times=5 error=LimitExceededException", Config{Aggregate: true}, ""},
		"list of no shards":     {"ListShards times=5 body={}", Config{Aggregate: true}, ""},
		"never there":           {"DescribeStreamSummary error=ResourceNotFoundException", Config{}, "not found, tried for 1m0s"},
		"never allowed":         {"DescribeStreamSummary error=AccessDeniedException", Config{}, "kinesis:DescribeStreamSummary"},
		"list is never allowed": {"ListShards error=AccessDeniedException", Config{Aggregate: true}, "kinesis:ListShards"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 2, func(w *world) {
				w.inject(c.fault)
				s, err := Open(w.Context(), w.complete(c.c), w.client)
				switch {
				case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
					t.Errorf("Open says %v, want %q", err, c.want)
				case c.want == "" && err != nil:
					t.Error(err)
				case c.want == "":
					w.write(s, "k:0")
					w.prepare(s)
					w.must(s.Close())
				}
			})
		})
	}
	inWorld(t, 1, func(w *world) {
		w.inject("DescribeStreamSummary cut=-1")
		ctx, cancel := context.WithTimeout(w.Context(), time.Hour)
		defer cancel()
		if _, err := Open(ctx, w.complete(Config{}), w.client); err == nil || ctx.Err() == nil {
			t.Errorf("with the network down for ever Open says %v before its context ends", err)
		}
	})
}

// The keys of a shard that throttles hold up no others.
func TestHotShard(t *testing.T) {
	for name, c := range map[string]Config{"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 2, func(w *world) {
				hot, cold := w.keyIn(0), w.keyIn(1)
				w.inject("PutRecords.Record shard=shardId-000000000000 error=ProvisionedThroughputExceededException")
				c, throttled := c, 0
				c.Throttled = func(string, string) { throttled++ }
				s := w.open(c)
				for i := range 100 {
					w.write(s, fmt.Sprintf("%s:%d", hot, i), fmt.Sprintf("%s:%d", cold, i))
				}
				settle(10 * time.Second)
				var want []string
				for i := range 100 {
					want = append(want, fmt.Sprint(i))
				}
				if diff := cmp.Diff(want, w.payloads(cold)); diff != "" {
					t.Errorf("wanted (-) and there (+) of the key whose shard does not throttle:\n%s", diff)
				}
				if got := w.payloads(hot); len(got) != 0 {
					t.Errorf("%d records are in a shard that takes none", len(got))
				}
				if throttled == 0 {
					t.Error("nobody was told of the throttling")
				}
			})
		})
	}
}

// A shard's limits are used up, and not asked for in a loop.
func TestThrottledPace(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		calls := w.record(&recorder{})
		s, err := Open(w.Context(), w.complete(Config{Linger: 100 * time.Millisecond}), calls)
		w.must(err)
		defer s.Close()
		const n = 6000 // 1,000 a second, and one second's worth saved up
		begun := time.Now()
		for i := range n / 100 {
			var records []string
			for j := range 100 {
				records = append(records, fmt.Sprintf("key %d:0", 100*i+j))
			}
			w.write(s, records...)
		}
		w.prepare(s)
		if d := time.Since(begun); d < 4900*time.Millisecond || d > 6500*time.Millisecond {
			t.Errorf("%d records took %v by a shard that takes 1,000 a second", n, d)
		}
		if len(calls.requests) > 250 {
			t.Errorf("%d calls were made", len(calls.requests))
		}
		w.wants("after it", n)
	})
}

// Nothing spins while all waits: a stuck service gets a call now and then.
func TestNoSpinning(t *testing.T) {
	for name, fault := range map[string]string{
		"calls fail": "PutRecords error=InternalFailure", "records fail": "PutRecords.Record error=InternalFailure",
	} {
		for mode, c := range map[string]Config{"plain": {Linger: time.Second}, "aggregated": {Aggregate: true}} {
			t.Run(name+", "+mode, func(t *testing.T) {
				inWorld(t, 1, func(w *world) {
					w.inject(fault)
					calls := w.record(&recorder{})
					s, err := Open(w.Context(), w.complete(c), calls)
					w.must(err)
					defer s.Close()
					w.write(s, series("k", 20)...)
					ctx, cancel := context.WithTimeout(w.Context(), 10*time.Minute)
					defer cancel()
					if _, err := s.Prepare(ctx, record.Barrier{}); err == nil {
						t.Error("Prepare succeeded")
					}
					synctest.Wait()
					if n := len(calls.requests); n < 100 || n > 3000 {
						t.Errorf("%d calls in 10 minutes", n)
					}
					if n := w.said.Len(); n < 10 || n > 30 {
						t.Errorf("%d lines in the log of 10 minutes", n)
					}
				})
			})
		}
	}
}
