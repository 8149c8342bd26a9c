package kinesis

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// emulatorFaults are the tests that kinesis-local 0.6.2 can't pass, by name, with its fault.
var emulatorFaults = map[string]string{}

// TestEmulator runs the suite against a server over the network: kinesis-local, where make test-parts starts it.
func TestEmulator(t *testing.T) {
	client := kinesistest.Elsewhere(t)
	sourcetest.Run(t, sourcetest.Harness{
		New: func(t *testing.T) sourcetest.Stream {
			return emulated{client, kinesistest.Stream(t, client, "source", 2)}
		},
		Skip: emulatorFaults,
	})
}

// emulated is a stream in a server that is reached over the network.
type emulated struct {
	client *kinesis.Client
	name   string
}

func (e emulated) Source(t *testing.T) record.Source {
	t.Helper()
	s, err := New(Config{Streams: []Stream{{Name: e.name, Client: e.client}}, PollInterval: new(time.Duration)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (e emulated) Put(t *testing.T, key, data string) {
	t.Helper()
	_, err := e.client.PutRecord(t.Context(), &kinesis.PutRecordInput{StreamName: &e.name, PartitionKey: &key, Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
}

// Reshard splits the first open shard in the middle, and merges its halves.
func (e emulated) Reshard(t *testing.T) bool {
	t.Helper()
	open := e.open(t)
	_, err := e.client.SplitShard(t.Context(), &kinesis.SplitShardInput{StreamName: &e.name, ShardToSplit: open[0].ShardId,
		NewStartingHashKey: aws.String("1000000")})
	if err != nil {
		t.Fatal(err)
	}
	kinesistest.Settle(t, e.client, e.name)
	open = e.open(t)
	a, b := open[len(open)-2], open[len(open)-1]
	if *a.HashKeyRange.StartingHashKey > *b.HashKeyRange.StartingHashKey {
		a, b = b, a
	}
	_, err = e.client.MergeShards(t.Context(), &kinesis.MergeShardsInput{StreamName: &e.name, ShardToMerge: a.ShardId, AdjacentShardToMerge: b.ShardId})
	if err != nil {
		t.Fatal(err)
	}
	kinesistest.Settle(t, e.client, e.name)
	return true
}

func (e emulated) open(t *testing.T) []types.Shard {
	t.Helper()
	out, err := e.client.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: &e.name,
		ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Shards
}
