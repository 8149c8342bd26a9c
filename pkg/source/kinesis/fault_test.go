package kinesis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// TestFaultsLoseNothing reads through each class of error, while reading and in the calls before it: nothing is lost,
// nothing comes twice.
func TestFaultsLoseNothing(t *testing.T) {
	for _, fault := range []string{
		"GetRecords after=1 times=7 error=ProvisionedThroughputExceededException",
		"GetRecords after=1 times=3 error=KMSThrottlingException",
		"GetRecords after=2 times=3 error=LimitExceededException",
		"GetRecords after=1 times=30 error=InternalFailureException",
		"GetRecords after=1 times=3 error=ServiceUnavailable",
		"GetRecords after=1 times=2 status=502 body=<html>",
		"GetRecords after=1 times=3 cut=100",
		"GetRecords after=1 times=3 cut=-1",
		"GetRecords after=1 times=4 error=ExpiredIteratorException",
		"GetRecords after=1 times=4 error=InvalidArgumentException",
		"GetRecords after=1 times=5 error=ExpiredTokenException",
		"GetRecords after=1 times=5 error=AccessDeniedException",
		"GetRecords after=1 times=3 error=ResourceNotFoundException",
		"GetRecords probability=0.4 seed=1 error=ProvisionedThroughputExceededException",
		"GetRecords probability=0.5 seed=2 cut=300",
		"GetRecords after=2 times=2 body={\"NextShardIterator\":\"AAAA\",\"Records\":[],\"ChildShards\":[{\"ShardId\":\"x\",\"ParentShards\":[\"y\"]}]}",
		"GetRecords after=1 times=3 error=Unheard",
		"GetRecords after=1 times=3 status=400 body=bad",
		"GetRecords after=1 times=2 body={}",
		"GetRecords after=1 times=2 body=null",
		"GetRecords after=1 times=2 body=[]",
		"GetRecords after=1 times=2 body={\"Records\":[],\"MillisBehindLatest\":0}",
		"GetRecords latency=20s",
		"GetShardIterator times=4 error=ProvisionedThroughputExceededException",
		"GetShardIterator times=4 error=InternalFailure",
		"GetShardIterator times=2 cut=10",
		"ListShards times=3 error=LimitExceededException",
		"ListShards times=2 error=ExpiredNextTokenException",
		"ListShards times=5 cut=-1",
		"ListShards times=2 body={}",
		"DescribeStreamSummary times=3 error=LimitExceededException",
		"DescribeStreamSummary times=4 error=AccessDeniedException",
		"DescribeStreamSummary times=4 error=ResourceNotFoundException",
		"* probability=0.3 seed=3 error=InternalFailure",
	} {
		t.Run(fault, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				want := numbered(0, 40)
				w.put(0, want[:20]...)
				in := w.inject(fault)[0]
				j := w.start(record.Position{}, nil)
				j.ToTip(w.T)
				w.put(0, want[20:]...)
				for range 3 {
					j.ToTip(w.T)
				}
				if got := payloads(j); !slices.Equal(got, want) {
					t.Errorf("read %q", got)
				}
				if in.Fired() == 0 {
					t.Error("the fault never happened")
				}
				code := strings.TrimPrefix(fault[strings.LastIndex(fault, " "):], " error=")
				if c, _ := awserror.OfCode(code); (c == awserror.Throttled) != (len(w.seen.throttled) > 0) {
					t.Errorf("throttled calls counted: %v", w.seen.throttled)
				}
				if len(w.seen.trimmed) > 0 {
					t.Errorf("said to be lost: %v", w.seen.trimmed)
				}
			})
		})
	}
}

// TestFaultsThatEndTheRun sees what can't be mended end the run in words, soon where trying on is no use and in a minute
// where it may be.
func TestFaultsThatEndTheRun(t *testing.T) {
	tests := []struct {
		fault  string
		within time.Duration
		words  string
	}{
		{"GetRecords error=ValidationException", time.Second, "kinesis:GetRecords"},
		{"GetRecords error=AccessDeniedException", 2 * time.Minute, "not allowed to call kinesis:GetRecords"},
		{"GetRecords error=KMSDisabledException", 2 * time.Minute, "not allowed"},
		{"GetRecords error=ResourceNotFoundException", 2 * time.Minute, "not found"},
		{"GetRecords error=Unheard", 2 * time.Minute, "tried for 1m0s"},
		{"GetRecords error=ExpiredIteratorException", 2 * time.Minute, "ExpiredIteratorException"},
		{"GetShardIterator error=AccessDeniedException", 2 * time.Minute, "kinesis:GetShardIterator"},
		{"GetShardIterator error=InvalidArgumentException", time.Second, "InvalidArgumentException"},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.put(0, "one")
				w.inject(tt.fault)
				j := w.start(record.Position{}, nil)
				began := time.Now()
				err := j.ReadPage(w.Context(), w.id(0), record.NewPage(nil))
				if err == nil || !strings.Contains(err.Error(), tt.words) || !strings.Contains(err.Error(), logs) {
					t.Errorf("error %v, want one with %q and the stream", err, tt.words)
				}
				if took := time.Since(began); took > tt.within {
					t.Errorf("ended behind %v, want %v at most", took, tt.within)
				}
				if tt.within > time.Second && time.Since(began) < awserror.Patience/2 && !strings.Contains(tt.fault, "Expired") {
					t.Errorf("gave up behind %v", time.Since(began))
				}
			})
		})
	}
}

