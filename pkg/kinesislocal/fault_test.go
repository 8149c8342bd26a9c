package kinesislocal_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

func TestFaultAnswersErrors(t *testing.T) {
	bubble(t, 2, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		in := must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{
			Operation: "GetRecords", Stream: "logs", Shard: shardName(1), After: 1, Times: 2, Error: "ExpiredIteratorException",
		}))
		other, it := iterate(t, c, "logs", shardName(0)), iterate(t, c, "logs", shardName(1))
		for i, want := range []string{"", "ExpiredIteratorException", "ExpiredIteratorException", ""} {
			_, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
			if got := code(err); got != want {
				t.Errorf("call %d: got %q, want %q", i+1, got, want)
			}
			read(t, c, other)
		}
		if got := in.Fired(); got != 2 {
			t.Errorf("fired %d times, want 2", got)
		}
		if got := s.Calls("GetRecords"); got != 8 {
			t.Errorf("counted %d calls, want 8", got)
		}
	})
}

func TestFaultOfServer(t *testing.T) {
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 1))
	for _, c := range []struct {
		fault  string
		status int
		body   string
	}{
		{"ListStreams times=1 error=InternalFailure", 500, `{"__type":"InternalFailure"}`},
		{"ListStreams times=1 error=ServiceUnavailable", 503, `{"__type":"ServiceUnavailable"}`},
		{`ListStreams times=1 error=AccessDeniedException message="no way"`, 400, `{"__type":"AccessDeniedException","message":"no way"}`},
		{`ListStreams times=1 status=502 body="<html>Bad Gateway</html>"`, 502, `<html>Bad Gateway</html>`},
	} {
		faults, err := kinesislocal.ParseFaults(c.fault)
		check(t, err)
		must[*kinesislocal.Injection](t)(s.Inject(faults[0]))
		if resp, got := post(t, s, "ListStreams", mediaJSON, "{}"); resp.StatusCode != c.status || got != c.body {
			t.Errorf("%s: got %d %s, want %d %s", c.fault, resp.StatusCode, got, c.status, c.body)
		}
	}
	if resp, _ := post(t, s, "ListStreams", mediaJSON, "{}"); resp.StatusCode != http.StatusOK {
		t.Errorf("after all faults: got %d", resp.StatusCode)
	}
}

// TestCutConnection cuts answers on both transports: the write has happened, and the client can't know.
func TestCutConnection(t *testing.T) {
	for name, connect := range map[string]func(testing.TB, *kinesislocal.Server) *kinesis.Client{
		"transport": func(_ testing.TB, s *kinesislocal.Server) *kinesis.Client { return newClient(s) },
		"loopback":  start,
	} {
		for _, cut := range []int{-1, 1, 40} {
			t.Run(name, func(t *testing.T) {
				s := newServer(t, kinesislocal.Config{Limits: unlimited})
				check(t, s.CreateStream("logs", 1))
				c := connect(t, s)
				in := must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{Operation: "PutRecord", CutAfter: cut}))
				record := &kinesis.PutRecordInput{StreamName: aws.String("logs"), PartitionKey: aws.String("k"), Data: []byte("x")}
				if _, err := c.PutRecord(t.Context(), record); err == nil {
					t.Errorf("cut after %d bytes: the client saw no error", cut)
				}
				in.Remove()
				_, err := c.PutRecord(t.Context(), record)
				check(t, err)
				// net/http sends a request again that got no answer at all on a connection used before
				if got := must[[]kinesislocal.Record](t)(s.Records("logs")); len(got) < 2 {
					t.Errorf("cut after %d bytes: the stream holds %d records, want both", cut, len(got))
				}
			})
		}
	}
}

func TestFaultOfSingleRecords(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		in := must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{
			Operation: kinesislocal.EntryOperation, After: 2, Times: 3, Error: throttle,
		}))
		if got := putBatch(t, c, 10, 1); got != 7 {
			t.Errorf("%d of 10 records were taken, want 7", got)
		}
		if got := in.Fired(); got != 3 {
			t.Errorf("fired %d times, want 3", got)
		}
	})
}

func TestLatency(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		for range 2 { // they add up
			must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{Latency: time.Minute}))
		}
		begin := time.Now()
		iterate(t, c, "logs", shardName(0))
		if got := time.Since(begin); got != 2*time.Minute {
			t.Errorf("a call took %v, want 2m", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := c.ListStreams(ctx, &kinesis.ListStreamsInput{})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != 2*time.Minute+3*time.Second {
			t.Errorf("got %v after %v, want the client's own time-out after 3 s", err, time.Since(begin))
		}
	})
}

