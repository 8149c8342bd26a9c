package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/wire"
)

// clients returns a client of the embedded Kinesis with the SDK's protocol, and one in CBOR.
func clients(t testing.TB) (server *kinesislocal.Server, theirs, ours *kinesis.Client) {
	t.Helper()
	server = kinesistest.New(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	options := kinesistest.Options(server)
	options.RetryMaxAttempts = 1
	return server, kinesis.New(options), kinesis.New(options, wire.CBOR)
}

func iterator(t testing.TB, c *kinesis.Client, shard string) *string {
	t.Helper()
	out, err := c.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		t.Fatal(err)
	}
	return out.ShardIterator
}

// What comes in CBOR is what comes in JSON: records, children, errors with their types.
func TestCBORSameAsJSON(t *testing.T) {
	server, theirs, ours := clients(t)
	if err := server.CreateStream("s", 1); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if _, _, err := server.Put("s", fmt.Sprintf("kéy %d", i), []byte{byte(i), 0xff, 0}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := server.Put("s", "empty", nil); err != nil {
		t.Fatal(err)
	}
	const shard = "shardId-000000000000"
	if _, _, err := server.Split("s", shard); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []*int32{aws.Int32(7), nil} {
		in := &kinesis.GetRecordsInput{ShardIterator: iterator(t, theirs, shard), Limit: limit, StreamARN: aws.String("arn:aws:kinesis:us-east-1:123456789012:stream/s")}
		want, err := theirs.GetRecords(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ours.GetRecords(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Records, got.Records, same...); diff != "" || len(got.Records) == 0 {
			t.Errorf("JSON (-) and CBOR (+) differ:\n%s", diff)
		}
		if fmt.Sprint(aws.ToString(want.NextShardIterator) == "") != fmt.Sprint(aws.ToString(got.NextShardIterator) == "") {
			t.Errorf("JSON goes on with %v, CBOR with %v", want.NextShardIterator, got.NextShardIterator)
		}
		children := func(o *kinesis.GetRecordsOutput) (list []string) {
			for _, c := range o.ChildShards {
				list = append(list, fmt.Sprint(*c.ShardId, c.ParentShards, *c.HashKeyRange.StartingHashKey, *c.HashKeyRange.EndingHashKey))
			}
			return list
		}
		if !slices.Equal(children(want), children(got)) || limit == nil && len(children(got)) != 2 {
			t.Errorf("JSON's children are %v, CBOR's %v", children(want), children(got))
		}
	}
	_, err := ours.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: aws.String("nonsense")})
	var invalid *types.InvalidArgumentException
	if !errors.As(err, &invalid) || invalid.ErrorMessage() == "" {
		t.Errorf("got %v, want InvalidArgumentException with a message", err)
	}
}

// cborAnswer is a transport that answers in CBOR.
type cborAnswer []byte

func (a cborAnswer) Do(r *http.Request) (*http.Response, error) {
	resp, err := answer{a, int64(len(a)), 200}.Do(r)
	resp.Header.Set("Content-Type", "application/x-amz-cbor-1.1")
	return resp, err
}

func getCBOR(body []byte) (*kinesis.GetRecordsOutput, error) {
	return call(context.Background(), cborAnswer(body), wire.CBOR)
}

type cborPage struct {
	Records           []cborItem
	NextShardIterator *string `cbor:",omitempty"`
}

type cborItem struct {
	Data                        []byte
	PartitionKey                string
	SequenceNumber              string
	ApproximateArrivalTimestamp cbor.Tag
}

