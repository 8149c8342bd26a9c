package kinesis

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

// TestEmulator runs the suite against a server over the network: kinesis-local, where make test-parts starts it.
func TestEmulator(t *testing.T) {
	client := kinesistest.Elsewhere(t)
	for name, c := range map[string]Config{"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				e := emulated{client, kinesistest.Stream(t, client, "sink", 1)}
				c := c
				c.Stream, c.BatchBytes, c.InFlight = e.name, 1<<20, 4
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
	name   string
}

// read returns the payloads in the stream's one shard, those inside aggregates too.
func (e emulated) read(t *testing.T) (payloads []string) {
	t.Helper()
	shards, err := e.client.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: &e.name})
	if err != nil {
		t.Fatal(err)
	}
	at, err := e.client.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{StreamName: &e.name,
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
