package kinesis

import (
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/kpl"
)

// Limits of an aggregate: the KPL's own AggregationMaxSize, and what keeps one cheap to take apart.
const (
	aggregateBytes   = 51200
	aggregateRecords = 10_000

	// spareAggregators is how many are kept to be used again: above it their memory would be that of thousands of shards
	// which had a record once.
	spareAggregators = 64
)

// packs gathers user records into aggregates, one a shard, as the KPL does. All records of an aggregate have to lie in the
// hash range of the shard that it lands in, or readers drop it whole. It is sent with the first hash key of its shard.
type packs struct {
	shards *shards
	open   []*pack // by shards.open; nil: nothing gathered
	bytes  int     // gathered
	number uint64
	spare  []*kpl.Aggregator
}

// pack is an aggregate that is being gathered.
type pack struct {
	aggregator *kpl.Aggregator
	since      time.Time // of its first record
	bytes      int       // payloads and keys
	payload    int
}

func newPacks(s *shards) *packs { return &packs{shards: s, open: make([]*pack, len(s.open))} }

// add gathers a user record, which came at since, and copies it. An aggregate that it does not fit in goes into q.
func (p *packs) add(q *queue, r kpl.UserRecord, since time.Time) error {
	h, err := kpl.HashOf(r.Key, r.ExplicitHashKey)
	if err != nil {
		return fmt.Errorf("aggregating: %w", err)
	}
	i := p.shards.place(h)
	for {
		if p.open[i] == nil {
			p.open[i] = &pack{aggregator: p.aggregator(), since: since}
		}
		open := p.open[i]
		fits, err := open.aggregator.Add(r.Key, r.ExplicitHashKey, r.Data)
		if err != nil {
			return fmt.Errorf("aggregating: %w", err)
		}
		if fits {
			n := len(r.Key) + len(r.Data)
			open.bytes += n
			open.payload += len(r.Data)
			p.bytes += n
			return nil
		}
		p.close(q, i)
	}
}

func (p *packs) aggregator() *kpl.Aggregator {
	n := len(p.spare)
	if n == 0 {
		return kpl.NewAggregator(aggregateBytes, aggregateRecords)
	}
	a := p.spare[n-1]
	p.spare = p.spare[:n-1]
	return a
}

// close puts what shard i has gathered into q.
func (p *packs) close(q *queue, i int) {
	open := p.open[i]
	p.open[i] = nil
	p.bytes -= open.bytes
	p.number++
	key, own := open.aggregator.Keys()
	sh := &p.shards.open[i]
	data := open.aggregator.Append([]byte{}) // not nil: an empty payload is one that the SDK lets pass
	q.add(&entry{
		key: key, explicit: sh.start, data: data, since: open.since,
		shard: sh.name, packed: open.aggregator.Len(), bytes: open.payload, number: p.number, own: own,
	})
	if len(p.spare) < spareAggregators {
		open.aggregator.Reset()
		p.spare = append(p.spare, open.aggregator)
	}
}

// seal puts into q what was begun at before or earlier.
func (p *packs) seal(q *queue, before time.Time) {
	for i, open := range p.open {
		if open != nil && !open.since.After(before) {
			p.close(q, i)
		}
	}
}

// oldest returns when the first record that is being gathered came.
func (p *packs) oldest() (since time.Time, ok bool) {
	for _, open := range p.open {
		if open != nil && (!ok || open.since.Before(since)) {
			since, ok = open.since, true
		}
	}
	return since, ok
}

// unpack returns the user records of an aggregate of ours. Their bytes are its.
func unpack(e *entry, s *kpl.Splitter) ([]kpl.UserRecord, error) {
	if e.packed == 1 {
		return []kpl.UserRecord{{Key: []byte(e.key), ExplicitHashKey: []byte(e.own), Data: e.data}}, nil
	}
	records, ok := s.Split(e.data)
	if !ok || len(records) != e.packed {
		return nil, fmt.Errorf("taking apart an aggregate of %d records that has gone astray: it is broken", e.packed)
	}
	return records, nil
}
