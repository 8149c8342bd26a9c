package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

const stream = "in"

// scene is the world outside of a job: a stream, whoever writes to it and reshards it, and what goes wrong with calls. One
// goroutine plays it, so that a ledger can know the order of everything.
type scene struct {
	t       *testing.T
	r       *rand.Rand
	server  *kinesislocal.Server
	flow    flow
	ledger  ledger
	n       int // records put
	expired int // faults that were injected so far
	last    time.Time
}

func newScene(t *testing.T, r *rand.Rand, f flow) *scene {
	t.Helper()
	server := kinesistest.New(t, kinesislocal.Config{})
	must(t, server.CreateStream(stream, 1+r.IntN(4)))
	return &scene{t: t, r: r, server: server, flow: f}
}

// play puts records for a while, with reshards and faults in between.
func (s *scene) play(length time.Duration) {
	for end := time.Now().Add(length); time.Now().Before(end); {
		switch roll := s.r.IntN(20); {
		case roll < 9:
			s.put(1 + s.r.IntN(30))
		case roll < 13:
			s.aggregate(1 + s.r.IntN(20))
		case roll < 14:
			s.foreign()
		case roll < 16:
			s.reshard()
		default:
			s.fault()
		}
		time.Sleep(time.Duration(s.r.IntN(2000)) * time.Millisecond)
	}
}

// put writes plain records.
func (s *scene) put(n int) {
	for range n {
		p := s.next()
		shard, sequence, err := s.server.Put(stream, p.key, p.payload)
		must(s.t, err)
		s.note(p, shard, sequence, 0)
	}
}

// aggregate writes one KPL aggregate of records that belong to one shard.
func (s *scene) aggregate(n int) {
	a := kpl.NewAggregator(1<<20, 1000)
	first := s.next()
	shard := s.home(first.key)
	var packed []payload
	for p := first; ; p = s.next() {
		if s.home(p.key) == shard {
			fits, err := a.Add([]byte(p.key), nil, p.payload)
			if err != nil || !fits {
				s.t.Fatalf("packing %q: %t, %v", p.payload, fits, err)
			}
			packed = append(packed, p)
		}
		if n--; n <= 0 {
			break
		}
	}
	key, _ := a.Keys()
	sequence, err := s.server.PutTo(stream, shard, key, a.Append(nil))
	must(s.t, err)
	for i, p := range packed {
		s.note(p, shard, sequence, i)
	}
}

// foreign writes an aggregate to a shard that it does not belong to, as a producer does that has not heard of a reshard:
// readers drop it, and the producer sends its records again.
func (s *scene) foreign() {
	a := kpl.NewAggregator(1<<20, 1000)
	packed := []payload{s.next(), s.next()}
	for _, p := range packed {
		if fits, err := a.Add([]byte(p.key), nil, p.payload); err != nil || !fits {
			s.t.Fatalf("packing %q: %t, %v", p.payload, fits, err)
		}
	}
	home := s.home(packed[0].key)
	for _, sh := range s.open() {
		if sh.ID != home {
			_, err := s.server.PutTo(stream, sh.ID, "a", a.Append(nil))
			must(s.t, err)
			break
		}
	}
	for _, p := range packed {
		shard, sequence, err := s.server.Put(stream, p.key, p.payload)
		must(s.t, err)
		s.note(p, shard, sequence, 0)
	}
}

// next makes the next record's payload.
func (s *scene) next() payload {
	s.n++
	return s.flow.make(s.n, s.r)
}

func (s *scene) note(p payload, shard, sequence string, sub int) {
	s.last = time.Now()
	s.ledger.all = append(s.ledger.all, arrived{p, record.MillisOf(s.last)})
	lines, letters := s.flow.expect(p, shard, sequence, sub)
	for _, l := range lines {
		s.ledger.lines = append(s.ledger.lines, entry{l, shard, p.key, s.last})
	}
	for _, l := range letters {
		s.ledger.letters = append(s.ledger.letters, entry{l, shard, p.key, s.last})
	}
}

func (s *scene) open() []kinesislocal.Shard {
	shards, err := s.server.Shards(stream)
	must(s.t, err)
	return slices.DeleteFunc(shards, func(sh kinesislocal.Shard) bool { return !sh.Open })
}

// home returns the shard that a key belongs to.
func (s *scene) home(key string) string {
	hash, err := kpl.HashOf([]byte(key), nil)
	must(s.t, err)
	for _, sh := range s.open() {
		start, err := kpl.ParseHash(sh.StartingHashKey)
		must(s.t, err)
		end, err := kpl.ParseHash(sh.EndingHashKey)
		must(s.t, err)
		if (kpl.Range{Start: start, End: end}).Contains(hash) {
			return sh.ID
		}
	}
	s.t.Fatalf("no open shard for key %q", key)
	return ""
}

// maxShards keeps a run short: each shard is called once a second at the least.
const maxShards = 6

func (s *scene) reshard() {
	open := s.open()
	switch at := s.r.IntN(len(open)); {
	case s.r.IntN(6) == 0:
		must(s.t, s.server.Scale(stream, 1+s.r.IntN(maxShards)))
	case s.r.IntN(2) == 0 && len(open) < maxShards:
		_, _, err := s.server.Split(stream, open[at].ID)
		must(s.t, err)
	default:
		// Not every pair are neighbours: then there is nothing to merge.
		_, _ = s.server.Merge(stream, open[at].ID, open[(at+1)%len(open)].ID)
	}
}

// faults are what calls can meet, with the operation to put in front; each is mended by trying again.
var faults = []string{
	"error=ProvisionedThroughputExceededException", "error=KMSThrottlingException", "error=LimitExceededException",
	"error=InternalFailure", "error=ServiceUnavailable", `status=502 body="<html>Bad Gateway</html>"`, "status=503",
	"cut=-1", "cut=1", "cut=300", "body={", `body="nonsense"`, "error=ExpiredTokenException", "error=AccessDeniedException",
	"latency=3s",
}

func (s *scene) fault() {
	operation := []string{"GetRecords", "GetRecords", "GetShardIterator", "ListShards", "DescribeStreamSummary", "*"}[s.r.IntN(6)]
	what, times := faults[s.r.IntN(len(faults))], 1+s.r.IntN(4)
	// Five of them in a row end a run, and those that wait for calls add up while nobody reads.
	if operation == "GetRecords" && s.expired < 2 && s.r.IntN(3) == 0 {
		s.expired++
		what, times = "error=ExpiredIteratorException", 1+s.r.IntN(2)
	}
	text := fmt.Sprintf("%s times=%d after=%d %s", operation, times, s.r.IntN(10), what)
	kinesistest.Inject(s.t, s.server, text)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
