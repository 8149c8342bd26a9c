package kinesis

import (
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// class is what is to be done about an error.
type class uint8

const (
	// fatal ends the run: the call is wrong, and would be wrong again.
	fatal class = iota
	// throttled: too much was asked, by us or by others who read the shard. Ask less often, for ever.
	throttled
	// transient: the service or the way to it is out of order. Try again, for ever.
	transient
	// denied: not allowed. Permissions and credentials take a while to become known, so it is tried for patience.
	denied
	// gone: no such stream or shard. It depends on which what that means; a new stream takes a while to become known too.
	gone
	// stale: the iterator or token is too old, or no good any more. Make a new one.
	stale
	// invalid: the service did not like an argument. Where the argument is an iterator or a sequence number, there is
	// another way to say it; else it is fatal.
	invalid
)

// classes sorts the service's errors by their codes: those of the Kinesis API, then those that any AWS service gives.
var classes = map[string]class{
	"ProvisionedThroughputExceededException": throttled,
	"KMSThrottlingException":                 throttled,
	"LimitExceededException":                 throttled,
	"ExpiredIteratorException":               stale,
	"ExpiredNextTokenException":              stale,
	"InvalidArgumentException":               invalid,
	"ResourceNotFoundException":              gone,
	"ResourceInUseException":                 transient, // the stream is being updated
	"InternalFailureException":               transient,
	"AccessDeniedException":                  denied,
	"KMSAccessDeniedException":               denied,
	"KMSDisabledException":                   denied,
	"KMSInvalidStateException":               denied,
	"KMSNotFoundException":                   denied,
	"KMSOptInRequired":                       denied,
	"ValidationException":                    fatal,
	"DryRunOperationException":               fatal,

	"Throttling":                  throttled,
	"ThrottlingException":         throttled,
	"ThrottledException":          throttled,
	"RequestLimitExceeded":        throttled,
	"RequestThrottled":            throttled,
	"RequestThrottledException":   throttled,
	"TooManyRequestsException":    throttled,
	"InternalFailure":             transient,
	"InternalError":               transient,
	"InternalServerError":         transient,
	"ServiceUnavailable":          transient,
	"ServiceUnavailableException": transient,
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

// errBrokenAnswer is an answer that contradicts itself; KCL asks again with the same iterator, and so do we.
var errBrokenAnswer = errors.New("the service's answer contradicts itself")

// classify sorts err, which is not nil and not the end of the caller's context.
func classify(err error) class {
	var api smithy.APIError
	if errors.As(err, &api) {
		if c, ok := classes[api.ErrorCode()]; ok {
			return c
		}
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		if api != nil {
			return fatal
		}
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
