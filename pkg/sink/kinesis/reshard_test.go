package kinesis

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// Aggregates are what the KPL makes: of one shard each, small enough, and read exactly as put.
func TestAggregates(t *testing.T) {
	inWorld(t, 4, func(w *world) {
		s := w.open(Config{Aggregate: true, Linger: time.Second})
		var records []string
		next := map[string]int{}
		for i := range 3000 {
			key := fmt.Sprintf("key %d", i%70)
			records = append(records, fmt.Sprintf("%s:%d", key, next[key]))
			next[key]++
		}
		huge := strings.Repeat("9", 100_000) // more than an aggregate holds
		w.write(s, append(records, "huge:"+huge, "empty:")...)
		w.prepare(s)
		stored, err := w.server.Records(out)
		w.must(err)
		if len(stored) > 10 {
			t.Errorf("%d records were put for 3,002, want about one a shard", len(stored))
		}
		for _, r := range stored {
			if n := len(r.Data) + len(r.PartitionKey); n > aggregateBytes && r.PartitionKey != "huge" {
				t.Errorf("an aggregate of %d bytes", n)
			}
		}
		if got := w.payloads("huge"); len(got) != 1 || got[0] != huge {
			t.Errorf("got %d records of key huge, want the one put", len(got))
		}
		if got := w.payloads("empty"); len(got) != 1 || got[0] != "" {
			t.Errorf("got %q of key empty, want an empty payload", got)
		}
		for key, n := range next {
			if got := strings.Join(w.payloads(key), " "); got != joined(n) {
				t.Errorf("%s: got %s", key, got)
			}
		}
	})
}

func joined(n int) string { return strings.Trim(fmt.Sprint(upTo(n)), "[]") }

func upTo(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

// After a split an aggregate for the parent goes to one child, and what belongs to the other goes out again; after a merge
// it belongs where it went, and nothing is repeated.
func TestReshards(t *testing.T) {
	for name, c := range map[string]struct {
		shards  int
		reshard func(w *world) error
		repeats bool
	}{
		"split": {1, func(w *world) error { _, _, err := w.server.Split(out, "shardId-000000000000"); return err }, true},
		"merge": {2, func(w *world) error {
			_, err := w.server.Merge(out, "shardId-000000000000", "shardId-000000000001")
			return err
		}, false},
		"several at once": {2, func(w *world) error {
			w.must(w.server.Scale(out, 5))
			w.must(w.server.Scale(out, 1))
			return w.server.Scale(out, 3)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, c.shards, func(w *world) {
				calls := w.record(&recorder{})
				s, err := Open(w.Context(), w.complete(Config{Aggregate: true}), calls)
				w.must(err)
				defer s.Close()
				next := map[string]int{}
				for round := range 3 {
					var records []string
					for i := range 200 {
						key := fmt.Sprintf("key %d", i%20)
						records = append(records, fmt.Sprintf("%s:%d", key, next[key]))
						next[key]++
					}
					w.write(s, records...)
					w.prepare(s)
					if round == 0 {
						w.must(c.reshard(w))
					}
				}
				w.holds(next, Config{Strict: true, Aggregate: true})
				for _, fault := range calls.faults {
					t.Error(fault)
				}
				sent := 0
				for _, r := range calls.requests {
					for _, payload := range r {
						sent += len(usersOf(&types.PutRecordsRequestEntry{Data: []byte(payload), PartitionKey: aws.String("")}))
					}
				}
				if again := sent - 600; (again > 0) != c.repeats {
					t.Errorf("%d records were sent again", again)
				}
			})
		})
	}
}

// lagging is a client whose ListShards is some calls behind.
type lagging struct {
	client
	old   *kinesis.ListShardsOutput
	stale int // answers to come
}

// ListShards implements client.
func (l *lagging) ListShards(ctx context.Context, in *kinesis.ListShardsInput, o ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error) {
	now, err := l.client.ListShards(ctx, in, o...)
	if err != nil {
		return nil, err
	}
	if l.old == nil {
		l.old = now
	} else if l.stale > 0 {
		l.stale--
		return l.old, nil
	}
	return now, nil
}

// While the list of shards lags behind a reshard, nothing is sent by it.
func TestListLagsBehind(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		calls := w.record(&recorder{})
		slow := &lagging{client: calls, stale: 20}
		s, err := Open(w.Context(), w.complete(Config{Aggregate: true, Strict: true}), slow)
		w.must(err)
		defer s.Close()
		_, _, err = w.server.Split(out, "shardId-000000000000")
		w.must(err)
		low, high := w.keyIn(0), w.keyIn(1)
		w.write(s, low+":0", high+":0", low+":1", high+":1")
		w.prepare(s)
		w.holds(map[string]int{low: 2, high: 2}, Config{Strict: true, Aggregate: true})
		if len(calls.requests) > 3 {
			t.Errorf("%d requests, want one that goes astray and what belongs to each child", len(calls.requests))
		}
		if slow.stale > 0 {
			t.Errorf("the list was not asked for again until it was up to date")
		}
	})
}

