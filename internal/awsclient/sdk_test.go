package awsclient

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// TestOneConnectionServesAReader reads page after page by the SDK over a socket: the connection of the first call is that
// of the last.
func TestOneConnectionServesAReader(t *testing.T) {
	local, err := kinesislocal.New(kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := local.CreateStream("logs", 1); err != nil {
		t.Fatal(err)
	}
	for range 400 {
		if _, _, err := local.Put("logs", "k", make([]byte, 20_000)); err != nil {
			t.Fatal(err)
		}
	}
	var dials atomic.Int32
	server := httptest.NewUnstartedServer(local)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			dials.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	setEnv(t, map[string]string{"AWS_REGION": local.Region(), "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"})
	client, err := New(t.Context(), Config{EndpointURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	first, err := client.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{StreamName: aws.String("logs"),
		ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	for iterator := first.ShardIterator; records < 400; {
		out, err := client.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(2)})
		if err != nil {
			t.Fatal(err)
		}
		records += len(out.Records)
		iterator = out.NextShardIterator
	}
	if n := dials.Load(); n != 1 {
		t.Errorf("%d connections for 201 calls one after the other", n)
	}
}
