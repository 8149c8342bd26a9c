package kinesistest

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
)

// EndpointVariable names a Kinesis that tests run against as well, such as an emulator: http://127.0.0.1:4567.
const EndpointVariable = "KSTREAM_TEST_ENDPOINT"

// Region is that of clients of a server elsewhere. Emulators take any.
const Region = "us-east-1"

// patience bounds the wait for a stream: emulators take their time on a busy machine.
const patience = 90 * time.Second

// Elsewhere returns a client of the Kinesis that EndpointVariable names, and skips the test where it names none.
func Elsewhere(t testing.TB, options ...func(*kinesis.Options)) *kinesis.Client {
	t.Helper()
	endpoint := os.Getenv(EndpointVariable)
	if endpoint == "" {
		t.Skip(EndpointVariable + " is not set")
	}
	return ClientAt(endpoint, options...)
}

// ClientAt returns a client of the Kinesis at endpoint, a URL.
func ClientAt(endpoint string, options ...func(*kinesis.Options)) *kinesis.Client {
	return kinesis.New(kinesis.Options{
		BaseEndpoint: &endpoint, Region: Region, HTTPClient: plainBodies{http.DefaultClient},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}, options...)
}

// plainBodies keeps net/http from closing the SDK's request body a second time, which it takes for a failed write.
type plainBodies struct{ *http.Client }

func (p plainBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = io.NopCloser(r.Body)
	}
	return p.Client.Do(r)
}

// Stream makes a stream whose name begins with prefix, waits until it is ACTIVE, and deletes it when the test ends.
func Stream(t testing.TB, client *kinesis.Client, prefix string, shards int32) (name string) {
	t.Helper()
	name = fmt.Sprintf("%s-%d", prefix, time.Now().UnixNano())
	if _, err := client.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(shards)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{StreamName: &name}); err != nil {
			t.Error(err)
		}
	})
	Settle(t, client, name)
	return name
}

// Settle waits until the stream is ACTIVE: it has been made, or its shards are what a call has made of them.
func Settle(t testing.TB, client *kinesis.Client, stream string) {
	t.Helper()
	waiter := kinesis.NewStreamExistsWaiter(client, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 20*time.Millisecond, 250*time.Millisecond
	})
	if err := waiter.Wait(t.Context(), &kinesis.DescribeStreamInput{StreamName: &stream}, patience); err != nil {
		t.Fatal(err)
	}
}
