package kinesis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kpl"
)

// recorder is a client that notes what is sent, and holds it against the promises of SINK_ORDER. Payloads count up from 0
// for each key.
type recorder struct {
	client
	strict bool

	mu       sync.Mutex
	requests [][]string       // the payloads of each that was sent
	got      map[string][]int // by key: what has been answered for, in order
	faults   []string
	largest  int // bytes of a request of several records
}

func (w *world) record(r *recorder) *recorder {
	r.client, r.got = w.client, map[string][]int{}
	return r
}

func (w *world) raiseRecordSize(kib int32) error {
	summary, err := w.client.DescribeStreamSummary(w.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: aws.String(out)})
	if err != nil {
		return err
	}
	_, err = w.client.UpdateMaxRecordSize(w.Context(), &kinesis.UpdateMaxRecordSizeInput{
		StreamARN: summary.StreamDescriptionSummary.StreamARN, MaxRecordSizeInKiB: &kib})
	return err
}

// PutRecords implements client.
func (r *recorder) PutRecords(ctx context.Context, in *kinesis.PutRecordsInput, o ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error) {
	r.sent(in.Records)
	out, err := r.client.PutRecords(ctx, in, o...)
	if err != nil {
		return out, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range out.Records {
		if out.Records[i].SequenceNumber == nil {
			continue
		}
		for _, u := range usersOf(&in.Records[i]) {
			n, _ := strconv.Atoi(string(u.Data))
			r.got[string(u.Key)] = append(r.got[string(u.Key)], n)
		}
	}
	return out, nil
}

// sent checks a request: of each key, whatever comes before a record has got in, or is in the request before it.
func (r *recorder) sent(records []types.PutRecordsRequestEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var payloads []string
	bytes, here, lanes := 0, map[string][]int{}, map[string]bool{}
	for i := range records {
		e := &records[i]
		payloads = append(payloads, string(e.Data))
		bytes += len(e.Data) + len(*e.PartitionKey)
		lane := *e.PartitionKey
		if e.ExplicitHashKey != nil {
			lane = "shard at " + *e.ExplicitHashKey
		}
		if r.strict && lanes[lane] {
			r.faults = append(r.faults, fmt.Sprintf("a request holds two entries of %s", lane))
		}
		lanes[lane] = true
		for _, u := range usersOf(e) {
			key := string(u.Key)
			n, err := strconv.Atoi(string(u.Data))
			if err != nil {
				continue // a test that does not count
			}
			if n > 0 && !slices.Contains(here[key], n-1) && !slices.Contains(r.got[key], n-1) {
				r.faults = append(r.faults, fmt.Sprintf("%s:%d goes out before %s:%d has got in", key, n, key, n-1))
			}
			here[key] = append(here[key], n)
		}
	}
	if len(records) > 1 {
		r.largest = max(r.largest, bytes)
	}
	if len(records) > maxRequestRecords {
		r.faults = append(r.faults, fmt.Sprintf("a request of %d records", len(records)))
	}
	r.requests = append(r.requests, payloads)
}

func usersOf(e *types.PutRecordsRequestEntry) []kpl.UserRecord {
	var s kpl.Splitter
	if users, ok := s.Split(e.Data); ok {
		return users
	}
	return []kpl.UserRecord{{Key: []byte(*e.PartitionKey), Data: e.Data}}
}

// TestOrderOverFaults writes at random, over faults, throttling and reshards that come at random: nothing is lost, and
// each key keeps its order as far as SINK_ORDER promises it.
func TestOrderOverFaults(t *testing.T) {
	const seeds = uint64(4)
	for name, c := range map[string]Config{
		"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}, "aggregated and strict": {Aggregate: true, Strict: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range seeds {
				inWorld(t, 3, func(w *world) { w.disorder(c, seed) })
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func (w *world) disorder(c Config, seed uint64) {
	w.Helper()
	random := rand.New(rand.NewPCG(seed, 5))
	c.InFlight, c.BatchBytes, c.Linger = 1+random.IntN(4), 300+random.IntN(20_000), time.Duration(random.IntN(200))*time.Millisecond
	w.inject(fmt.Sprintf(`PutRecords.Record probability=0.15 seed=%[1]d error=ProvisionedThroughputExceededException
PutRecords.Record probability=0.05 seed=%[1]d1 error=InternalFailure message="Internal service failure."
PutRecords probability=0.05 seed=%[1]d2 error=LimitExceededException
PutRecords probability=0.05 seed=%[1]d3 error=InternalFailure
PutRecords probability=0.05 seed=%[1]d4 error=ExpiredTokenException
PutRecords probability=0.05 seed=%[1]d5 cut=-1
PutRecords probability=0.05 seed=%[1]d6 cut=20
PutRecords probability=0.03 seed=%[1]d7 body="{}"
PutRecords probability=0.3 seed=%[1]d8 latency=30ms
ListShards probability=0.3 seed=%[1]d9 error=LimitExceededException`, seed))
	calls := w.record(&recorder{strict: c.Strict})
	took, written := 0, 0
	c.Took = func(_ string, records, _ int) { took += records }
	s, err := Open(w.Context(), w.complete(c), calls)
	w.must(err)
	defer s.Close()
	next := map[string]int{}
	for range 40 {
		var records []string
		for range 1 + random.IntN(60) {
			key := fmt.Sprintf("key %d", random.IntN(1+random.IntN(30)))
			records = append(records, fmt.Sprintf("%s:%d", key, next[key]))
			next[key]++
		}
		w.write(s, records...)
		written += len(records)
		switch random.IntN(6) {
		case 0:
			time.Sleep(time.Duration(random.IntN(500)) * time.Millisecond)
		case 1:
			w.must(w.server.Scale(out, 1+random.IntN(6)))
		case 2:
			w.prepare(s)
			w.holds(next, c)
		}
	}
	w.prepare(s)
	w.holds(next, c)
	for _, fault := range calls.faults {
		w.Error(fault)
	}
	if took != written {
		w.Errorf("%d records are said to have got in, and %d did", took, written)
	}
	if calls.largest > c.BatchBytes {
		w.Errorf("a request of several records has %d bytes, and may have %d", calls.largest, c.BatchBytes)
	}
}

// holds checks that a reader finds next[key] records of each key, and in strict mode in their order: a repeated one comes
// right behind its first.
func (w *world) holds(next map[string]int, c Config) {
	w.Helper()
	found := map[string][]int{}
	for _, r := range w.read() {
		n, err := strconv.Atoi(string(r.Data))
		w.must(err)
		found[string(r.Key)] = append(found[string(r.Key)], n)
	}
	for key, n := range next {
		got := found[key]
		if c.Strict && !c.Aggregate && !slices.IsSorted(got) {
			w.Errorf("%s is out of order: %v", key, got)
		}
		if c.Strict && c.Aggregate && !slices.IsSorted(firsts(got)) {
			w.Errorf("%s first appears out of order: %v", key, got)
		}
		distinct := slices.Compact(slices.Sorted(slices.Values(got)))
		if len(distinct) != n || n > 0 && distinct[n-1] != n-1 {
			w.Errorf("%s: %d of %d records are there: %s", key, len(distinct), n, strings.Trim(fmt.Sprint(distinct), "[]"))
		}
	}
}

// firsts leaves out what has been there before.
func firsts(list []int) (out []int) {
	seen := map[int]bool{}
	for _, n := range list {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}
