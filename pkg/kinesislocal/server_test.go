package kinesislocal_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/goleak"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []kinesislocal.Config{{Account: "5"}, {Transition: -1}, {MaxBytes: -1}} {
		if _, err := kinesislocal.New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	s := newServer(t, kinesislocal.Config{Addr: "127.0.0.1:none"})
	if err := s.Start(); err == nil {
		t.Error("an address that is none was taken")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestStartOnce(t *testing.T) {
	s := newServer(t, kinesislocal.Config{})
	start(t, s)
	if err := s.Start(); err == nil {
		t.Error("it was started twice")
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	s := newServer(t, kinesislocal.Config{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, s.Serve(ctx, l))
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the listener is still open")
	}
	if err := s.Serve(t.Context(), l); err == nil {
		t.Error("a closed listener was served")
	}
}

// TestMaxBytes writes much more than the server may hold, over two shards of which one falls silent.
func TestMaxBytes(t *testing.T) {
	const limit = 1 << 20
	s := newServer(t, kinesislocal.Config{MaxBytes: limit, Limits: unlimited, Clock: kinesislocal.SystemClock{}})
	check(t, s.CreateStream("logs", 2))
	data := make([]byte, 10_000)
	for i := range 500 {
		shard := shardName(1)
		if i < 50 {
			shard = shardName(0)
		}
		_, err := s.PutTo("logs", shard, fmt.Sprint(i), data)
		check(t, err)
	}
	held, newest := 0, ""
	for _, r := range must[[]kinesislocal.Record](t)(s.Records("logs")) {
		held, newest = held+len(r.Data)+len(r.PartitionKey), r.PartitionKey
	}
	if held > limit || held < limit*9/10 || newest != "499" {
		t.Errorf("holds %d bytes up to record %s, want close to %d and 499", held, newest, limit)
	}
	out := read(t, newClient(s), iterate(t, newClient(s), "logs", shardName(0)))
	if len(out.Records) != 0 {
		t.Errorf("%d old records are left in the silent shard", len(out.Records))
	}
}

func TestTrim(t *testing.T) {
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 1))
	put(t, s, "k", []byte("0"))
	_, second := put(t, s, "k", []byte("1"))
	check(t, s.Trim("logs", shardName(0), second))
	if out := read(t, newClient(s), iterate(t, newClient(s), "logs", shardName(0))); len(out.Records) != 1 || *out.Records[0].SequenceNumber != second {
		t.Errorf("got %d records, want the second alone", len(out.Records))
	}
	check(t, s.Trim("logs", shardName(0), ""))
	if got := must[[]kinesislocal.Record](t)(s.Records("logs")); len(got) != 0 {
		t.Errorf("%d records are left", len(got))
	}
	wantCode(t, s.Trim("logs", shardName(0), "5"), "InvalidArgumentException")
	wantCode(t, s.Trim("logs", shardName(9), ""), "ResourceNotFoundException")
	wantCode(t, s.Trim("none", shardName(0), ""), "ResourceNotFoundException")
}

// TestManyAtOnce lets writers, readers and a resharder loose on one stream; the race detector and the count of records
// are the judges.
func TestManyAtOnce(t *testing.T) {
	const writers, each = 4, 200
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 4))
	c := newClient(s)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_, err := c.PutRecord(t.Context(), &kinesis.PutRecordInput{
					StreamName: aws.String("logs"), PartitionKey: aws.String(fmt.Sprint(w, "-", i)), Data: []byte("x"),
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 20 {
			if err := s.Scale("logs", 1+i%5); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for i := range 100 {
			read(t, c, iterate(t, c, "logs", shardName(i%4)))
		}
	})
	wg.Wait()
	if got := must[[]kinesislocal.Record](t)(s.Records("logs")); len(got) != writers*each {
		t.Errorf("the stream holds %d records, want %d", len(got), writers*each)
	}
	byKey, _ := walk(t, c, "logs", []string{shardName(0), shardName(1), shardName(2), shardName(3)})
	if len(byKey) != writers*each {
		t.Errorf("%d records were read, want %d", len(byKey), writers*each)
	}
}

func TestTenThousandShards(t *testing.T) {
	s := newServer(t, kinesislocal.Config{Limits: unlimited})
	check(t, s.CreateStream("logs", 10_000))
	c := newClient(s)
	listed := 0
	for in := (&kinesis.ListShardsInput{StreamName: aws.String("logs")}); in != nil; {
		page, err := c.ListShards(t.Context(), in)
		check(t, err)
		listed += len(page.Shards)
		in = nil
		if page.NextToken != nil {
			in = &kinesis.ListShardsInput{NextToken: page.NextToken}
		}
	}
	if listed != 10_000 {
		t.Errorf("listed %d shards", listed)
	}
	shard, _ := put(t, s, "k", []byte("x"))
	if out := read(t, c, iterate(t, c, "logs", shard)); len(out.Records) != 1 {
		t.Errorf("got %d records", len(out.Records))
	}
}

// BenchmarkGetRecords reads pages of 10,000 records of 1 KB, as a client that throws them away.
func BenchmarkGetRecords(b *testing.B) {
	for _, media := range []string{mediaJSON, mediaCBOR} {
		b.Run(media, func(b *testing.B) {
			s := newServer(b, kinesislocal.Config{Limits: unlimited})
			check(b, s.CreateStream("logs", 1))
			for range 10_000 {
				put(b, s, "key", make([]byte, 1000))
			}
			it := fmt.Sprintf(`{"ShardIterator":%q}`, *iterate(b, newClient(s), "logs", shardName(0)))
			if media == mediaCBOR {
				it = cborMap(b, "ShardIterator", *iterate(b, newClient(s), "logs", shardName(0)))
			}
			b.SetBytes(10_000 * 1000)
			b.ReportAllocs()
			w := &discard{header: http.Header{}}
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "/", bytes.NewReader([]byte(it)))
				check(b, err)
				r.Header.Set("X-Amz-Target", "Kinesis_20131202.GetRecords")
				r.Header.Set("Content-Type", media)
				r.Header.Set("Authorization", "x")
				if s.ServeHTTP(w, r); w.status != http.StatusOK {
					b.Fatalf("status %d", w.status)
				}
			}
		})
	}
}

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
