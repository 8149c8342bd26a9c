package endtoend

import (
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
)

// patience bounds what is waited for; emulators take their time on a busy machine.
const patience = 90 * time.Second

// world is a Kinesis, and the real SDK's client of it.
type world struct {
	endpoint string
	client   *kinesis.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	endpoint := os.Getenv(kinesistest.EndpointVariable)
	if endpoint == "" {
		endpoint = kinesistest.Listen(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}}).URL()
	}
	return &world{endpoint, kinesistest.ClientAt(endpoint)}
}

// stream makes a stream of two shards, which is deleted when the test ends.
func (w *world) stream(t *testing.T) string {
	t.Helper()
	return kinesistest.Stream(t, w.client, "endtoend", 2)
}

// put writes payloads under their keys, those of one key in order, and tries again what the service throttles.
func (w *world) put(t *testing.T, stream string, records []event) {
	t.Helper()
	for _, r := range records {
		// One call a record: PutRecords keeps no order between the records of a key when some fail.
		_, err := w.client.PutRecord(t.Context(), &kinesis.PutRecordInput{StreamName: &stream, PartitionKey: &r.key, Data: []byte(r.data)})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// split parts the first open shard in its middle, so that records go on in its children.
func (w *world) split(t *testing.T, stream string) {
	t.Helper()
	out, err := w.client.ListShards(t.Context(), &kinesis.ListShardsInput{StreamName: &stream,
		ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}})
	if err != nil {
		t.Fatal(err)
	}
	const quarter = "85070591730234615865843651857942052864" // 2^126: the middle of the lower of two shards
	_, err = w.client.SplitShard(t.Context(), &kinesis.SplitShardInput{StreamName: &stream,
		ShardToSplit: out.Shards[0].ShardId, NewStartingHashKey: aws.String(quarter)})
	if err != nil {
		t.Fatal(err)
	}
	kinesistest.Settle(t, w.client, stream)
}