func TestRestoreFails(t *testing.T) {
	tests := []struct {
		fault, words string
	}{
		{"DescribeStreamSummary error=ResourceNotFoundException", "check its name"},
		{"DescribeStreamSummary error=AccessDeniedException", "not allowed to call kinesis:DescribeStreamSummary"},
		{"ListShards error=AccessDeniedException", "not allowed to call kinesis:ListShards"},
		{"ListShards error=InvalidArgumentException", "kinesis:ListShards"},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.inject(tt.fault)
				if _, err := w.source(nil).Restore(w.Context(), record.Position{}, nil); err == nil || !strings.Contains(err.Error(), tt.words) {
					t.Errorf("error %v, want one with %q", err, tt.words)
				}
			})
		})
	}
}

// TestNetworkDownForHours has no patience: an outage ends when it ends, and says so now and then.
func TestNetworkDownForHours(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "one")
		j := w.start(record.Position{}, nil)
		down := w.inject("* cut=-1")[0]
		go func() {
			time.Sleep(time.Hour)
			down.Remove()
		}()
		j.ToTip(w.T)
		if got := payloads(j); !slices.Equal(got, []string{"one"}) {
			t.Errorf("read %q", got)
		}
		if n := w.server.Calls("GetShardIterator"); n < 300 || n > 1300 {
			t.Errorf("%d calls in an hour, with up to 10 s between them", n)
		}
		if lines := w.said.Len(); lines == 0 || lines > int(time.Hour/sayEvery)+2 {
			t.Errorf("%d lines were said of it", lines)
		}
	})
}

// TestPatienceBeginsAnew forgets a refusal once a call has succeeded.
func TestPatienceBeginsAnew(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		j := w.start(record.Position{}, nil)
		for range 4 {
			denied := w.inject("GetRecords error=AccessDeniedException")[0]
			go func() {
				time.Sleep(40 * time.Second)
				denied.Remove()
			}()
			j.ToTip(w.T)
		}
	})
}

// TestIteratorGrowsOld leaves a reader alone for longer than an iterator lives, at the tip and behind it.
func TestIteratorGrowsOld(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		want := numbered(0, 12)
		w.put(0, want[:4]...)
		j := w.start(record.Position{}, nil)
		for i := 4; i < 12; i += 4 {
			j.ToTip(w.T)
			time.Sleep(20 * time.Minute)
			w.put(0, want[i:i+4]...)
		}
		j.ToTip(w.T)
		if got := payloads(j); !slices.Equal(got, want) {
			t.Errorf("read %q", got)
		}
		if n := w.server.Calls("GetShardIterator"); n != 3 {
			t.Errorf("%d iterators, want 3", n)
		}
	})
}

// TestCancelledWhileRetrying ends in a wait, and in a call that hangs.
func TestCancelledWhileRetrying(t *testing.T) {
	for _, fault := range []string{"GetRecords error=InternalFailure", "GetRecords latency=10h", "GetShardIterator error=AccessDenied"} {
		inWorld(t, 1, func(w *world) {
			w.put(0, "one")
			in := w.inject(fault)[0]
			j := w.start(record.Position{}, nil)
			ctx, cancel := context.WithCancel(w.Context())
			go func() {
				time.Sleep(11 * time.Second)
				synctest.Wait()
				cancel()
			}()
			began := time.Now()
			page := record.NewPage(nil)
			if err := j.ReadPage(ctx, w.id(0), page); !errors.Is(err, context.Canceled) || time.Since(began) > 12*time.Second {
				t.Errorf("%s: behind %v: %v", fault, time.Since(began), err)
			}
			page.Reset()
			in.Remove()
			if err := j.ReadPage(w.Context(), w.id(0), page); err != nil || !slices.Equal(payloads(j), []string{"one"}) {
				t.Errorf("%s: then read %q, %v", fault, payloads(j), err)
			}
		})
	}
}
