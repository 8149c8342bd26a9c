package wire_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/wire"
)

// answer is a transport that answers every call with the same body.
type answer struct {
	body   []byte
	length int64 // as Content-Length says; -1: it does not
	status int
}

func (a answer) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	resp := &http.Response{
		StatusCode: a.status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, ContentLength: a.length,
		Body: io.NopCloser(bytes.NewReader(a.body)), Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if int64(len(a.body)) < a.length {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(a.body), cut{}))
	}
	return resp, nil
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// call makes a call that is answered so.
func call(ctx context.Context, a kinesis.HTTPClient, options ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error) {
	client := kinesis.New(kinesis.Options{
		HTTPClient: a, BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), RetryMaxAttempts: 1,
	}, options...)
	return client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: aws.String("i")})
}

// get makes a call that is answered so, with the SDK's own decoder and with ours.
func get(a answer) (theirs, ours *kinesis.GetRecordsOutput, theirErr, ourErr error) {
	theirs, theirErr = call(context.Background(), a)
	ours, ourErr = call(context.Background(), a, wire.JSON)
	return theirs, ours, theirErr, ourErr
}

// lent holds the records that a call with a buffer gives against those of the SDK.
func lent(t *testing.T, want []types.Record, a kinesis.HTTPClient, options ...func(*kinesis.Options)) {
	t.Helper()
	var b wire.Buffer
	defer b.Release()
	out, err := call(wire.WithBuffer(t.Context(), &b), a, options...)
	if err != nil {
		t.Fatal(err)
	}
	got := b.Records(out)
	if len(got) != len(want) {
		t.Fatalf("a call with a buffer gives %d records, the SDK %d", len(got), len(want))
	}
	for i, g := range got {
		w := &want[i]
		arrival := int64(0)
		if w.ApproximateArrivalTimestamp != nil {
			arrival = w.ApproximateArrivalTimestamp.UnixMilli()
		}
		if !bytes.Equal(g.Data, w.Data) || string(g.Key) != aws.ToString(w.PartitionKey) || string(g.Sequence) != aws.ToString(w.SequenceNumber) ||
			max(g.Arrival-arrival, arrival-g.Arrival) > 1 {
			t.Fatalf("record %d: a call with a buffer gives %q %q %q %d, the SDK %+v", i, g.Data, g.Key, g.Sequence, g.Arrival, w)
		}
	}
}

// same is equality but for what a call notes of itself; times may differ by the millisecond that the SDK rounds away.
var same = []cmp.Option{

	cmpopts.IgnoreUnexported(types.Record{}),
	cmp.Comparer(func(a, b time.Time) bool { return a.Sub(b).Abs() <= time.Millisecond }),
}

func compare(t *testing.T, a answer) {
	t.Helper()
	theirs, ours, theirErr, ourErr := get(a)
	if (theirErr == nil) != (ourErr == nil) {
		t.Fatalf("the SDK says %v, we say %v", theirErr, ourErr)
	}
	if theirErr != nil {
		return
	}
	if diff := cmp.Diff(theirs.Records, ours.Records, same...); diff != "" {
		t.Fatalf("the SDK's records (-) and ours (+) differ:\n%s", diff)
	}
	if aws.ToString(theirs.NextShardIterator) != aws.ToString(ours.NextShardIterator) || aws.ToInt64(theirs.MillisBehindLatest) != aws.ToInt64(ours.MillisBehindLatest) ||
		len(theirs.ChildShards) != len(ours.ChildShards) {
		t.Fatalf("the SDK's answer is %+v, ours %+v", theirs, ours)
	}
	lent(t, theirs.Records, a, wire.JSON)
	lent(t, theirs.Records, a) // a client that knows nothing of buffers
}

