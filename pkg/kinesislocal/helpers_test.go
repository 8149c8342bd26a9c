package kinesislocal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/conformance"
)

var unlimited = &kinesislocal.Limits{}

func newServer(t testing.TB, c kinesislocal.Config) *kinesislocal.Server {
	t.Helper()
	s, err := kinesislocal.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newClient returns a client that does not retry and reaches s without a socket.
func newClient(s *kinesislocal.Server) *kinesis.Client { return clientOf(s, s.HTTPClient()) }

func clientOf(s *kinesislocal.Server, h kinesis.HTTPClient) *kinesis.Client {
	return kinesis.New(kinesis.Options{
		BaseEndpoint: aws.String(s.URL()),
		Region:       s.Region(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
		Retryer:    aws.NopRetryer{},
		HTTPClient: h,
	})
}

// start puts s on loopback and returns a client that reaches it there.
func start(t testing.TB, s *kinesislocal.Server) *kinesis.Client {
	t.Helper()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return clientOf(s, plainBodies{http.DefaultClient})
}

// plainBodies keeps net/http from closing the SDK's request body a second time, which it takes for a failed write.
type plainBodies struct{ *http.Client }

func (p plainBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = io.NopCloser(r.Body)
	}
	return p.Client.Do(r)
}

func TestConformance(t *testing.T) {
	t.Run("transport", func(t *testing.T) {
		conformance.Run(t, newClient(newServer(t, kinesislocal.Config{Limits: unlimited})), nil)
	})
	t.Run("loopback", func(t *testing.T) {
		s := newServer(t, kinesislocal.Config{Limits: unlimited})
		conformance.Run(t, start(t, s), nil)
	})
}

// must keeps the happy path of a test on one line.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// code returns the code of the service's error, "" for nil.
func code(err error) string {
	var api smithy.APIError
	var local *kinesislocal.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return api.ErrorCode()
	case errors.As(err, &local):
		return local.Code
	}
	return fmt.Sprintf("%v", err)
}

func wantCode(t testing.TB, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("got error %q (%v), want %q", got, err, want)
	}
}

func iterate(t testing.TB, c *kinesis.Client, stream, shard string) *string {
	t.Helper()
	out, err := c.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
		StreamName: &stream, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	check(t, err)
	return out.ShardIterator
}

func read(t testing.TB, c *kinesis.Client, it *string) *kinesis.GetRecordsOutput {
	t.Helper()
	out, err := c.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: it})
	check(t, err)
	return out
}

func shardName(n int) string { return fmt.Sprintf("shardId-%012d", n) }
