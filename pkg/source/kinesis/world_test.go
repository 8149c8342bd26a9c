package kinesis

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

const logs = "logs" // the stream of most tests

// world is one stream in an embedded Kinesis, inside a bubble whose clock both share.
type world struct {
	*testing.T
	server *kinesislocal.Server
	client *kinesis.Client
	seen   counts
	said   *observer.ObservedLogs
	log    *zap.Logger
}

// inWorld runs test in a bubble, with a stream of so many shards.
func inWorld(t *testing.T, shards int, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.must(w.server.CreateStream(logs, shards))
		test(w)
	})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := kinesistest.New(t, kinesislocal.Config{})
	w := &world{T: t, server: server, client: kinesistest.Client(server)}
	core, said := observer.New(zap.InfoLevel)
	w.said, w.log = said, zap.New(core)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// source returns a new source of the stream; change may be nil.
func (w *world) source(change func(*Config)) *Source {
	w.Helper()
	c := Config{Streams: []Stream{{Name: logs, Client: w.client}}, Log: w.log, Observer: &w.seen}
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	w.must(err)
	return s
}

// start begins a job over a new source.
func (w *world) start(from record.Position, known []record.State) *sourcetest.Job {
	w.Helper()
	return sourcetest.Start(w.T, w.source(nil), from, known)
}

// put writes records to a shard, one a second, and returns their sequence numbers.
func (w *world) put(shard int, data ...string) []record.Sequence {
	w.Helper()
	var sequences []record.Sequence
	for _, d := range data {
		s, err := w.server.PutTo(logs, shardName(shard), "key", []byte(d))
		w.must(err)
		sequences = append(sequences, record.Sequence(s))
		time.Sleep(time.Second)
	}
	return sequences
}

func (w *world) inject(fault string) []*kinesislocal.Injection {
	w.Helper()
	return kinesistest.Inject(w.T, w.server, fault)
}

// logged tells whether a line of the log at this level has text in its message.
func (w *world) logged(text string) bool { return w.said.FilterMessageSnippet(text).Len() > 0 }

func shardName(n int) string { return fmt.Sprintf("shardId-%012d", n) }

func (w *world) id(shard int) record.PartitionID {
	return record.PartitionID(fmt.Sprintf("arn:aws:kinesis:%s:%s:stream/%s/%s", w.server.Region(), w.server.Account(), logs, shardName(shard)))
}

// numbered returns n payloads.
func numbered(from, n int) []string {
	var data []string
	for i := range n {
		data = append(data, fmt.Sprint("record ", from+i))
	}
	return data
}

func payloads(j *sourcetest.Job) []string {
	var data []string
	for _, g := range j.Got {
		data = append(data, g.Data)
	}
	return data
}

// counts is an Observer.
type counts struct {
	mu        sync.Mutex
	throttled map[string]int           // by call; guarded by mu, as is all below
	trimmed   map[string]time.Duration // by shard
	dropped   int
	retention time.Duration
}

func (c *counts) Throttled(_, call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.throttled == nil {
		c.throttled = map[string]int{}
	}
	c.throttled[call]++
}

func (c *counts) Trimmed(_, shard string, span time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.trimmed == nil {
		c.trimmed = map[string]time.Duration{}
	}
	c.trimmed[shard] += span
}

func (c *counts) Dropped(_, _ string, records int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped += records
}

func (c *counts) Retention(_ string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.retention = d
}
