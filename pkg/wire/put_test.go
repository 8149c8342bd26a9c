package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/wire"
)

// asked is a transport that keeps the last request's body.
type asked struct {
	answer
	body   []byte
	header http.Header
}

func (a *asked) Do(r *http.Request) (*http.Response, error) {
	var err error
	if a.body, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	a.header = r.Header
	return a.answer.Do(r)
}

// put makes a call that is answered so.
func put(a kinesis.HTTPClient, in *kinesis.PutRecordsInput, options ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error) {
	client := kinesis.New(kinesis.Options{
		HTTPClient: a, BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), RetryMaxAttempts: 1,
	}, options...)
	return client.PutRecords(context.Background(), in)
}

func entry(key string, data []byte) types.PutRecordsRequestEntry {
	return types.PutRecordsRequestEntry{Data: data, PartitionKey: &key}
}

// What we ask is what the SDK asks, member for member, headers included.
func TestPutAsksAsTheSDK(t *testing.T) {
	hashed := entry("k", []byte("x"))
	hashed.ExplicitHashKey = aws.String("340282366920938463463374607431768211455")
	for name, in := range map[string]*kinesis.PutRecordsInput{
		"by name":      {StreamName: aws.String("s"), Records: []types.PutRecordsRequestEntry{entry("a", []byte("hello")), entry("c", []byte{})}},
		"by ARN":       {StreamARN: aws.String("arn:aws:kinesis:us-east-1:123456789012:stream/s"), Records: []types.PutRecordsRequestEntry{hashed}},
		"odd keys":     {StreamName: aws.String("s"), Records: []types.PutRecordsRequestEntry{entry("k\"\\\n\x01é\u2028😀</a>", []byte{0, 0xff}), entry("\xff\xfe", []byte{})}},
		"a dry run":    {StreamName: aws.String("s"), DryRun: aws.Bool(true), Records: []types.PutRecordsRequestEntry{entry("a", []byte{})}},
		"one 1 MB one": {StreamName: aws.String("s"), Records: []types.PutRecordsRequestEntry{entry("big", bytes.Repeat([]byte("x"), 1<<20))}},
	} {
		t.Run(name, func(t *testing.T) {
			theirs, ours := &asked{answer: putAnswer(`{}`)}, &asked{answer: putAnswer(`{}`)}
			_, _ = put(theirs, in)
			_, _ = put(ours, in, wire.JSON)
			var want, got any
			if err := json.Unmarshal(theirs.body, &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(ours.body, &got); err != nil {
				t.Fatalf("%v in %.200q", err, ours.body)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the SDK's request (-) and ours (+) differ:\n%s", diff)
			}
			for _, header := range []string{"Content-Type", "X-Amz-Target"} {
				if theirs.header.Get(header) != ours.header.Get(header) {
					t.Errorf("the SDK's %s is %q, ours %q", header, theirs.header.Get(header), ours.header.Get(header))
				}
			}
			if ours.header.Get("Content-Length") != theirs.header.Get("Content-Length") && name == "by name" {
				t.Errorf("the SDK's request has %s bytes, ours %s", theirs.header.Get("Content-Length"), ours.header.Get("Content-Length"))
			}
		})
	}
}

func putAnswer(body string) answer { return answer{[]byte(body), int64(len(body)), 200} }

var putBodies = []string{
	`{"FailedRecordCount":0,"Records":[{"SequenceNumber":"49590338271490256608559692538361571095921575989136588898","ShardId":"shardId-000000000000"}]}`,
	`{"FailedRecordCount":1,"EncryptionType":"KMS","Records":[{"ErrorCode":"InternalFailure","ErrorMessage":"Internal service failure."},{"SequenceNumber":"","ShardId":""}]}`,
	`{"FailedRecordCount":1,"Records":[{"ErrorCode":"x","ErrorMessage":"a \"quoted\" one","SequenceNumber":null}]}`,
	` { "Records" : [ ] } `, `{}`, `null`, ``, `[]`, `{"Records":null}`, `{"Records":[{]}`, `{"Records":[],"Records":[]}`, `{"FailedRecordCount":1e3}`,
	`{"FailedRecordCount":99999999999}`, `{"Records":[{"ShardId":"a","ShardId":"b"}]}`, `{"Unknown":{"x":[1]},"Records":[{"New":1,"ShardId":"s"}]}`,
}

func comparePut(t *testing.T, a answer) {
	t.Helper()
	in := &kinesis.PutRecordsInput{StreamName: aws.String("s"), Records: []types.PutRecordsRequestEntry{entry("k", []byte{})}}
	theirs, theirErr := put(a, in)
	ours, ourErr := put(a, in, wire.JSON)
	if (theirErr == nil) != (ourErr == nil) {
		t.Fatalf("the SDK says %v, we say %v", theirErr, ourErr)
	}
	if theirErr != nil {
		return
	}
	ignore := []cmp.Option{cmpopts.IgnoreUnexported(kinesis.PutRecordsOutput{}, types.PutRecordsResultEntry{}), cmpopts.IgnoreFields(kinesis.PutRecordsOutput{}, "ResultMetadata")}
	if diff := cmp.Diff(theirs, ours, ignore...); diff != "" {
		t.Fatalf("the SDK's answer (-) and ours (+) differ:\n%s", diff)
	}
}

func TestPutSameAsTheSDK(t *testing.T) {
	for _, body := range putBodies {
		t.Run(body[:min(len(body), 60)], func(t *testing.T) {
			comparePut(t, putAnswer(body))
			comparePut(t, answer{[]byte(body), -1, 200})
			comparePut(t, answer{[]byte(body), int64(len(body)) + 10, 200}) // cut
			comparePut(t, answer{[]byte(body), int64(len(body)), 500})
		})
	}
}

func FuzzPut(f *testing.F) {
	for _, body := range putBodies {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		comparePut(t, answer{body, int64(len(body)), 200})
		_, _ = put(cborAnswer(body), &kinesis.PutRecordsInput{StreamName: aws.String("s")}, wire.CBOR) // it doesn't crash
	})
}