func TestFaultThatActs(t *testing.T) {
	bubble(t, 1, func(t *testing.T, s *kinesislocal.Server, c *kinesis.Client) {
		must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{
			Operation: "GetRecords", Times: 1, Do: func(call kinesislocal.Call) {
				if _, _, err := s.Split(call.Stream, call.Shard); err != nil || call.Number != 1 {
					t.Errorf("call %d: %v", call.Number, err)
				}
			},
		}))
		if out := read(t, c, iterate(t, c, "logs", shardName(0))); len(out.ChildShards) != 2 {
			t.Errorf("got children %v, want the two of the split in the call", out.ChildShards)
		}
	})
}

func TestProbabilityIsSeeded(t *testing.T) {
	pattern := func(seed uint64) string {
		s := newServer(t, kinesislocal.Config{Limits: unlimited})
		must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{Probability: 0.3, Seed: seed, Error: "InternalFailure"}))
		var b strings.Builder
		for range 200 {
			resp, _ := post(t, s, "ListStreams", mediaJSON, "{}")
			if resp.StatusCode == http.StatusOK {
				b.WriteByte('.')
			} else {
				b.WriteByte('x')
			}
		}
		return b.String()
	}
	one := pattern(1)
	if again := pattern(1); one != again {
		t.Errorf("the same seed gave\n%s and\n%s", one, again)
	}
	if other := pattern(2); one == other {
		t.Error("another seed gave the same calls")
	}
	if n := strings.Count(one, "x"); n < 30 || n > 90 {
		t.Errorf("%d of 200 calls were met, want some 60", n)
	}
}

func TestParseFaults(t *testing.T) {
	got, err := kinesislocal.ParseFaults(`
		# what a bad day looks like
		GetRecords times=2 error=ProvisionedThroughputExceededException

		* stream=logs latency=1m30s
		PutRecords.Record shard=shardId-000000000001 probability=0.25 seed=9 error=InternalFailure message="a \"b\" c"
		PutRecords after=3 status=500 body="<html>" cut=-1
	`)
	check(t, err)
	want := []kinesislocal.Fault{
		{Operation: "GetRecords", Times: 2, Error: throttle},
		{Stream: "logs", Latency: 90 * time.Second},
		{
			Operation: kinesislocal.EntryOperation, Shard: shardName(1), Probability: 0.25, Seed: 9,
			Error: "InternalFailure", Message: `a "b" c`,
		},
		{Operation: "PutRecords", After: 3, Status: 500, Body: "<html>", CutAfter: -1},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(kinesislocal.Fault{}, "Do")); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for line, want := range map[string]string{
		"GetRecord error=X":                       "no operation",
		"GetRecords":                              "nothing happens",
		"GetRecords error":                        "want name=value",
		"GetRecords errors=X":                     "unknown name",
		"GetRecords times=two error=X":            "invalid syntax",
		"GetRecords times=-1 error=X":             "negative",
		`GetRecords message="x`:                   "not closed",
		"GetRecords message=x latency=1s":         "without an error",
		"GetRecords probability=2 error=X":        "between 0 and 1",
		"GetRecords probability=NaN error=X":      "between 0 and 1",
		"GetRecords status=99 error=X":            "none of HTTP's",
		"GetRecords error=X cut=5":                "an error has none",
		"PutRecords.Record error=X latency=1s":    "nothing else",
		"* latency=5s\n\nGetRecords latency=soon": "line 3",
	} {
		if _, err := kinesislocal.ParseFaults(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q in it", line, err, want)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add("GetRecords times=2 error=X message=\"a b\"\n* latency=20ms")
	f.Add("PutRecords.Record shard=s probability=1e-3 seed=18446744073709551615 error=\"a=\\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := kinesislocal.ParseFaults(text)
		if err != nil {
			return
		}
		for _, want := range faults {
			got, err := kinesislocal.ParseFaults(want.String())
			if err != nil || len(got) != 1 {
				t.Fatalf("%q does not read back: %v", want, err)
			}
			if diff := cmp.Diff(want, got[0], cmpopts.IgnoreFields(kinesislocal.Fault{}, "Do")); diff != "" {
				t.Errorf("%q reads back as (-want +got):\n%s", want, diff)
			}
		}
	})
}

// TestClientThatGivesUp cancels a call that waits on a clock that nobody moves.
func TestClientThatGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, kinesislocal.Config{Clock: kinesislocal.NewManualClock(time.Now())})
		must[*kinesislocal.Injection](t)(s.Inject(kinesislocal.Fault{Latency: time.Hour}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL(), strings.NewReader("{}"))
		check(t, err)
		r.Header.Set("X-Amz-Target", "Kinesis_20131202.ListStreams")
		r.Header.Set("Content-Type", mediaJSON)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local")
		resp, err := s.HTTPClient().Do(r)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if resp != nil {
			_, _ = io.Copy(io.Discard, resp.Body)
		}
	})
}
