package wire_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/wire"
)

// service answers calls, and keeps what it was asked. Its clock is ahead by skew.
type service struct {
	requests []*http.Request
	bodies   [][]byte
	skew     time.Duration
	fails    func(n int) (status int, body string) // of call n; nil: none
	err      error
}

func (s *service) Do(r *http.Request) (*http.Response, error) {
	if s.err != nil {
		return nil, s.err
	}
	body, err := io.ReadAll(r.Body)
	s.requests, s.bodies = append(s.requests, r), append(s.bodies, body)
	status, text := 200, `{"Records":[{"Data":"aGk=","PartitionKey":"k","SequenceNumber":"3"}],"NextShardIterator":"next","MillisBehindLatest":0}`
	if s.fails != nil {
		if failed, why := s.fails(len(s.requests) - 1); failed != 0 {
			status, text = failed, why
		}
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Requestid": {"request-7"},
		"Date": {time.Now().Add(s.skew).UTC().Format(http.TimeFormat)}}
	return &http.Response{StatusCode: status, Header: header, ContentLength: int64(len(text)), Body: io.NopCloser(bytes.NewReader([]byte(text))), Request: r}, err
}

// keys gives other credentials to each call.
type keys struct{ list []aws.Credentials }

func (k *keys) Retrieve(context.Context) (aws.Credentials, error) {
	if len(k.list) == 0 {
		return aws.Credentials{}, errors.New("no keys left")
	}
	next := k.list[0]
	k.list = k.list[1:]
	return next, nil
}

var someone = aws.Credentials{AccessKeyID: "one", SecretAccessKey: "s1"}

func clientOf(s *service, k *keys, options ...func(*kinesis.Options)) *kinesis.Client {
	return kinesis.New(kinesis.Options{HTTPClient: s, Region: "eu-west-1", Credentials: k, AppID: "kstream-test"}, options...)
}

func input(iterator string) *kinesis.GetRecordsInput {
	return &kinesis.GetRecordsInput{ShardIterator: &iterator, Limit: aws.Int32(1000), StreamARN: aws.String("arn:aws:kinesis:eu-west-1:123456789012:stream/logs")}
}

func ask(t *testing.T, c *wire.Caller, in *kinesis.GetRecordsInput) (*kinesis.GetRecordsOutput, time.Time, error) {
	t.Helper()
	var b wire.Buffer
	defer b.Release()
	out, date, err := c.GetRecords(t.Context(), in, &b)
	if err == nil && len(b.Records(out)) != 1 {
		t.Errorf("an answer has %d records, want 1", len(b.Records(out)))
	}
	return out, date, err
}

// TestCallerAsksAsTheSDK makes calls at one instant, with and without an ARN, whose account has an endpoint of its own, and with
// credentials that change, some of them with a session's token. Each is what the SDK sends for the same input, but for its name.
func TestCallerAsksAsTheSDK(t *testing.T) {
	for name, protocol := range map[string]func(*kinesis.Options){"the SDK's protocol": func(*kinesis.Options) {}, "json": wire.JSON, "cbor": wire.CBOR} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := aws.Credentials{AccessKeyID: "two", SecretAccessKey: "s2", SessionToken: "token"}
				all := []aws.Credentials{someone, session, {AccessKeyID: "three", SecretAccessKey: "s3"}, session}
				inputs := []*kinesis.GetRecordsInput{input("first"), input("odd \"\\\n\u2028é</a>"), {ShardIterator: aws.String("by name")}, {ShardIterator: aws.String("by name")}}
				var theirs, ours service
				sdk := clientOf(&theirs, &keys{slices.Clone(all)}, protocol)
				caller := wire.NewCaller(clientOf(&ours, &keys{slices.Clone(all)}, protocol))
				for _, in := range inputs {
					if _, err := sdk.GetRecords(t.Context(), in, func(o *kinesis.Options) { o.Retryer = aws.NopRetryer{} }); err != nil {
						t.Fatal(err)
					}
					out, date, err := ask(t, caller, in)
					if err != nil || aws.ToString(out.NextShardIterator) != "next" || !date.Equal(time.Now().Truncate(time.Second)) {
						t.Fatalf("the answer is %+v of %v, %v", out, date, err)
					}
				}
				ids := map[string]bool{}
				for i, got := range ours.requests {
					want := theirs.requests[i]
					if !bytes.Equal(ours.bodies[i], theirs.bodies[i]) && !sameJSON(ours.bodies[i], theirs.bodies[i]) {
						t.Errorf("call %d: the SDK's body is %s, ours %s", i, theirs.bodies[i], ours.bodies[i])
					}
					if got.Method != want.Method || got.URL.String() != want.URL.String() || got.Host != want.Host {
						t.Errorf("call %d goes to %s %s, the SDK's to %s %s", i, got.Method, got.URL, want.Method, want.URL)
					}
					signedBy(t, got, ours.bodies[i], all[i], time.Now())
					ids[got.Header.Get("Amz-Sdk-Invocation-Id")] = true
					if diff := cmp.Diff(common(want), common(got)); diff != "" {
						t.Errorf("call %d: the SDK's headers (-) and ours (+) differ:\n%s", i, diff)
					}
				}
				if len(ids) != len(inputs) {
					t.Errorf("%d calls have %d names", len(inputs), len(ids))
				}
			})
		})
	}
}