// What is put in CBOR comes out as it would have from JSON, and its answer says the same.
func TestPutCBOR(t *testing.T) {
	server, theirs, ours := clients(t)
	if err := server.CreateStream("s", 2); err != nil {
		t.Fatal(err)
	}
	in := &kinesis.PutRecordsInput{StreamName: aws.String("s")}
	for i := range 300 { // more than 255, so that lengths have two bytes
		in.Records = append(in.Records, entry(fmt.Sprintf("kéy %d", i), bytes.Repeat([]byte{byte(i), 0xff}, i)))
	}
	in.Records[7].ExplicitHashKey = aws.String("0")
	for _, client := range []*kinesis.Client{theirs, ours} {
		out, err := client.PutRecords(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Records) != 300 || *out.FailedRecordCount != 0 {
			t.Fatalf("%d results, %d failed", len(out.Records), *out.FailedRecordCount)
		}
		for i, r := range out.Records {
			if aws.ToString(r.SequenceNumber) == "" || aws.ToString(r.ShardId) == "" || r.ErrorCode != nil {
				t.Fatalf("result %d is %+v", i, r)
			}
		}
	}
	for _, shard := range []string{"shardId-000000000000", "shardId-000000000001"} {
		out, err := theirs.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: iterator(t, theirs, shard)})
		if err != nil {
			t.Fatal(err)
		}
		half := len(out.Records) / 2
		for i := range half {
			a, b := out.Records[i], out.Records[half+i]
			if !bytes.Equal(a.Data, b.Data) || *a.PartitionKey != *b.PartitionKey {
				t.Fatalf("record %d came in JSON as %q %q, in CBOR as %q %q", i, *a.PartitionKey, a.Data, *b.PartitionKey, b.Data)
			}
		}
	}
}

func BenchmarkPutRecords(b *testing.B) {
	in := &kinesis.PutRecordsInput{StreamName: aws.String("s")}
	results := bytes.NewBufferString(`{"FailedRecordCount":0,"Records":[`)
	for i := range 500 {
		in.Records = append(in.Records, entry(fmt.Sprintf("key-%d", i), bytes.Repeat([]byte("x"), 1000)))
		fmt.Fprintf(results, `{"SequenceNumber":"4959033827149025660855969253836157109592157598913658%04d","ShardId":"shardId-000000000000"},`, i)
	}
	body := append(bytes.TrimSuffix(results.Bytes(), []byte(",")), `]}`...)
	for name, options := range map[string][]func(*kinesis.Options){"sdk": nil, "wire": {wire.JSON}, "wire, cbor": {wire.CBOR}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(500_000)
			b.ReportAllocs()
			for b.Loop() {
				if out, err := put(answer{body, int64(len(body)), 200}, in, options...); err != nil || len(out.Records) != 500 {
					b.Fatal(err)
				}
			}
		})
	}
}
