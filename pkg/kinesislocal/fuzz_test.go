package kinesislocal

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestTokensCarryTheirFields(t *testing.T) {
	it := iterator{"logs", 1459799926480, 9999, 1 << 60, 1459799926481}
	if got, ok := parseIterator(it.String()); !ok || got != it {
		t.Errorf("got %+v, %v, want %+v", got, ok, it)
	}
	c := cursor{"logs", 5, shardFilter{fromTimestamp, 7, 1459799926480}, -1, 6}
	if got, ok := parseCursor(c.String()); !ok || got != c {
		t.Errorf("got %+v, %v, want %+v", got, ok, c)
	}
	if _, ok := parseCursor(it.String()); ok {
		t.Error("an iterator was taken for a token")
	}
}

func FuzzIterator(f *testing.F) {
	f.Add(iterator{"logs", 1, 2, 3, 4}.String())
	f.Add(cursor{stream: "logs"}.String())
	f.Add("AAAAAAAAAAE=")
	f.Fuzz(func(t *testing.T, text string) {
		if it, ok := parseIterator(text); ok {
			if again, ok := parseIterator(it.String()); !ok || again != it {
				t.Errorf("%+v reads back as %+v", it, again)
			}
		}
		if c, ok := parseCursor(text); ok {
			if again, ok := parseCursor(c.String()); !ok || again != c {
				t.Errorf("%+v reads back as %+v", c, again)
			}
		}
		s := fuzzServer(t)
		fuzzCall(t, s, "GetRecords", jsonCodec{}.media(), fmt.Appendf(nil, `{"ShardIterator":%q}`, text))
	})
}

// fuzzServer is a server with something to find: two shards, one of them closed.
func fuzzServer(t testing.TB) *Server {
	// a bound on shards keeps the fuzzer from spending its time on streams of 100,000
	s, err := New(Config{Limits: &Limits{Shards: 50}, Clock: NewManualClock(time.UnixMilli(1459799926480)), MaxBytes: 1 << 20})
	if err == nil {
		err = s.CreateStream("logs", 1)
	}
	if err == nil {
		_, _, err = s.Put("logs", "k", []byte("payload"))
	}
	if err == nil {
		_, _, err = s.Split("logs", shardName(0))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fuzzCall sends what may be anything. The server may refuse it, in the service's way, but has no fault of its own.
func fuzzCall(t *testing.T, s *Server, op, media string, body []byte) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://local/", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", targetPrefix+op)
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "x")
	rep, err := s.answer(r)
	if err != nil {
		t.Fatal(err)
	}
	if rep.status != http.StatusOK && rep.status != http.StatusBadRequest {
		t.Fatalf("%s of %q: got %d %s", op, body, rep.status, rep.body)
	}
}

// requests are what a client may send: the seeds of both fuzz targets.
var requests = map[string]string{
	"CreateStream":                  `{"StreamName":"a","ShardCount":2}`,
	"DecreaseStreamRetentionPeriod": `{"StreamName":"logs","RetentionPeriodHours":24}`,
	"DeleteStream":                  `{"StreamName":"logs"}`,
	"DescribeLimits":                `{}`,
	"DescribeStream":                `{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/logs","Limit":5}`,
	"DescribeStreamSummary":         `{"StreamName":"logs"}`,
	"GetRecords":                    `{"ShardIterator":"x","Limit":5}`,
	"GetShardIterator":              `{"StreamName":"logs","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1.5e9}`,
	"IncreaseStreamRetentionPeriod": `{"StreamName":"logs","RetentionPeriodHours":48}`,
	"ListShards":                    `{"StreamName":"logs","MaxResults":1,"ShardFilter":{"Type":"AT_TIMESTAMP","Timestamp":1e9}}`,
	"ListStreams":                   `{"Limit":1}`,
	"MergeShards":                   `{"StreamName":"logs","ShardToMerge":"shardId-000000000001","AdjacentShardToMerge":"shardId-000000000002"}`,
	"PutRecord":                     `{"StreamName":"logs","Data":"eA==","PartitionKey":"k","ExplicitHashKey":"5"}`,
	"PutRecords":                    `{"StreamName":"logs","Records":[{"Data":"eA==","PartitionKey":"k"}]}`,
	"SplitShard":                    `{"StreamName":"logs","ShardToSplit":"shardId-000000000001","NewStartingHashKey":"77"}`,
	"UpdateMaxRecordSize":           `{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/logs","MaxRecordSizeInKiB":2048}`,
	"UpdateShardCount":              `{"StreamName":"logs","TargetShardCount":3,"ScalingType":"UNIFORM_SCALING"}`,
	"UpdateStreamMode":              `{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/logs","StreamModeDetails":{"StreamMode":"ON_DEMAND"}}`,
}

func TestEveryOperationHasASeed(t *testing.T) {
	for op := range operations {
		if requests[op] == "" {
			t.Errorf("no seed for %s", op)
		}
	}
}

func FuzzRequestJSON(f *testing.F) {
	for op, body := range requests {
		f.Add(op, []byte(body))
	}
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		if len(body) < 1<<12 {
			fuzzCall(t, fuzzServer(t), op, jsonCodec{}.media(), body)
		}
	})
}

func FuzzRequestCBOR(f *testing.F) {
	for op, body := range requests {
		var members map[string]any
		if err := (jsonCodec{}).decode([]byte(body), &members); err != nil {
			f.Fatal(err)
		}
		encoded, err := cborCodec{}.encode(members)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(op, encoded)
	}
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		if len(body) < 1<<12 {
			fuzzCall(t, fuzzServer(t), op, cborCodec{}.media(), body)
		}
	})
}
