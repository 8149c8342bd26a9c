package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

func TestLimiterIsPrecise(t *testing.T) {
	for _, perSecond := range []float64{0.5, 7, 500, 10_000} {
		synctest.Test(t, func(t *testing.T) {
			l, begun := newLimiter(perSecond), time.Now()
			n := int(10 * perSecond)
			for range n {
				if err := l.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if d := time.Since(begun); (d - 10*time.Second).Abs() > 50*time.Millisecond {
				t.Errorf("%d records at %v/s took %v, want 10s", n, perSecond, d)
			}
		})
	}
}

// What consume prints with all that it knows, produce writes as it was: keys and payloads, to the byte.
func TestConsumeToProduce(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("from", 2))
	must(t, server.CreateStream("to", 3))
	want := map[string]string{}
	for i, data := range []string{
		`{"a": 1}`, "{\n \"a\": 1\n}", `"text"`, "text", " 7 ", "\xff\x00binary", "", "a\r\nb", `{"key":"x","data":"y"}`, "\u2028<&>",
	} {
		key := fmt.Sprintf("key %d é", i)
		want[key] = data
		_, _, err := server.Put("from", key, []byte(data))
		must(t, err)
	}
	var lines, said bytes.Buffer
	if status := execute([]string{"consume", "from", "--from", "oldest", "-e", "-o", "json"}, strings.NewReader(""), &lines, &said); status != 0 {
		t.Fatalf("consume: %d: %s", status, &said)
	}
	if status := execute([]string{"produce", "to"}, &lines, io.Discard, &said); status != 0 {
		t.Fatalf("produce: %d: %s", status, &said)
	}
	records, err := server.Records("to")
	must(t, err)
	got := map[string]string{}
	for _, r := range records {
		got[r.PartitionKey] = string(r.Data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("payloads by key (-want +got):\n%s", diff)
	}
}

// Ctrl-C ends reading, not writing: what has been read is sent, and said.
func TestProduceStops(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("logs", 1))
	met := make(chan struct{})
	_, err := server.Inject(kinesislocal.Fault{
		Operation: "PutRecords", Times: 1, Do: func(kinesislocal.Call) { close(met) }, Error: "InternalFailure",
	})
	must(t, err)
	in, typed := io.Pipe()
	defer typed.Close()
	stop, interrupt := context.WithCancel(t.Context())
	var said bytes.Buffer
	root := newRoot(&terminal{in: in, out: io.Discard, err: &said, stop: stop, abandoned: new(atomic.Int32)})
	root.SetArgs([]string{"produce", "logs", "--log-level", "error"})
	over := make(chan error)
	go func() { over <- root.ExecuteContext(t.Context()) }()
	_, err = io.WriteString(typed, "one\n")
	must(t, err)
	<-met
	interrupt()
	must(t, <-over)
	if want := "kstream: 1 record and 3 bytes are in logs (1 sent again)\n"; said.String() != want {
		t.Errorf("it says %q, want %q", &said, want)
	}
}

func TestReportOfManyShards(t *testing.T) {
	p := newProducer(nil, &form{name: "lines"}, 0, io.Discard)
	for i := range mostShards + 1 {
		p.took.add(fmt.Sprintf("shardId-%012d", i), 10+i, 100)
	}
	p.written = p.took.all.records + 2
	var out strings.Builder
	p.report(&out, "logs")
	want := "kstream: 306 records and 1700 bytes are in logs; the 2 behind them may not be\n" +
		"kstream: over 17 shards: the least in shardId-000000000000 (10), the most in shardId-000000000016 (26)\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}