// elsewhere is a client of a stream that puts records where it likes.
type elsewhere struct{ client }

// PutRecords implements client.
func (e elsewhere) PutRecords(ctx context.Context, in *kinesis.PutRecordsInput, o ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error) {
	out, err := e.client.PutRecords(ctx, in, o...)
	if err == nil {
		for i := range out.Records {
			out.Records[i].ShardId = aws.String("shardId-000000000001")
		}
	}
	return out, err
}

// A stream that goes on putting aggregates where readers drop them ends the run, after a while and not in a loop.
func TestPlacedElsewhere(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		calls := w.record(&recorder{})
		s, err := Open(w.Context(), w.complete(Config{Aggregate: true}), elsewhere{calls})
		w.must(err)
		defer s.Close()
		key := w.keyIn(0)
		w.write(s, key+":0", key+":1")
		_, err = s.Prepare(w.Context(), record.Barrier{})
		if want := "to shardId-000000000001 instead of shardId-000000000000"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if n := len(calls.requests); n < 5 || n > 200 {
			t.Errorf("%d requests in a minute", n)
		}
	})
}

func TestShardsCoverAllHashKeys(t *testing.T) {
	const top = "340282366920938463463374607431768211455"
	for name, c := range map[string]struct {
		ranges string // start-end, a closed one in brackets
		ok     bool
	}{
		"one":                 {"0-" + top, true},
		"two":                 {"18446744073709551616-" + top + " 0-18446744073709551615", true},
		"a parent is closed":  {"[0-" + top + "] 0-9 10-" + top, true},
		"none":                {"", false},
		"only closed ones":    {"[0-" + top + "]", false},
		"gap":                 {"0-9 11-" + top, false},
		"overlap":             {"0-10 10-" + top, false},
		"parent and children": {"0-" + top + " 0-9 10-" + top, false},
		"not from the first":  {"1-" + top, false},
		"not to the last":     {"0-9", false},
		"upside down":         {"0-9 10-5 6-" + top, false},
	} {
		s := &shards{ranges: map[string]kpl.Range{}}
		for i, r := range strings.Fields(c.ranges) {
			open, closed := strings.CutPrefix(r, "[")
			start, end, _ := strings.Cut(strings.TrimSuffix(open, "]"), "-")
			sh := &types.Shard{ShardId: aws.String(fmt.Sprint(i)), HashKeyRange: &types.HashKeyRange{StartingHashKey: &start, EndingHashKey: &end}}
			if closed {
				sh.SequenceNumberRange = &types.SequenceNumberRange{EndingSequenceNumber: aws.String("1")}
			}
			if err := s.add(sh); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.sort(); (err == nil) != c.ok {
			t.Errorf("%s: got %v, want fine %t", name, err, c.ok)
		}
	}
	s := &shards{ranges: map[string]kpl.Range{}}
	for _, sh := range []*types.Shard{{}, {HashKeyRange: &types.HashKeyRange{}}, {HashKeyRange: &types.HashKeyRange{StartingHashKey: aws.String("0")}}} {
		if s.add(sh) == nil {
			t.Errorf("%v passed", sh)
		}
	}
}

// A slab's records share memory, and nothing of the caller's.
func TestEntriesAreCopies(t *testing.T) {
	var items []record.Item
	for i := range 1000 {
		items = append(items, record.Item{Key: fmt.Append(nil, "key ", i), Data: bytes.Repeat([]byte{byte(i)}, i)})
	}
	entries := entriesOf(&record.Chunk{Items: items}, time.Now())
	if len(entries) != len(items) {
		t.Fatalf("%d entries of %d items", len(entries), len(items))
	}
	for i := range items {
		clear(items[i].Key)
		clear(items[i].Data)
	}
	for i, e := range entries {
		if e.key != fmt.Sprint("key ", i) || !bytes.Equal(e.data, bytes.Repeat([]byte{byte(i)}, i)) {
			t.Fatalf("entry %d is %q: %d bytes", i, e.key, len(e.data))
		}
		if cap(e.data) != len(e.data) {
			t.Fatalf("entry %d can be appended to, over the next", i)
		}
	}
}
