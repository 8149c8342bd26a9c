package kinesis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/kpl"
)

// Limits of an aggregate: the KPL's own AggregationMaxSize, and what keeps one cheap to take apart.
const (
	aggregateBytes   = 51200
	aggregateRecords = 10_000
)

// packs gathers user records into aggregates, one a shard. All records of an aggregate have to lie in the hash range of
// the shard that it lands in, or readers drop it whole; so the shard that the service names in its answer is held against
// the one that was meant, and after a reshard what went astray is packed and sent again, as the KPL does.
//
// A nil *packs gathers nothing.
type packs struct {
	shards []shard
	open   []*pack // by shard, in the order of shards; nil: nothing gathered
	bytes  int
	astray []*entry // aggregates that landed elsewhere
}

type shard struct {
	id    string
	hash  kpl.Range
	start string // of hash, in decimal
}

// pack is an aggregate that is being gathered.
type pack struct {
	aggregator *kpl.Aggregator
	members    []*entry
}

func newPacks(ctx context.Context, client client, t target) (*packs, error) {
	p := &packs{}
	return p, p.list(ctx, client, t)
}

// list learns the open shards and their hash ranges.
func (p *packs) list(ctx context.Context, client client, t target) error {
	var shards []shard
	in := &kinesis.ListShardsInput{StreamName: t.name, StreamARN: t.arn}
	for {
		out, err := client.ListShards(ctx, in)
		if err != nil {
			return fmt.Errorf("listing the shards to aggregate for: %w", err)
		}
		for _, sh := range out.Shards {
			if sh.SequenceNumberRange != nil && sh.SequenceNumberRange.EndingSequenceNumber != nil {
				continue
			}
			start, err := kpl.ParseHash(aws.ToString(sh.HashKeyRange.StartingHashKey))
			if err != nil {
				return fmt.Errorf("listing the shards to aggregate for: %w", err)
			}
			end, err := kpl.ParseHash(aws.ToString(sh.HashKeyRange.EndingHashKey))
			if err != nil {
				return fmt.Errorf("listing the shards to aggregate for: %w", err)
			}
			shards = append(shards, shard{aws.ToString(sh.ShardId), kpl.Range{Start: start, End: end}, start.String()})
		}
		if out.NextToken == nil {
			break
		}
		in = &kinesis.ListShardsInput{NextToken: out.NextToken} // a token stands for the stream
	}
	slices.SortFunc(shards, func(a, b shard) int { return a.hash.Start.Compare(b.hash.Start) })
	p.shards, p.open = shards, make([]*pack, len(shards))
	return nil
}

// place returns the index of the shard that h belongs to.
func (p *packs) place(h kpl.Hash) int {
	i, exact := slices.BinarySearchFunc(p.shards, h, func(s shard, h kpl.Hash) int { return s.hash.Start.Compare(h) })
	if exact {
		return i
	}
	return i - 1
}

// add gathers user records; aggregates that are full go into q.
func (p *packs) add(q *queue, entries []*entry) error {
	for _, e := range entries {
		h, err := kpl.HashOf([]byte(e.key), nil)
		if err != nil {
			return fmt.Errorf("aggregating: %w", err)
		}
		i := p.place(h)
		if i < 0 || i >= len(p.open) {
			return fmt.Errorf("aggregating: no open shard takes hash key %s", h)
		}
		if err := p.put(q, i, e); err != nil {
			return err
		}
	}
	return nil
}

func (p *packs) put(q *queue, i int, e *entry) error {
	for {
		if p.open[i] == nil {
			p.open[i] = &pack{aggregator: kpl.NewAggregator(aggregateBytes, aggregateRecords)}
		}
		open := p.open[i]
		fits, err := open.aggregator.Add([]byte(e.key), nil, e.data)
		if err != nil {
			return fmt.Errorf("aggregating: %w", err)
		}
		if fits {
			open.members = append(open.members, e)
			p.bytes += e.size()
			return nil
		}
		p.close(q, i)
	}
}

// close puts what shard i has gathered into q.
func (p *packs) close(q *queue, i int) {
	open := p.open[i]
	p.open[i] = nil
	key, _ := open.aggregator.Keys()
	for _, m := range open.members {
		p.bytes -= m.size()
	}
	q.add(&entry{
		key: key, explicit: p.shards[i].start, data: open.aggregator.Append(nil), since: open.members[0].since,
		shard: p.shards[i].id, members: open.members,
	})
}

// seal puts what is due into q.
func (p *packs) seal(q *queue, due func(since time.Time) bool) {
	for i, open := range p.open {
		if open != nil && due(open.members[0].since) {
			p.close(q, i)
		}
	}
}

// oldest returns when the first record that is being gathered came.
func (p *packs) oldest() (since time.Time, ok bool) {
	for _, open := range p.open {
		if open != nil && (!ok || open.members[0].since.Before(since)) {
			since, ok = open.members[0].since, true
		}
	}
	return since, ok
}

func (p *packs) empty() bool { return p == nil || p.bytes == 0 && len(p.astray) == 0 }

// waiting reports whether aggregates went astray, so that nothing may go out before the shards are known again.
func (p *packs) waiting() bool { return p != nil && len(p.astray) > 0 }

func (p *packs) misplace(entries []*entry) {
	if p != nil {
		p.astray = append(p.astray, entries...)
	}
}

// repack learns the shards again and packs anew what went astray and what waits, in the order in which it came.
func (p *packs) repack(ctx context.Context, client client, t target, q *queue) error {
	gathered := p.open
	if err := p.list(ctx, client, t); err != nil {
		return err
	}
	astray := slices.DeleteFunc(p.astray, p.fine)
	again := slices.Concat(astray, q.entries)
	slices.SortFunc(again, func(a, b *entry) int {
		if a.number < b.number {
			return -1
		}
		return 1
	})
	p.astray, p.bytes, q.entries, q.bytes = nil, 0, nil, 0
	clear(q.failed)
	for _, e := range again {
		if err := p.add(q, e.members); err != nil {
			return err
		}
	}
	for _, open := range gathered {
		if open != nil {
			if err := p.add(q, open.members); err != nil {
				return err
			}
		}
	}
	return nil
}

// fine reports whether an aggregate that landed elsewhere than it was meant to belongs there all the same: after a merge.
func (p *packs) fine(e *entry) bool {
	i := slices.IndexFunc(p.shards, func(s shard) bool { return s.id == e.landed })
	if i < 0 {
		return false
	}
	return !slices.ContainsFunc(e.members, func(m *entry) bool {
		h, err := kpl.HashOf([]byte(m.key), nil)
		return err != nil || !p.shards[i].hash.Contains(h)
	})
}
