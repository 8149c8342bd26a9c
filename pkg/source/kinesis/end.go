package kinesis

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/record"
)

// check applies KCL's rules for an answer (DataRetrievalUtil): it has either a next iterator or children, and children
// have parents. One without both comes from servers that send no children: ends says whether to believe it, end lists them.
func (c *call) check() error {
	out := c.out
	if c.records == nil {
		return errBrokenAnswer // an empty one, of a proxy or a broken server
	}
	if aws.ToString(out.NextShardIterator) != "" && len(out.ChildShards) > 0 {
		return errBrokenAnswer
	}
	for i := range out.ChildShards {
		if aws.ToString(out.ChildShards[i].ShardId) == "" || len(out.ChildShards[i].ParentShards) == 0 {
			return errBrokenAnswer
		}
	}
	for i := range c.records {
		if len(c.records[i].Sequence) == 0 {
			return errBrokenAnswer
		}
	}
	return nil
}

// sureEndings is how many answers have to say that a shard has ended, with no new record in between, where they name no
// children: each to an iterator of its own, which brings the last record once more. The service names them. An answer that
// something on the way has emptied looks the same, and of a shard that is closed indeed it would take all that has not been read.
const sureEndings = 3

// ends tells whether out is the shard's last answer.
func (r *reader) ends(out *kinesis.GetRecordsOutput) bool {
	if aws.ToString(out.NextShardIterator) != "" {
		return false
	}
	if len(out.ChildShards) > 0 {
		return true
	}
	r.endings++
	return r.endings >= sureEndings
}

// end puts the children of a shard that has ended into its last page.
func (r *reader) end(ctx context.Context, p *record.Page, children []types.ChildShard) error {
	for i := range children {
		c := &children[i]
		r.stream.keepRange(*c.ShardId, c.HashKeyRange)
		p.Children = append(p.Children, r.stream.partition(*c.ShardId, c.ParentShards, record.Position{}))
	}
	if len(children) == 0 {
		if err := r.listChildren(ctx, p); err != nil {
			return err
		}
	}
	var parents [][]string
	for i := range p.Children {
		r.stream.mark(p.Children[i].Shard, active)
		parents = append(parents, r.stream.shardsOf(p.Children[i].Parents))
	}
	if err := r.elders(ctx, p, parents); err != nil {
		return err
	}
	r.stream.mark(r.shard, done)
	return nil
}

// listChildren finds the children of a shard whose answer named none. A shard that is listed as open and without children
// has not ended, whatever the answer says: an empty one, of a proxy or a broken server, would else end it with all that is
// still to come.
func (r *reader) listChildren(ctx context.Context, p *record.Page) error {
	shards, err := r.stream.list(ctx, nil)
	if err != nil {
		return err
	}
	open := false
	for i := range shards {
		if *shards[i].ShardId == r.shard {
			open = isOpen(&shards[i])
		} else if parents := parentsOf(&shards[i]); slices.Contains(parents, r.shard) {
			p.Children = append(p.Children, r.stream.partition(*shards[i].ShardId, parents, record.Position{}))
		}
	}
	if open && len(p.Children) == 0 {
		return errBrokenAnswer
	}
	return nil
}

func isOpen(s *types.Shard) bool {
	return s.SequenceNumberRange == nil || aws.ToString(s.SequenceNumberRange.EndingSequenceNumber) == ""
}

// vanished finds out what "not found" means for a shard. One that is no longer listed has outlived its retention: it
// counts as ended, with what was not read of it as lost. One that is still there is asked again.
func (r *reader) vanished(ctx context.Context, p *record.Page, began record.Millis) error {
	if err := r.stream.describe(ctx); err != nil {
		return err
	}
	shards, err := r.stream.list(ctx, nil)
	if err != nil {
		return err
	}
	if newListing(shards).has(r.shard) {
		return nil
	}
	r.stream.lostShard(r.shard, r.handledTo)
	if err := r.end(ctx, p, nil); err != nil {
		return err
	}
	r.ended = true
	p.End = record.Position{Where: record.Ended}
	p.Begun, p.HandledTo = began, max(r.handledTo, began)
	return nil
}
