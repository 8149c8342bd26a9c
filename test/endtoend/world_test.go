package endtoend

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// endpointVariable names the Kinesis of all tests, in place of an embedded one for each.
const endpointVariable = "KSTREAM_TEST_ENDPOINT"

const region = "us-east-1"

// patience bounds what is waited for; emulators take their time on a busy machine.
const patience = 90 * time.Second

// world is a Kinesis, and the real SDK's client of it.
type world struct {
	endpoint string
	client   *kinesis.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	endpoint := os.Getenv(endpointVariable)
	if endpoint == "" {
		server, err := kinesislocal.New(kinesislocal.Config{Limits: &kinesislocal.Limits{}})
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		})
		endpoint = server.URL()
	}
	return &world{endpoint, kinesis.New(kinesis.Options{
		BaseEndpoint: &endpoint, Region: region, HTTPClient: plainBodies{http.DefaultClient},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})}
}

// plainBodies keeps the SDK from closing a request's body twice, which net/http takes for a failed write.
type plainBodies struct{ *http.Client }

func (p plainBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = io.NopCloser(r.Body)
	}
	return p.Client.Do(r)
}

// stream makes a stream of two shards, which is deleted when the test ends.
func (w *world) stream(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("endtoend-%d", time.Now().UnixNano())
	if _, err := w.client.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(2)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := w.client.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{StreamName: &name}); err != nil {
			t.Error(err)
		}
	})
	w.settle(t, name)
	return name
}

func (w *world) settle(t *testing.T, stream string) {
	t.Helper()
	waiter := kinesis.NewStreamExistsWaiter(w.client, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, 250*time.Millisecond
	})
	if err := waiter.Wait(t.Context(), &kinesis.DescribeStreamInput{StreamName: &stream}, patience); err != nil {
		t.Fatal(err)
	}
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
	w.settle(t, stream)
}
