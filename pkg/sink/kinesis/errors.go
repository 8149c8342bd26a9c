package kinesis

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
)

// throughputExceeded is the code of a record or call that was refused for a shard's limit.
const throughputExceeded = "ProvisionedThroughputExceededException"

// final are the errors that trying again can't mend.
var final = map[string]bool{
	"ResourceNotFoundException":   true,
	"AccessDeniedException":       true,
	"InvalidArgumentException":    true,
	"ValidationException":         true,
	"SerializationException":      true,
	"KMSDisabledException":        true,
	"KMSInvalidStateException":    true,
	"KMSAccessDeniedException":    true,
	"KMSNotFoundException":        true,
	"KMSOptInRequired":            true,
	"UnrecognizedClientException": true,
	"InvalidSignatureException":   true,
	"UnknownOperationException":   true,
}

// transient reports whether a call that failed so is worth another try: throttling, 5xx, cut connections, credentials that
// have expired and are fetched anew.
func transient(err error) bool {
	var api smithy.APIError
	if errors.As(err, &api) {
		return !final[api.ErrorCode()]
	}
	return !errors.Is(err, context.Canceled)
}

func isThrottle(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (api.ErrorCode() == throughputExceeded || api.ErrorCode() == "LimitExceededException" || api.ErrorCode() == "ThrottlingException")
}

// explain puts what a user meets most into a person's words.
func explain(err error, stream string) error {
	var gone *types.ResourceNotFoundException
	if errors.As(err, &gone) {
		return fmt.Errorf("there is no stream %q in this account and region (`kstream streams` lists them): %w", stream, err)
	}
	var denied *types.AccessDeniedException
	if errors.As(err, &denied) {
		return fmt.Errorf("the credentials may not write to it; they need kinesis:PutRecords, kinesis:DescribeStreamSummary and, with SINK_AGGREGATE, kinesis:ListShards: %w", err)
	}
	return err
}