// The service's Java side writes maps and arrays of indefinite length, and may send strings in chunks.
func TestCBORForms(t *testing.T) {
	const text = "\x6eSequenceNumber\x61\x37" // "SequenceNumber": "7"
	for name, body := range map[string]string{
		"indefinite":       "\xbf\x67Records\x9f\xbf" + text + "\x64Data\x42hi\xff\xff\xff",
		"definite":         "\xa1\x67Records\x81\xa2" + text + "\x64Data\x42hi",
		"chunks":           "\xbf\x67Records\x9f\xbf" + text + "\x64Data\x5f\x41h\x41i\xff\xff\xff\xff",
		"unknown members":  "\xbf\x63new\xa1\x61a\x82\x01\xf5\x67Records\x9f\xbf" + text + "\x61x\xc1\x1a\x00\x00\x00\x01\x64Data\x42hi\xff\xff\xff",
		"null and present": "\xbf\x71NextShardIterator\xf6\x67Records\x9f\xbf" + text + "\x64Data\x42hi\xff\xff\xff",
	} {
		out, err := getCBOR([]byte(body))
		if err != nil || len(out.Records) != 1 || string(out.Records[0].Data) != "hi" || *out.Records[0].SequenceNumber != "7" {
			t.Errorf("%s: got %+v, %v", name, out, err)
		}
	}
	arrival := "\xa1\x67Records\x81\xa1\x78\x1bApproximateArrivalTimestamp"
	for name, c := range map[string]struct {
		value string
		want  int64
	}{
		"tagged milliseconds":   {"\xc1\x1b\x00\x00\x01\x9a\x00\x00\x00\x07", 0x19a00000007},
		"untagged milliseconds": {"\x1b\x00\x00\x01\x9a\x00\x00\x00\x07", 0x19a00000007},
		"seconds as a float":    {"\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00", 1500},
	} {
		out, err := getCBOR([]byte(arrival + c.value))
		if err != nil || !out.Records[0].ApproximateArrivalTimestamp.Equal(time.UnixMilli(c.want)) {
			t.Errorf("%s: got %+v, %v", name, out, err)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "cut": "\xbf\x67Records\x9f\xbf" + text, "more behind": "\xa0\xa0", "no map": "\x80", "a huge length": "\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
		"a huge array": "\xa1\x67Records\x9b\xff\xff\xff\xff\xff\xff\xff\x00", "deep": "\xa1\x61x" + strings.Repeat("\x81", 1000) + "\x01",
	} {
		if out, err := getCBOR([]byte(body)); err == nil {
			t.Errorf("%s: got %+v, want an error", name, out)
		}
	}
}

// FuzzCBOR holds that no body crashes, and that what a library writes is read as it was written.
func FuzzCBOR(f *testing.F) {
	f.Add([]byte("\xbf\x67Records\x9f\xbf\x64Data\x42hi\xff\xff\xff"), "key", []byte("data"), int64(1_700_000_000_123))
	f.Add([]byte("\x9f\xbf\xff"), "", []byte{}, int64(0))
	f.Fuzz(func(t *testing.T, body []byte, key string, data []byte, at int64) {
		_, _ = getCBOR(body)
		at &= 1<<46 - 1
		key = strings.ToValidUTF8(key, "?")
		page, err := cbor.Marshal(cborPage{Records: []cborItem{{data, key, "123", cbor.Tag{Number: 1, Content: at}}, {nil, "second", "124", cbor.Tag{Number: 1, Content: 5}}}})
		if err != nil {
			t.Fatal(err)
		}
		out, err := getCBOR(page)
		if err != nil || len(out.Records) != 2 {
			t.Fatalf("got %+v, %v", out, err)
		}
		if r := out.Records[0]; !bytes.Equal(r.Data, data) || *r.PartitionKey != key || r.ApproximateArrivalTimestamp.UnixMilli() != at {
			t.Fatalf("got %q %q %v, want %q %q %d", r.Data, *r.PartitionKey, r.ApproximateArrivalTimestamp, data, key, at)
		}
		lent(t, out.Records, cborAnswer(page), wire.CBOR)
	})
}

// BenchmarkCBOR is BenchmarkGetRecords with a page in CBOR.
func BenchmarkCBOR(b *testing.B) {
	var p cborPage
	for i := range 1000 {
		p.Records = append(p.Records, cborItem{make([]byte, 1000), "key", fmt.Sprintf("495903382714902566085596925383615710959215759891365%05d", i), cbor.Tag{Number: 1, Content: 1_763_899_200_123}})
	}
	body, err := cbor.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	client := kinesis.New(kinesis.Options{
		HTTPClient: cborAnswer(body), BaseEndpoint: aws.String("http://kinesis.invalid"), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	}, wire.CBOR)
	b.SetBytes(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		getLent(b, client)
	}
}
