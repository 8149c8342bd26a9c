package kinesislocal_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

const (
	mediaJSON = "application/x-amz-json-1.1"
	mediaCBOR = "application/x-amz-cbor-1.1"
)

// post sends body as a client would that has no SDK, and returns the status and the answer.
func post(t testing.TB, s *kinesislocal.Server, op, media, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL(), strings.NewReader(body))
	check(t, err)
	r.Header.Set("X-Amz-Target", "Kinesis_20131202."+op)
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local")
	return send(t, s, r)
}

func send(t testing.TB, s *kinesislocal.Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := s.Transport().RoundTrip(r)
	check(t, err)
	answer, err := io.ReadAll(resp.Body)
	check(t, err)
	return resp, string(answer)
}

// frozen is a server whose clock stands still, with one stream, logs.
func frozen(t testing.TB) *kinesislocal.Server {
	clock := kinesislocal.NewManualClock(time.UnixMilli(1459799926480))
	s := newServer(t, kinesislocal.Config{Clock: clock, Limits: unlimited})
	check(t, s.CreateStream("logs", 1))
	return s
}

func TestAnswersOfBadRequests(t *testing.T) {
	s := frozen(t)
	for _, c := range []struct {
		name, op, body string
		want           string
	}{
		{"unknown operation", "PutThings", `{}`, `{"__type":"UnknownOperationException"}`},
		{"no stream", "DescribeStreamSummary", `{"StreamName":"none"}`,
			`{"__type":"ResourceNotFoundException","message":"Stream none under account 123456789012 not found."}`},
		{"a name with a space", "DeleteStream", `{"StreamName":"a b"}`,
			`{"__type":"ValidationException","message":"1 validation error detected: Value 'a b' at 'streamName' failed to satisfy ` +
				`constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"}`},
		{"two faults", "SplitShard", `{"StreamName":"logs","NewStartingHashKey":"x"}`,
			`{"__type":"ValidationException","message":"2 validation errors detected: Value null at 'shardToSplit' failed to satisfy ` +
				`constraint: Member must not be null; Value 'x' at 'newStartingHashKey' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})"}`},
		{"another account", "DescribeStream", `{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/logs"}`,
			`{"__type":"ResourceNotFoundException","message":"Stream logs under account 000000000000 not found."}`},
		{"neither name nor ARN", "DescribeStream", `{}`,
			`{"__type":"InvalidArgumentException","message":"Either StreamName or StreamARN should be provided."}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, got := post(t, s, c.op, mediaJSON, c.body)
			if diff := cmp.Diff(c.want, got); diff != "" || resp.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d, body (-want +got):\n%s", resp.StatusCode, diff)
			}
		})
	}
	for _, body := range []string{"", "null", "[]", "{", `{"StreamName":5}`, `{"StreamName":"\ud800"}`, `{"a":1}{}`} {
		resp, got := post(t, s, "DescribeStream", mediaJSON, body)
		if resp.StatusCode != http.StatusBadRequest || !strings.HasPrefix(got, `{"__type":"SerializationException"`) {
			t.Errorf("body %q: got %d %s, want a SerializationException", body, resp.StatusCode, got)
		}
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	s := frozen(t)
	request := func(method, media string, body io.Reader) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL(), body)
		check(t, err)
		r.Header.Set("X-Amz-Target", "Kinesis_20131202.ListStreams")
		r.Header.Set("Content-Type", media)
		return r
	}
	for _, c := range []struct {
		name   string
		r      *http.Request
		status int
		want   string
	}{
		{"unsigned", request("POST", mediaJSON, strings.NewReader("{}")), 400, "MissingAuthenticationTokenException"},
		{"not a POST", request("GET", mediaJSON, nil), 403, "AccessDeniedException"},
		{"another format", request("POST", "text/plain", strings.NewReader("{}")), 404, "UnknownOperationException"},
		{"too large", request("POST", mediaJSON, bytes.NewReader(make([]byte, 17<<20))), 413, ""},
		{"too large, of no stated length", request("POST", mediaJSON, io.MultiReader(bytes.NewReader(make([]byte, 17<<20)))), 413, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, got := send(t, s, c.r)
			if resp.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("got %d %q, want %d %q", resp.StatusCode, got, c.status, c.want)
			}
			if resp.Header.Get("X-Amzn-Requestid") == "" || resp.Header.Get("Date") != "Mon, 04 Apr 2016 19:58:46 GMT" {
				t.Errorf("got headers %v, want a request's id and the clock's date", resp.Header)
			}
		})
	}
}

func TestJSONOfAPage(t *testing.T) {
	s := frozen(t)
	put(t, s, "k\"\n☃", []byte("payload"))
	left, right, err := s.Split("logs", shardName(0))
	check(t, err)
	if left != shardName(1) || right != shardName(2) {
		t.Errorf("split into %s and %s", left, right)
	}
	_, it := post(t, s, "GetShardIterator", mediaJSON,
		`{"StreamName":"logs","ShardId":"shardId-000000000000","ShardIteratorType":"TRIM_HORIZON"}`)
	_, got := post(t, s, "GetRecords", mediaJSON, it)
	const want = `{"Records":[{"SequenceNumber":"49560731326757401210999068533783405717143176950369484802",` +
		`"ApproximateArrivalTimestamp":1459799926.480,"Data":"cGF5bG9hZA==","PartitionKey":"k\"\n☃"}],"MillisBehindLatest":0,` +
		`"ChildShards":[` +
		`{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"],` +
		`"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"}},` +
		`{"ShardId":"shardId-000000000002","ParentShards":["shardId-000000000000"],` +
		`"HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728",` +
		`"EndingHashKey":"340282366920938463463374607431768211455"}}]}`
	if !strings.Contains(it, "ShardIterator") {
		t.Fatalf("got %s", it)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

// cborMap is a map as Java's SDK writes it: of no stated length.
func cborMap(t testing.TB, members ...any) string {
	t.Helper()
	var b bytes.Buffer
	enc := cbor.NewEncoder(&b)
	check(t, enc.StartIndefiniteMap())
	for _, m := range members {
		check(t, enc.Encode(m))
	}
	check(t, enc.EndIndefinite())
	return b.String()
}

func TestCBOR(t *testing.T) {
	s := frozen(t)
	ask := func(op string, members ...any) map[string]any {
		t.Helper()
		resp, got := post(t, s, op, mediaCBOR, cborMap(t, members...))
		if resp.Header.Get("Content-Type") != mediaCBOR {
			t.Errorf("%s: got content type %s", op, resp.Header.Get("Content-Type"))
		}
		var out map[string]any
		check(t, cbor.Unmarshal([]byte(got), &out))
		return out
	}
	const ms = 1459799926480
	placed := ask("PutRecord", "StreamName", "logs", "PartitionKey", "k", "Data", []byte("\x00\xffbytes"))
	it := ask("GetShardIterator", "StreamName", "logs", "ShardId", shardName(0),
		"ShardIteratorType", "AT_TIMESTAMP", "Timestamp", cbor.Tag{Number: 1, Content: int64(ms)})
	_, raw := post(t, s, "GetRecords", mediaCBOR, cborMap(t, "ShardIterator", it["ShardIterator"], "Limit", 10))
	var page struct {
		Records []struct {
			Data                        []byte
			PartitionKey                string
			SequenceNumber              string
			ApproximateArrivalTimestamp cbor.RawTag
		}
		NextShardIterator  string
		MillisBehindLatest int64
	}
	check(t, cbor.Unmarshal([]byte(raw), &page))
	if len(page.Records) != 1 || page.NextShardIterator == "" || page.MillisBehindLatest != 0 {
		t.Fatalf("got %+v, want one record and an iterator", page)
	}
	r := page.Records[0]
	if string(r.Data) != "\x00\xffbytes" || r.PartitionKey != "k" || r.SequenceNumber != placed["SequenceNumber"] {
		t.Errorf("got %+v, want what %v was given for", r, placed)
	}
	var arrival int64
	check(t, cbor.Unmarshal(r.ApproximateArrivalTimestamp.Content, &arrival))
	if r.ApproximateArrivalTimestamp.Number != 1 || arrival != ms {
		t.Errorf("arrival: got tag %d of %d, want tag 1 of milliseconds", r.ApproximateArrivalTimestamp.Number, arrival)
	}
	later := ask("GetShardIterator", "StreamName", "logs", "ShardId", shardName(0),
		"ShardIteratorType", "AT_TIMESTAMP", "Timestamp", cbor.Tag{Number: 1, Content: int64(ms + 1)})
	if later["__type"] != "InvalidArgumentException" {
		t.Errorf("a millisecond to come: got %v", later)
	}
	if got := ask("DescribeStream", "StreamName", "none"); got["__type"] != "ResourceNotFoundException" {
		t.Errorf("no stream: got %v", got)
	}
	for _, body := range []string{"", "\xf6", "\x80", "\xbf\x61", "\xa1\x6aStreamName\x05"} {
		_, got := post(t, s, "DescribeStream", mediaCBOR, body)
		if !strings.Contains(got, "SerializationException") {
			t.Errorf("body %q: got %q, want a SerializationException", body, got)
		}
	}
}
