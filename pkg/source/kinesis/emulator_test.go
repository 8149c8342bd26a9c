package kinesis

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// endpointVariable names the server that TestEmulator runs against: kinesis-local, where make test-parts starts it.
const endpointVariable = "KSTREAM_TEST_ENDPOINT"

// emulatorFaults are the tests that kinesis-local 0.6.2 can't pass, by name, with its fault.
var emulatorFaults = map[string]string{}

func TestEmulator(t *testing.T) {
	endpoint := os.Getenv(endpointVariable)
	if endpoint == "" {
		t.Skipf("%s is not set", endpointVariable)
	}
	client := kinesis.New(kinesis.Options{BaseEndpoint: &endpoint, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("x", "y", "")})
	sourcetest.Run(t, sourcetest.Harness{
		New:  func(t *testing.T) sourcetest.Stream { return newEmulated(t, client) },
		Skip: emulatorFaults,
	})
}

// emulated is a stream in a server that is reached over the network.
type emulated struct {
	client *kinesis.Client
	name   *string
}

func newEmulated(t *testing.T, client *kinesis.Client) emulated {
	t.Helper()
	e := emulated{client, aws.String(fmt.Sprintf("source-%d", time.Now().UnixNano()))}
	_, err := client.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: e.name, ShardCount: aws.Int32(2)})
	if err != nil {
		t.Fatal(err)
	}
	e.settled(t)
	t.Cleanup(func() {
		_, err := client.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{StreamName: e.name})
		if err != nil {
			t.Error(err)
		}
	})
	return e
}

// settled waits until the stream is ACTIVE.
func (e emulated) settled(t *testing.T) {
	t.Helper()
	waiter := kinesis.NewStreamExistsWaiter(e.client, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 20*time.Millisecond, 100*time.Millisecond
	})
	if err := waiter.Wait(t.Context(), &kinesis.DescribeStreamInput{StreamName: e.name}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func (e emulated) Source(t *testing.T) record.Source {
	t.Helper()
	s, err := New(Config{Streams: []Stream{{Name: *e.name, Client: e.client}}, PollInterval: new(time.Duration)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (e emulated) Put(t *testing.T, key, data string) {
	t.Helper()
	_, err := e.client.PutRecord(t.Context(), &kinesis.PutRecordInput{StreamName: e.name, PartitionKey: &key, Data: []byte(data)})
	if err != nil {
		t.Fatal(err)
	}
}

// Reshard splits the first open shard in the middle, and merges its halves.
func (e emulated) Reshard(t *testing.T) bool {
	t.Helper()
	open := e.open(t)
	_, err := e.client.SplitShard(t.Context(), &kinesis.SplitShardInput{StreamName: e.name, ShardToSplit: open[0].ShardId,
		NewStartingHashKey: aws.String("1000000")})
	if err != nil {
		t.Fatal(err)
	}
	e.settled(t)
	open = e.open(t)
	a, b := open[len(open)-2], open[len(open)-1]
	if *a.HashKeyRange.StartingHashKey > *b.HashKeyRange.StartingHashKey {
		a, b = b, a
	}
	_, err = e.client.MergeShards(t.Context(), &kinesis.MergeShardsInput{StreamName: e.name, ShardToMerge: a.ShardId, AdjacentShardToMerge: b.ShardId})
	if err != nil {
		t.Fatal(err)
	}
	e.settled(t)
	return true
}

func (e emulated) open(t *testing.T) []types.Shard {
	t.Helper()
	out, err := e.client.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: e.name,
		ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Shards
}
