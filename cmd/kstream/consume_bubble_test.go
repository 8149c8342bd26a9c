package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
)

// bubble is a consume of the stream "in", with an embedded Kinesis whose clock is the bubble's.
type bubble struct {
	t        *testing.T
	server   *kinesislocal.Server
	clients  []streamClient
	answered atomic.Int64 // unix milliseconds of the last answer of GetRecords
	out, err timed
}

// timed keeps what is written to it, and when the first of it was.
type timed struct {
	mu    sync.Mutex
	text  bytes.Buffer // guarded by mu
	first time.Time    // guarded by mu
}

func (w *timed) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.text.Len() == 0 {
		w.first = time.Now()
	}
	return w.text.Write(p)
}

func (w *timed) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// Do implements aws.HTTPClient, and notes when records are answered.
func (b *bubble) Do(r *http.Request) (*http.Response, error) {
	resp, err := b.server.HTTPClient().Do(r)
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetRecords") {
		b.answered.Store(time.Now().UnixMilli())
	}
	return resp, err
}

// inBubble runs test in a bubble, with a stream of two shards.
func inBubble(t *testing.T, test func(b *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{t: t, server: kinesistest.New(t, kinesislocal.Config{})}
		must(t, b.server.CreateStream("in", 2))
		options := kinesistest.Options(b.server)
		options.HTTPClient = b
		b.clients = []streamClient{{"in", kinesis.New(options)}}
		test(b)
	})
}

// put puts payloads into both of the shards in turn.
func (b *bubble) put(payloads ...string) {
	b.t.Helper()
	for i, payload := range payloads {
		_, err := b.server.PutTo("in", []string{"shardId-000000000000", "shardId-000000000001"}[i%2], "k", []byte(payload))
		must(b.t, err)
	}
}

// consume runs `kstream consume in` with args beside what meanwhile does, and stops it then.
func (b *bubble) consume(args string, meanwhile func()) {
	b.t.Helper()
	stop, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	term := &terminal{out: &b.out, err: &b.err, stop: stop, abandoned: new(atomic.Int32)}
	var o consumeOptions
	c := o.command()
	must(b.t, c.ParseFlags(words("--stream in "+args)))
	j, v, err := o.job(term, c, nil)
	must(b.t, err)
	j.clients = map[string]*kinesis.Client{"in": b.clients[0].client}
	done := make(chan error, 1)
	go func() { done <- j.consume(b.t.Context(), term, &o, v) }()
	meanwhile()
	synctest.Wait()
	cancel()
	must(b.t, <-done)
}
