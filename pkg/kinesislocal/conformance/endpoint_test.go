package conformance

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
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
	client := kinesistest.Elsewhere(t, func(o *kinesis.Options) { o.Retryer = aws.NopRetryer{} })
	Run(t, client, emulatorFaults[os.Getenv("KSTREAM_TEST_KINESIS")])
}
