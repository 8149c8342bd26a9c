package kinesis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

const out = "out" // the stream of most tests

// world is an embedded Kinesis with one stream, and a client of it that needs no sockets.
type world struct {
	*testing.T
	server *kinesislocal.Server
	client *kinesis.Client
	log    *zap.Logger
	said   *observer.ObservedLogs
}

func newWorld(t *testing.T, shards int) *world {
	t.Helper()
	server := kinesistest.New(t, kinesislocal.Config{})
	w := &world{T: t, server: server, client: kinesistest.Client(server)}
	w.must(server.CreateStream(out, shards))
	core, said := observer.New(zap.InfoLevel)
	w.log, w.said = zap.New(core), said
	return w
}

// inWorld runs test in a bubble, over a stream of so many shards.
func inWorld(t *testing.T, shards int, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newWorld(t, shards)) })
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// complete fills in what c leaves open.
func (w *world) complete(c Config) Config {
	c.Stream, c.Log = out, w.log
	if c.BatchBytes == 0 {
		c.BatchBytes = 1 << 20
	}
	if c.InFlight == 0 {
		c.InFlight = 4
	}
	return c
}

// open returns a sink that is closed when the test ends.
func (w *world) open(c Config) *Sink {
	w.Helper()
	s, err := Open(w.Context(), w.complete(c), w.client)
	w.must(err)
	w.Cleanup(func() { w.must(s.Close()) })
	return s
}

func (w *world) inject(faults string) []*kinesislocal.Injection {
	w.Helper()
	return kinesistest.Inject(w.T, w.server, faults)
}

// write writes records of the form key:payload, in one chunk.
func (w *world) write(s *Sink, records ...string) {
	w.Helper()
	w.must(s.Write(w.Context(), chunkOf(records...)))
}

func (w *world) prepare(s *Sink) {
	w.Helper()
	_, err := s.Prepare(w.Context(), record.Barrier{})
	w.must(err)
}

func chunkOf(records ...string) *record.Chunk {
	c := &record.Chunk{}
	for _, r := range records {
		key, data, _ := strings.Cut(r, ":")
		c.Items = append(c.Items, record.Item{Key: []byte(key), Data: []byte(data)})
	}
	return c
}

// series returns the records key:0 to key:n-1.
func series(key string, n int) (records []string) {
	for i := range n {
		records = append(records, fmt.Sprintf("%s:%d", key, i))
	}
	return records
}

// read returns the user records of all shards, parents before their children, each in the order in which readers see them.
// Those of an aggregate that readers would drop are left out.
func (w *world) read() (records []kpl.UserRecord) {
	w.Helper()
	shards, err := w.server.Shards(out) // in the order of their numbers, and a child's is above its parents'
	w.must(err)
	for i := range shards {
		records = append(records, w.readShard(&shards[i])...)
	}
	return records
}

// readShard is read for one shard.
func (w *world) readShard(sh *kinesislocal.Shard) (records []kpl.UserRecord) {
	w.Helper()
	all, err := w.server.Records(out)
	w.must(err)
	for _, r := range all {
		if r.Shard != sh.ID {
			continue
		}
		var splitter kpl.Splitter
		users, ok := splitter.Split(r.Data)
		if !ok {
			users = []kpl.UserRecord{{Key: []byte(r.PartitionKey), Data: r.Data}}
		} else if !kpl.Belongs(users, w.hashKeys(sh)) {
			continue
		}
		records = append(records, users...)
	}
	return records
}

// hashKeys returns those that a shard takes.
func (w *world) hashKeys(sh *kinesislocal.Shard) kpl.Range {
	w.Helper()
	start, err := kpl.ParseHash(sh.StartingHashKey)
	w.must(err)
	end, err := kpl.ParseHash(sh.EndingHashKey)
	w.must(err)
	return kpl.Range{Start: start, End: end}
}

// payloads returns what read does of one key.
func (w *world) payloads(key string) (payloads []string) {
	w.Helper()
	for _, r := range w.read() {
		if string(r.Key) == key {
			payloads = append(payloads, string(r.Data))
		}
	}
	return payloads
}

// settle lets d pass on the bubble's clock, and what it brings about happen.
func settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// keyIn returns a partition key that belongs to the n-th of the open shards.
func (w *world) keyIn(n int) string {
	w.Helper()
	shards, err := w.server.Shards(out)
	w.must(err)
	shards = slices.DeleteFunc(shards, func(sh kinesislocal.Shard) bool { return !sh.Open })
	for i := 0; ; i++ {
		key := fmt.Sprintf("key %d", i)
		if h, _ := kpl.HashOf([]byte(key), nil); w.hashKeys(&shards[n]).Contains(h) {
			return key
		}
	}
}