func sameJSON(a, b []byte) bool {
	var left, right any
	return json.Unmarshal(a, &left) == nil && json.Unmarshal(b, &right) == nil && cmp.Equal(left, right)
}

// common returns the headers that two requests for the same have in common.
func common(r *http.Request) http.Header {
	h := r.Header.Clone()
	for _, name := range []string{"Amz-Sdk-Invocation-Id", "Authorization", "Content-Length"} {
		h.Del(name)
	}
	return h
}

// signedBy holds the signature of r against one that is made anew.
func signedBy(t *testing.T, r *http.Request, body []byte, by aws.Credentials, at time.Time) {
	t.Helper()
	again := r.Clone(t.Context())
	again.Header.Del("Authorization")
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(t.Context(), by, again, hex.EncodeToString(hash[:]), "kinesis", "eu-west-1", at); err != nil {
		t.Fatal(err)
	}
	if want, got := again.Header.Get("Authorization"), r.Header.Get("Authorization"); got != want {
		t.Errorf("a request is signed %s, want %s", got, want)
	}
}

// counted counts the calls that the SDK makes.
type counted struct {
	wire.Client
	calls int
}

func (c *counted) GetRecords(ctx context.Context, in *kinesis.GetRecordsInput, options ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error) {
	c.calls++
	return c.Client.GetRecords(ctx, in, options...)
}

// TestCallerFails sees the SDK's errors from calls that the SDK did not make, and the SDK make those behind them.
func TestCallerFails(t *testing.T) {
	s := &service{fails: func(n int) (int, string) {
		switch n {
		case 1:
			return 400, `{"__type":"ExpiredIteratorException","message":"too old"}`
		case 3:
			return 500, "<html>"
		case 5:
			return 200, `{"Records":[{"Data":"a!"}]}`
		}
		return 0, ""
	}}
	k := &keys{slices.Repeat([]aws.Credentials{someone}, 7)}
	c := &counted{Client: clientOf(s, k, wire.JSON)}
	caller := wire.NewCaller(c)
	for n := range 7 {
		_, _, err := ask(t, caller, input("i"))
		if failed := n%2 == 1; (err != nil) != failed {
			t.Fatalf("call %d: error %v", n, err)
		}
		var operation *smithy.OperationError
		var response *awshttp.ResponseError
		if err != nil && (!errors.As(err, &operation) || operation.Operation() != "GetRecords" || !errors.As(err, &response) || response.ServiceRequestID() != "request-7") {
			t.Errorf("call %d: %T %v does not say what failed", n, err, err)
		}
		var expired *types.ExpiredIteratorException
		if errors.As(err, &expired) != (n == 1) {
			t.Errorf("call %d: %v is of the wrong type", n, err)
		}
	}
	if c.calls != 4 {
		t.Errorf("the SDK made %d calls, want the first and those behind errors: 4", c.calls)
	}
	if len(s.requests) != 7 {
		t.Errorf("%d requests for 7 calls", len(s.requests))
	}
}

