package operator

import (
	"context"
	"fmt"
	"testing"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// keyedPath is one lane's way to one task.
type keyedPath struct {
	lane     *Chain
	in       *record.Batch
	part     *record.Partition
	over     *record.Batch // what crossed the exchange
	task     *Chain
	out      *record.Batch
	recs     [][]record.Record
	position int
}

// newKeyedPath makes slices of 1,000 records over so many keys, all in one window of a minute.
func newKeyedPath(t testing.TB, chain string, keys int) *keyedPath {
	p := compile(t, chain)
	lane := laneChain(p)
	task, err := p.Instance(1, state.New(state.Config{Last: record.Groups - 1, Memory: 1 << 30}))
	if err != nil {
		t.Fatal(err)
	}
	k := &keyedPath{
		lane: lane, in: record.NewBatch(p.Slots()), over: record.NewBatch(p.Slots()), out: record.NewBatch(p.Slots()), task: task,
		part: &record.Partition{ID: "logs/a", Stream: "logs", Shard: "a"},
	}
	for from := 0; from < keys; from += benchRecords {
		slice := make([]record.Record, benchRecords)
		for i := range slice {
			slice[i] = record.Record{
				Data: fmt.Appendf(nil, `{"ts":%d,"service":"service-%d","ms":%d.5}`, 1_700_000_000_000+from+i, from+i, i),
				Key:  []byte("pk"), Sequence: sequenceOf(from + i), Arrival: 1_700_000_000_000,
			}
		}
		k.recs = append(k.recs, slice)
	}
	return k
}

func (k *keyedPath) run(t testing.TB, c *Chain, b *record.Batch) {
	for _, s := range c.Stages {
		if err := s.Stage.Process(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
}

// slice takes the next slice through lane, exchange and task.
func (k *keyedPath) slice(t testing.TB) {
	k.in.Fill(k.part, k.recs[k.position%len(k.recs)])
	k.position++
	k.run(t, k.lane, k.in)
	k.over.Reset()
	k.over.Partition = k.part
	for i := range k.in.Records {
		k.over.Take(k.in, &k.in.Records[i], k.lane.Carry)
	}
	k.run(t, k.task, k.over)
	for _, s := range k.task.Stages {
		if timed, ok := s.Stage.(Timed); ok {
			k.out.Reset()
			if _, err := timed.Advance(context.Background(), k.lane.Clock.Watermark(), k.out); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var keyedChains = map[string]string{
	"count":   `timestamp ts, ahead 7d, disorder 7d | key_by service | window tumbling 7d | aggregate n = count()`,
	"arrival": `key_by service | window tumbling 7d | aggregate n = count()`,
	"sum":     `timestamp ts, ahead 7d, disorder 7d | key_by service | window tumbling 7d | aggregate n = count(), sum = sum(ms), most = max(ms)`,
	"sliding": `timestamp ts, ahead 7d, disorder 7d | key_by service | window sliding 5h, every 1h | aggregate n = count()`,
	"session": `timestamp ts, ahead 7d, disorder 7d | key_by service | window session 1d | aggregate n = count()`,
	"dedupe":  `timestamp ts, ahead 7d, disorder 7d | dedupe service, within 1h`,
}

func BenchmarkKeyed(b *testing.B) {
	for _, name := range []string{"count", "arrival", "sum", "sliding", "session", "dedupe"} {
		b.Run(name, func(b *testing.B) {
			k := newKeyedPath(b, keyedChains[name], 10_000)
			for range k.recs {
				k.slice(b)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i += benchRecords {
				k.slice(b)
			}
		})
	}
}

// BenchmarkKeyedTask is what a record costs behind the exchange.
func BenchmarkKeyedTask(b *testing.B) {
	for _, name := range []string{"count", "sliding", "session"} {
		b.Run(name, func(b *testing.B) {
			k := newKeyedPath(b, keyedChains[name], 10_000)
			var batches []*record.Batch
			for range k.recs {
				k.slice(b)
				over := record.NewBatch(cap(k.in.Row(&k.recs[0][0])))
				for i := range k.in.Records {
					over.Take(k.in, &k.in.Records[i], k.lane.Carry)
				}
				batches = append(batches, over)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i += benchRecords {
				batch := batches[i/benchRecords%len(batches)]
				n := len(batch.Records)
				k.run(b, k.task, batch)
				batch.Records = batch.Records[:n]
			}
		})
	}
}

// TestKeyedAllocations holds that a record costs none on its way through lane, exchange and task, once its group is there.
func TestKeyedAllocations(t *testing.T) {
	for name, chain := range keyedChains {
		t.Run(name, func(t *testing.T) {
			k := newKeyedPath(t, chain, 3000)
			for range 3 * len(k.recs) {
				k.slice(t)
			}
			if got := testing.AllocsPerRun(3, func() { k.slice(t) }); got > benchRecords/100 {
				t.Errorf("%v allocations for %d records", got, benchRecords)
			}
		})
	}
}
