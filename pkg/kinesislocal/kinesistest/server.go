// Package kinesistest sets a Kinesis up for a test in a line: an embedded one, with or without a socket, or a server that
// runs elsewhere. What goes wrong on the way fails the test.
//
//	server := kinesistest.New(t, kinesislocal.Config{})
//	client := kinesistest.Client(server)
package kinesistest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// New returns a server without a socket, as testing/synctest asks for. Client reaches it.
func New(t testing.TB, c kinesislocal.Config) *kinesislocal.Server {
	t.Helper()
	server, err := kinesislocal.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// Listen returns a server that listens on loopback until the test ends, for other processes.
func Listen(t testing.TB, c kinesislocal.Config) *kinesislocal.Server {
	t.Helper()
	server := New(t, c)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Client returns a client of the real SDK whose calls server answers in the goroutine that makes them.
func Client(server *kinesislocal.Server) *kinesis.Client { return kinesis.New(Options(server)) }

// Options are those of Client, for one that differs.
func Options(server *kinesislocal.Server) kinesis.Options {
	return kinesis.Options{
		HTTPClient: server.HTTPClient(), BaseEndpoint: aws.String(server.URL()), Region: server.Region(),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// Inject lets the faults in text happen from now on (kinesislocal.ParseFaults has their form), and returns them in its order.
func Inject(t testing.TB, server *kinesislocal.Server, text string) []*kinesislocal.Injection {
	t.Helper()
	faults, err := kinesislocal.ParseFaults(text)
	if err != nil {
		t.Fatal(err)
	}
	var injected []*kinesislocal.Injection
	for _, f := range faults {
		in, err := server.Inject(f)
		if err != nil {
			t.Fatal(err)
		}
		injected = append(injected, in)
	}
	return injected
}