var bodies = []string{
	`{"Records":[],"NextShardIterator":"AAA=","MillisBehindLatest":0}`,
	`{"MillisBehindLatest":120,"NextShardIterator":"it","Records":[{"ApproximateArrivalTimestamp":1.763899200123E9,"Data":"aGVsbG8=","PartitionKey":"k","SequenceNumber":"49590338271490256608559692538361571095921575989136588898"},{"ApproximateArrivalTimestamp":1763899200.5,"Data":"","PartitionKey":"","SequenceNumber":"1","EncryptionType":"KMS"}]}`,
	` { "Records" : [ { "Data" : "AAECAwQFBgcICQ==" , "PartitionKey" : "a b" , "SequenceNumber" : "2" , "ApproximateArrivalTimestamp" : 1763899200.123 } ] , "MillisBehindLatest" : 7 } `,
	`{"Records":[{"Data":"aGk=","PartitionKey":"k\u00e9\"y","SequenceNumber":"3"}]}`,
	`{"Records":[{"Data":"aGk=","PartitionKey":"gr\u00fc\u00dfe","SequenceNumber":"3","Unknown":{"x":[1]}}]}`,
	"{\"Records\":[{\"Data\":\"aGk=\",\"PartitionKey\":\"gr\xc3\xbc\xc3\x9fe\",\"SequenceNumber\":\"3\"}]}",
	`{"Records":[{"Data":"aGk","PartitionKey":"k","SequenceNumber":"3"}]}`,
	`{"Records":[{"Data":"a!k=","PartitionKey":"k","SequenceNumber":"3"}]}`,
	`{"Records":[{"Data":null,"PartitionKey":"k","SequenceNumber":"3"}],"NextShardIterator":null}`,
	`{"Records":null}`, `{}`, ``, `null`, `[]`, `{"Records":[{]}`, `{"Records":[}`, `{"MillisBehindLatest":1.5}`, `{"MillisBehindLatest":"x"}`,
	`{"Records":[],"ChildShards":[{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"1"}}],"MillisBehindLatest":0}`,
	`{"Records":[],"Records":[]}`, `{"NextShardIterator":"a","NextShardIterator":"b"}`, `{"Records":[{"ApproximateArrivalTimestamp":1e400}]}`,
}

func TestSameAsTheSDK(t *testing.T) {
	for _, body := range bodies {
		t.Run(body[:min(len(body), 60)], func(t *testing.T) {
			compare(t, answer{[]byte(body), int64(len(body)), 200})
			compare(t, answer{[]byte(body), -1, 200})
			compare(t, answer{[]byte(body), int64(len(body)) + 10, 200}) // cut
			compare(t, answer{[]byte(body), int64(len(body)), 500})
		})
	}
}

// Errors come back as the SDK's types.
func TestErrors(t *testing.T) {
	body := `{"__type":"ExpiredIteratorException","message":"too old"}`
	_, _, theirs, ours := get(answer{[]byte(body), int64(len(body)), 400})
	if fmt.Sprint(theirs) != fmt.Sprint(ours) || !strings.Contains(fmt.Sprint(ours), "ExpiredIteratorException") {
		t.Errorf("the SDK says %v, we say %v", theirs, ours)
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		compare(t, answer{body, int64(len(body)), 200})
	})
}

// page is an answer with n records of size bytes each.
func page(n, size int) []byte {
	data := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), size))
	var b bytes.Buffer
	b.WriteString(`{"Records":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"ApproximateArrivalTimestamp":1763899200.%03d,"Data":"%s","PartitionKey":"key-%d","SequenceNumber":"4959033827149025660855969253836157109592157598913658%04d"}`, i%1000, data, i, i)
	}
	b.WriteString(`],"NextShardIterator":"AAAA","MillisBehindLatest":0}`)
	return b.Bytes()
}

func TestAllocations(t *testing.T) {
	body := page(1000, 1000)
	count := func(options ...func(*kinesis.Options)) float64 {
		client := kinesis.New(kinesis.Options{
			HTTPClient: answer{body, int64(len(body)), 200}, BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
			Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		}, options...)
		return testing.AllocsPerRun(5, func() {
			if _, err := client.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: aws.String("i")}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if n := count(wire.JSON); n > 600 { // the SDK's own for any call are 300
		t.Errorf("%v allocations for a page of 1000 records, want a fixed few", n)
	}
}

func BenchmarkGetRecords(b *testing.B) {
	body := page(1000, 1000)
	for name, options := range map[string][]func(*kinesis.Options){"sdk": nil, "wire": {wire.JSON}} {
		b.Run(name, func(b *testing.B) {
			client := kinesis.New(kinesis.Options{
				HTTPClient: answer{body, int64(len(body)), 200}, BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
				Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
			}, options...)
			b.SetBytes(1_000_000)
			b.ReportAllocs()
			for b.Loop() {
				getLent(b, client)
			}
		})
	}
}

// getLent makes a call as the source does.
func getLent(b *testing.B, client *kinesis.Client) {
	var buffer wire.Buffer
	out, err := client.GetRecords(wire.WithBuffer(b.Context(), &buffer), &kinesis.GetRecordsInput{ShardIterator: aws.String("i")})
	if err != nil || len(buffer.Records(out)) != 1000 {
		b.Fatal(len(buffer.Records(out)), err)
	}
	buffer.Release()
}
