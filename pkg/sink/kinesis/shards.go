package kinesis

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/kpl"
)

// shards are a stream's, as ListShards knows them.
type shards struct {
	ranges map[string]kpl.Range // by name, closed ones too
	open   []shard              // in the order of their hash keys, which they cover without a gap
}

type shard struct {
	name  string
	hash  kpl.Range
	start string // of hash, in decimal
}

var errGaps = errors.New("the open shards that ListShards names do not cover all hash keys")

// list asks for the shards, once. It is an error that the open ones leave a gap, which happens in the middle of a reshard.
func (s *stream) list(ctx context.Context, client client) (*shards, error) {
	found := &shards{ranges: map[string]kpl.Range{}}
	in := &kinesis.ListShardsInput{}
	in.StreamName, in.StreamARN = s.address()
	for {
		out, err := client.ListShards(ctx, in, awserror.Once)
		if err != nil {
			return nil, err
		}
		for i := range out.Shards {
			if err := found.add(&out.Shards[i]); err != nil {
				return nil, err
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return found, found.sort()
		}
		in = &kinesis.ListShardsInput{NextToken: out.NextToken} // which stands for the stream
	}
}

func (s *shards) add(from *types.Shard) error {
	if from.HashKeyRange == nil {
		return errGaps
	}
	start, err := kpl.ParseHash(aws.ToString(from.HashKeyRange.StartingHashKey))
	if err != nil {
		return err
	}
	end, err := kpl.ParseHash(aws.ToString(from.HashKeyRange.EndingHashKey))
	if err != nil {
		return err
	}
	name, hash := aws.ToString(from.ShardId), kpl.Range{Start: start, End: end}
	s.ranges[name] = hash
	if from.SequenceNumberRange == nil || from.SequenceNumberRange.EndingSequenceNumber == nil {
		s.open = append(s.open, shard{name, hash, start.String()})
	}
	return nil
}

// sort orders the open shards, and checks that every hash key has exactly one.
func (s *shards) sort() error {
	slices.SortFunc(s.open, func(a, b shard) int { return a.hash.Start.Compare(b.hash.Start) })
	next := kpl.All.Start
	for i, sh := range s.open {
		if sh.hash.Start != next || sh.hash.End.Compare(next) < 0 || (sh.hash.End == kpl.All.End) != (i == len(s.open)-1) {
			return errGaps
		}
		if next = sh.hash.End; next.Lo == 1<<64-1 {
			next.Hi++
		}
		next.Lo++
	}
	if len(s.open) == 0 {
		return errGaps
	}
	return nil
}

// place returns the index of the open shard that h belongs to.
func (s *shards) place(h kpl.Hash) int {
	i, exact := slices.BinarySearchFunc(s.open, h, func(sh shard, h kpl.Hash) int { return sh.hash.Start.Compare(h) })
	if exact {
		return i
	}
	return i - 1 // the first begins at 0
}

// takes reports whether readers take an aggregate of these records from the named shard: after a reshard one may have gone
// to another shard than was meant, and belong there.
func (s *shards) takes(name string, records []kpl.UserRecord) bool {
	hash, ok := s.ranges[name]
	return ok && kpl.Belongs(records, hash)
}
