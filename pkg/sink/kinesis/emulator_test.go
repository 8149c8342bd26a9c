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

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

// TestEmulator runs the suite against a server over the network: KSTREAM_TEST_ENDPOINT says which, kinesis-local where
// make test-parts starts it.
func TestEmulator(t *testing.T) {
	endpoint := os.Getenv("KSTREAM_TEST_ENDPOINT")
	if endpoint == "" {
		t.Skip("KSTREAM_TEST_ENDPOINT is not set")
	}
	client := kinesis.New(kinesis.Options{BaseEndpoint: &endpoint, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("x", "y", "")})
	for name, c := range map[string]Config{"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				e := newEmulated(t, client)
				c := c
				c.Stream, c.BatchBytes, c.InFlight = *e.name, 1<<20, 4
				return sinktest.Harness{
					Open: func(t *testing.T) record.Sink {
						s, err := Open(t.Context(), c, client)
						if err != nil {
							t.Fatal(err)
						}
						return s
					},
					Read: e.read,
				}
			})
		})
	}
}

// emulated is a stream of one shard in a server that is reached over the network.
type emulated struct {
	client *kinesis.Client
	name   *string
}

func newEmulated(t *testing.T, client *kinesis.Client) emulated {
	t.Helper()
	e := emulated{client, aws.String(fmt.Sprintf("sink-%d", time.Now().UnixNano()))}
	if _, err := client.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: e.name, ShardCount: aws.Int32(1)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{StreamName: e.name}); err != nil {
			t.Error(err)
		}
	})
	waiter := kinesis.NewStreamExistsWaiter(client, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 20*time.Millisecond, 100*time.Millisecond
	})
	if err := waiter.Wait(t.Context(), &kinesis.DescribeStreamInput{StreamName: e.name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	return e
}

// read returns the payloads in the stream's one shard, those inside aggregates too.
func (e emulated) read(t *testing.T) (payloads []string) {
	t.Helper()
	shards, err := e.client.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: e.name})
	if err != nil {
		t.Fatal(err)
	}
	at, err := e.client.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{StreamName: e.name,
		ShardId: shards.Shards[0].ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		t.Fatal(err)
	}
	for next := at.ShardIterator; ; {
		page, err := e.client.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: next})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			var splitter kpl.Splitter
			users, ok := splitter.Split(r.Data)
			if !ok {
				users = []kpl.UserRecord{{Data: r.Data}}
			}
			for _, u := range users {
				payloads = append(payloads, string(u.Data))
			}
		}
		if aws.ToInt64(page.MillisBehindLatest) == 0 {
			return payloads
		}
		next = page.NextShardIterator
	}
}
