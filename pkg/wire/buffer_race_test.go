//go:build race

package wire_test

import (
	"bytes"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/wire"
)

// What is read from an answer whose buffer was given back is nobody's data: every test with the race detector meets it.
func TestReleasedIsGone(t *testing.T) {
	body := page(40, 1000)
	client := kinesis.New(kinesis.Options{
		HTTPClient: answer{body, int64(len(body)), 200}, BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	}, wire.JSON)
	var b wire.Buffer
	out, err := client.GetRecords(wire.WithBuffer(t.Context(), &b), &kinesis.GetRecordsInput{ShardIterator: aws.String("i")})
	if err != nil {
		t.Fatal(err)
	}
	r := &b.Records(out)[39]
	data, key := r.Data, r.Key
	if !bytes.Equal(data, bytes.Repeat([]byte("x"), 1000)) {
		t.Fatalf("got %q", data)
	}
	b.Release()
	b.Release()
	if !bytes.Equal(data, bytes.Repeat([]byte{0xdb}, 1000)) || !bytes.Equal(key, bytes.Repeat([]byte{0xdb}, 6)) {
		t.Errorf("got %q and %q after Release", data, key)
	}
}
