package awserror_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/awserror"
)

// doFunc is an HTTP client in one function.
type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// answer is a service that gives one error.
func answer(status int, code, message string) doFunc {
	return func(*http.Request) (*http.Response, error) {
		body := fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)
		header := http.Header{"X-Amzn-Requestid": {"r-1"}, "Content-Type": {"application/x-amz-json-1.1"}}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

// fails makes a call by the SDK, and returns its error.
func fails(t *testing.T, endpoint string, do aws.HTTPClient, more ...func(*kinesis.Options)) error {
	t.Helper()
	o := kinesis.Options{
		Region: "eu-west-1", HTTPClient: do, Retryer: aws.NopRetryer{}, BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("x", "y", ""),
	}
	_, err := kinesis.New(o, more...).DescribeLimits(t.Context(), &kinesis.DescribeLimitsInput{})
	if err == nil {
		t.Fatal("the call did not fail")
	}
	return err
}

const somewhere = "https://kinesis.eu-west-1.amazonaws.com"

func TestTextOfAnAnswer(t *testing.T) {
	const who = "arn:aws:sts::123456789012:assumed-role/reader/me"
	const stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs"
	for _, c := range []struct {
		status              int
		code, message, want string
	}{
		{400, "AccessDeniedException", "User: " + who + " is not authorized to perform: kinesis:GetRecords on resource: " + stream +
			" because no identity-based policy allows the kinesis:GetRecords action",
			"access denied: " + who + " may not do kinesis:GetRecords on " + stream + " (no identity-based policy allows the kinesis:GetRecords action)"},
		{400, "AccessDeniedException", "User: " + who + " is not authorized to perform: kinesis:ListStreams with an explicit deny in a service control policy.",
			"access denied: " + who + " may not do kinesis:ListStreams (an explicit deny in a service control policy)"},
		{400, "AccessDeniedException", "", "access denied: kinesis:DescribeLimits is not allowed"},
		{400, "AccessDeniedException", "Not today.", "access denied: kinesis:DescribeLimits is not allowed (Not today)"},
		{400, "ResourceNotFoundException", "Stream lgs under account 123456789012 not found.", "Stream lgs under account 123456789012 not found"},
		{400, "ExpiredTokenException", "The security token included in the request is expired",
			"the AWS credentials have expired: sign in again, or fetch new ones (The security token included in the request is expired)"},
		{400, "UnrecognizedClientException", "The security token included in the request is invalid.", "AWS does not know this access key: check AWS_ACCESS_KEY_ID"},
		{403, "InvalidSignatureException", "The request signature we calculated does not match", "the secret key is not the access key's"},
		{403, "InvalidSignatureException", "Signature expired: 20260102T100000Z is now earlier than 20260102T101000Z (20260102T101500Z - 5 min.)",
			"this machine's clock is not AWS': set it (is NTP running?) (Signature expired: 20260102T100000Z is now earlier"},
		{403, "SignatureDoesNotMatch", "Signature not yet current: 20260102T100000Z is still later than 20260102T095000Z", "this machine's clock is not AWS'"},
		{400, "KMSAccessDeniedException", "User is not authorized", "the stream is encrypted, and its key may not be used: kms:Decrypt has to be allowed"},
		{400, "InvalidArgumentException", "Limit is wrong.", "DescribeLimits: InvalidArgumentException (Limit is wrong)"},
		{500, "InternalFailure", "", "DescribeLimits: InternalFailure RequestID: r-1"},
	} {
		err := fmt.Errorf("listing streams: %w", fails(t, somewhere, answer(c.status, c.code, c.message)))
		if got := awserror.Text(err); !strings.HasPrefix(got, "listing streams: "+c.want) {
			t.Errorf("%s %q:\ngot  %s\nwant %s", c.code, c.message, got, c.want)
		}
	}
}

// closed is a port of this machine on which nothing listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func TestTextOfANetwork(t *testing.T) {
	secure, plain := httptest.NewUnstartedServer(http.NotFoundHandler()), httptest.NewServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // that its certificate is refused is what is wanted
	secure.StartTLS()
	defer secure.Close()
	defer plain.Close()
	nobody := closed(t)
	broken := func(err error) doFunc {
		return func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: err}
		}
	}
	for _, c := range []struct {
		name, endpoint string
		do             aws.HTTPClient
		want           string
	}{
		{"nothing listens", "http://" + nobody, http.DefaultClient, "nothing listens at " + nobody + ": is the emulator up? AWS_ENDPOINT_URL"},
		{"an unknown authority", secure.URL, http.DefaultClient, "is signed by nobody that is known here: AWS_CA_BUNDLE"},
		{"plain HTTP", strings.Replace(plain.URL, "http:", "https:", 1), http.DefaultClient, "speaks plain HTTP: its URL begins with http://"},
		{"a region that is none", "https://kinesis.eu-wst-1.amazonaws.com", broken(&net.DNSError{Name: "kinesis.eu-wst-1.amazonaws.com", IsNotFound: true}),
			`there is no host "kinesis.eu-wst-1.amazonaws.com": is "eu-wst-1" a region (AWS_REGION)?`},
		{"no emulator's host", "http://localstack:4566", broken(&net.DNSError{Name: "localstack", IsNotFound: true}),
			`there is no host "localstack": does AWS_ENDPOINT_URL name the right one?`},
		{"no name server", somewhere, broken(&net.DNSError{Name: "kinesis.eu-west-1.amazonaws.com", Err: "server misbehaving"}), "no name server says where"},
		{"time-out", somewhere, broken(context.DeadlineExceeded), "kinesis.eu-west-1.amazonaws.com does not answer"},
	} {
		if got := awserror.Text(fails(t, c.endpoint, c.do)); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTextOfASession(t *testing.T) {
	over := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, &ssocreds.InvalidTokenError{}
	})
	err := fails(t, somewhere, answer(200, "", ""), func(o *kinesis.Options) { o.Credentials = over })
	if got := awserror.Text(err); !strings.HasPrefix(got, "the SSO session is over: `aws sso login`") {
		t.Errorf("got %s", got)
	}
	if got := awserror.Of(err); got != awserror.Denied {
		t.Errorf("class %d, want that it is tried for a time: another may log in", got)
	}
}

// What is no call's error stays as it is, and of several calls each is worded.
func TestTextOfOthers(t *testing.T) {
	gone := fails(t, somewhere, answer(400, "ResourceNotFoundException", "Stream a not found."))
	denied := fails(t, somewhere, answer(400, "AccessDeniedException", ""))
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("no space left"), "no space left"},
		{errors.Join(fmt.Errorf("one: %w", gone), fmt.Errorf("two: %w", denied)), "one: Stream a not found\ntwo: access denied: kinesis:DescribeLimits is not allowed"},
	} {
		if got := awserror.Text(c.err); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
