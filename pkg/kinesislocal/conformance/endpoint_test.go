package conformance

import (
	"context"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// emulatorFaults are what endpoints are known to get wrong, by the name of KSTREAM_TEST_KINESIS.
var emulatorFaults = map[string]map[string]string{
	"kinesis-mock": { // kinesis-local 0.6.2
		"stream/invalid name":           "InvalidArgumentException, where the service has ValidationException",
		"write/errors":                  "takes 501 records and none; InvalidArgumentException for a bad partition key",
		"read/unknown iterator type":    "SerializationException, where the service has ValidationException",
		"read/bogus iterator":           "an answer that no SDK can read",
		"read/unknown sequence":         "ResourceNotFoundException, where the service has InvalidArgumentException",
		"shards/filter at trim horizon": "lists the children too",
	},
}

// TestEndpoint runs the cases against another Kinesis: KSTREAM_TEST_ENDPOINT says where, KSTREAM_TEST_KINESIS which of
// emulatorFaults to skip. The embedded server's own run is in its package.
func TestEndpoint(t *testing.T) {
	url := os.Getenv("KSTREAM_TEST_ENDPOINT")
	if url == "" {
		t.Skip("KSTREAM_TEST_ENDPOINT is not set")
	}
	client := kinesis.New(kinesis.Options{
		BaseEndpoint: &url,
		Region:       "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
		Retryer:    aws.NopRetryer{},
		HTTPClient: plainBodies{http.DefaultClient},
	})
	Run(t, client, emulatorFaults[os.Getenv("KSTREAM_TEST_KINESIS")])
}

// plainBodies keeps net/http from closing the SDK's request body a second time, which it takes for a failed write.
type plainBodies struct{ *http.Client }

func (p plainBodies) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = io.NopCloser(r.Body)
	}
	return p.Client.Do(r)
}
