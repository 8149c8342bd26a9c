package kinesis

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

const stream = "out"

// world is an embedded Kinesis with one stream, and a client of it that needs no sockets.
type world struct {
	server *kinesislocal.Server
	client *kinesis.Client
}

func newWorld(t *testing.T, shards int) *world {
	t.Helper()
	server, err := kinesislocal.New(kinesislocal.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.CreateStream(stream, shards); err != nil {
		t.Fatal(err)
	}
	return &world{server, kinesis.New(kinesis.Options{
		HTTPClient: server.HTTPClient(), BaseEndpoint: aws.String(server.URL()), Region: server.Region(),
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	})}
}

func (w *world) open(t *testing.T, c Config) *Sink {
	t.Helper()
	c.Stream = stream
	if c.BatchBytes == 0 {
		c.BatchBytes = 1 << 20
	}
	if c.InFlight == 0 {
		c.InFlight = 4
	}
	s, err := Open(t.Context(), c, w.client)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// read returns the user records of all shards: the first shard's, then the next one's. Those of an aggregate that readers
// would drop are left out.
func (w *world) read(t *testing.T) (records []kpl.UserRecord) {
	t.Helper()
	shards, err := w.server.Shards(stream)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.server.Records(stream)
	if err != nil {
		t.Fatal(err)
	}
	for _, sh := range shards {
		start, _ := kpl.ParseHash(sh.StartingHashKey)
		end, _ := kpl.ParseHash(sh.EndingHashKey)
		for _, r := range all {
			if r.Shard != sh.ID {
				continue
			}
			var splitter kpl.Splitter
			users, ok := splitter.Split(r.Data)
			if !ok {
				users = []kpl.UserRecord{{Key: []byte(r.PartitionKey), Data: r.Data}}
			} else if !kpl.Belongs(users, kpl.Range{Start: start, End: end}) {
				continue
			}
			records = append(records, users...)
		}
	}
	return records
}

func TestConformance(t *testing.T) {
	for name, c := range map[string]Config{
		"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}, "aggregated and strict": {Aggregate: true, Strict: true},
		"one in flight": {InFlight: 1}, "small requests": {BatchBytes: 50}, "lingering": {Linger: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				w := newWorld(t, 1)
				return sinktest.Harness{
					Open: func(t *testing.T) record.Sink { return w.open(t, c) },
					Read: func(t *testing.T) (payloads []string) {
						for _, r := range w.read(t) {
							payloads = append(payloads, string(r.Data))
						}
						return payloads
					},
				}
			})
		})
	}
}

func TestCheck(t *testing.T) {
	w := newWorld(t, 1)
	s := w.open(t, Config{})
	defer s.Close()
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
	}
}

// What is not full goes out after the linger, without anybody asking.
func TestLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		s := w.open(t, Config{Linger: 100 * time.Millisecond})
		if err := s.Write(t.Context(), &record.Chunk{Items: []record.Item{{Data: []byte("x"), Key: []byte("k")}}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(99 * time.Millisecond)
		synctest.Wait()
		if n := len(w.read(t)); n != 0 {
			t.Errorf("%d records went out before the linger", n)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if n := len(w.read(t)); n != 1 {
			t.Errorf("%d records went out after the linger, want 1", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
