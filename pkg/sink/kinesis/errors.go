package kinesis

import (
	"errors"
	"fmt"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// class is what is to be done about an error, of a call or of one record of it. Of several the highest decides.
type class uint8

const (
	// transient: the service or the way to it is out of order. Try again, for ever.
	transient class = iota
	// throttled: too much was asked, by us or by others who write to the shard. Ask less often, for ever.
	throttled
	// stale: the token of a list is too old. Begin the list again.
	stale
	// denied: not allowed. Permissions, keys and credentials take a while to become known, so it is tried for patience.
	denied
	// gone: no such stream. A new one takes a while to become known too.
	gone
	// fatal ends the run: the call is wrong, and would be wrong again.
	fatal
)

// classes sorts the service's errors by their codes: those of the Kinesis API, then those that any AWS service gives.
var classes = map[string]class{
	"ProvisionedThroughputExceededException": throttled,
	"KMSThrottlingException":                 throttled,
	"LimitExceededException":                 throttled,
	"ExpiredNextTokenException":              stale,
	"InvalidArgumentException":               fatal,
	"ValidationException":                    fatal,
	"ResourceNotFoundException":              gone,
	"ResourceInUseException":                 transient, // the stream is being made or resharded
	"InternalFailure":                        transient,
	"InternalFailureException":               transient,
	"AccessDeniedException":                  denied,
	"KMSAccessDeniedException":               denied,
	"KMSDisabledException":                   denied,
	"KMSInvalidStateException":               denied,
	"KMSNotFoundException":                   denied,
	"KMSOptInRequired":                       denied,

	"Throttling":                  throttled,
	"ThrottlingException":         throttled,
	"ThrottledException":          throttled,
	"RequestLimitExceeded":        throttled,
	"RequestThrottled":            throttled,
	"RequestThrottledException":   throttled,
	"TooManyRequestsException":    throttled,
	"RequestTimeout":              transient,
	"RequestTimeoutException":     transient,
	"RequestExpired":              transient, // the SDK corrects its clock and signs anew
	"RequestTimeTooSkewed":        transient,
	"ExpiredToken":                denied, // credentials: the SDK fetches new ones where it can
	"ExpiredTokenException":       denied,
	"AccessDenied":                denied,
	"UnrecognizedClientException": denied,
	"InvalidClientTokenId":        denied,
	"InvalidSignatureException":   denied,
	"SignatureDoesNotMatch":       denied,
	"IncompleteSignature":         denied,
	"MissingAuthenticationToken":  denied,
	"NotAuthorized":               denied,
	"OptInRequired":               denied,
}

// errBrokenAnswer is an answer that does not say what became of every record. Each may have been taken or not.
var errBrokenAnswer = errors.New("the service's answer leaves out what became of records")

// classify sorts err, which is not nil and not the end of the caller's context.
func classify(err error) class {
	var api smithy.APIError
	if errors.As(err, &api) {
		if c, ok := classes[api.ErrorCode()]; ok {
			return c
		}
	}
	var unsent *smithy.InvalidParamsError
	if errors.As(err, &unsent) {
		return fatal // the SDK itself refuses the call, and always will
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		// No answer at all, or none that could be read: a network that is down, a connection that was cut, a time-out.
		return transient
	}
	switch status := response.HTTPStatusCode(); {
	case status == http.StatusTooManyRequests:
		return throttled
	case status >= 500 || status < 400:
		return transient // below 400: an answer that was cut or could not be decoded
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return denied
	}
	return fatal
}

// refusal is why the service did not take a record of a request that it took otherwise.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// explain words an error that ends the run.
func explain(c class, operation, stream string, err error) error {
	switch c {
	case denied:
		return fmt.Errorf("stream %s: not allowed to call kinesis:%s, tried for %v: check policy, encryption key and credentials (writing needs "+
			"kinesis:PutRecords and kinesis:DescribeStreamSummary, and with SINK_AGGREGATE kinesis:ListShards): %w", stream, operation, patience, err)
	case gone:
		return fmt.Errorf("stream %s: not found, tried for %v: was it deleted? Else check its name, region and account: %w", stream, patience, err)
	}
	return fmt.Errorf("stream %s: calling kinesis:%s: %w", stream, operation, err)
}