// TestCallerUnsent sees what no answer came to: no credentials, no network, and a caller that went away.
func TestCallerUnsent(t *testing.T) {
	refused := errors.New("connection refused")
	s := &service{}
	k := &keys{slices.Repeat([]aws.Credentials{someone}, 4)}
	caller := wire.NewCaller(clientOf(s, k, wire.JSON))
	begin := func() {
		t.Helper()
		if _, _, err := ask(t, caller, input("i")); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	s.err = refused
	_, _, err := ask(t, caller, input("i"))
	var unsent *smithyhttp.RequestSendError
	if !errors.Is(err, refused) || !errors.As(err, &unsent) {
		t.Errorf("a network that is down gives %v", err)
	}
	s.err = nil
	begin()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.err = context.Canceled
	var cancelled *smithy.CanceledError
	if _, _, err := caller.GetRecords(ctx, input("i"), new(wire.Buffer)); !errors.As(err, &cancelled) {
		t.Errorf("a call whose caller went away gives %v", err)
	}
	s.err, k.list = nil, []aws.Credentials{someone}
	begin()
	var operation *smithy.OperationError
	if _, _, err := ask(t, caller, input("i")); !errors.As(err, &operation) || operation.Err.Error() != "get identity: get credentials: no keys left" {
		t.Errorf("no credentials give %v", err)
	}
}

// TestCallerFollowsTheServicesClock has a service that is an hour ahead refuse the first call. The SDK learns of the hour from that,
// and the calls made alike are signed with it.
func TestCallerFollowsTheServicesClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{skew: time.Hour, fails: func(n int) (int, string) {
			if n == 0 {
				return 403, `{"__type":"RequestTimeTooSkewed"}`
			}
			return 0, ""
		}}
		caller := wire.NewCaller(clientOf(s, &keys{slices.Repeat([]aws.Credentials{someone}, 4)}, wire.JSON))
		if _, _, err := ask(t, caller, input("i")); err == nil {
			t.Fatal("the first call was not refused")
		}
		for n := 1; n < 4; n++ {
			if _, _, err := ask(t, caller, input("i")); err != nil {
				t.Fatal(err)
			}
			signedBy(t, s.requests[n], s.bodies[n], someone, time.Now().Add(time.Hour))
			time.Sleep(time.Second)
		}
	})
}

// TestCallerLeavesOthersTheirLayers has a client with middleware make each call by itself, and inputs that only the SDK writes.
func TestCallerLeavesOthersTheirLayers(t *testing.T) {
	seen := 0
	layer := func(o *kinesis.Options) {
		o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { seen++; return nil })
	}
	caller := wire.NewCaller(clientOf(&service{}, &keys{slices.Repeat([]aws.Credentials{someone}, 3)}, wire.JSON, layer))
	for range 3 {
		if _, _, err := ask(t, caller, input("i")); err != nil {
			t.Fatal(err)
		}
	}
	if seen != 3 {
		t.Errorf("middleware saw %d of 3 calls", seen)
	}
	c := &counted{Client: clientOf(&service{}, &keys{slices.Repeat([]aws.Credentials{someone}, 3)}, wire.JSON)}
	caller = wire.NewCaller(c)
	for _, in := range []*kinesis.GetRecordsInput{input("i"), input("i"), {ShardIterator: aws.String("i"), DryRun: aws.Bool(false)}} {
		if _, _, err := ask(t, caller, in); err != nil {
			t.Fatal(err)
		}
	}
	if c.calls != 2 {
		t.Errorf("the SDK made %d calls, want the first and the one with DryRun", c.calls)
	}
}

func BenchmarkCaller(b *testing.B) {
	body := []byte(`{"Records":[],"NextShardIterator":"` + string(bytes.Repeat([]byte("A"), 220)) + `","MillisBehindLatest":0}`)
	a := answer{body, int64(len(body)), 200}
	client := kinesis.New(kinesis.Options{HTTPClient: a, Region: "eu-west-1", Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) { return someone, nil })}, wire.JSON)
	in := input(string(bytes.Repeat([]byte("A"), 220)))
	b.Run("the SDK", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var buffer wire.Buffer
			if _, err := client.GetRecords(wire.WithBuffer(b.Context(), &buffer), in); err != nil {
				b.Fatal(err)
			}
			buffer.Release()
		}
	})
	b.Run("made alike", func(b *testing.B) {
		b.ReportAllocs()
		caller := wire.NewCaller(client)
		for b.Loop() {
			var buffer wire.Buffer
			if _, _, err := caller.GetRecords(b.Context(), in, &buffer); err != nil {
				b.Fatal(err)
			}
			buffer.Release()
		}
	})
}
