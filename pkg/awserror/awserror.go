// Package awserror sorts the errors of calls to Kinesis by what is to be done about them, has what trying again needs, and says
// errors in a person's words. The source and the sink share it.
package awserror

import (
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
)

// Class is what is to be done about an error. Of several the highest decides.
type Class uint8

// The classes, from the mildest to the worst.
const (
	// Transient is that the service or the way to it is out of order: try again, for ever.
	Transient Class = iota
	// Throttled is that too much was asked, by us or by others who use the shard: ask less often, for ever.
	Throttled
	// Stale is that an iterator or token is too old, or no good any more: make a new one.
	Stale
	// Invalid is that the service did not like an argument. Where that is an iterator or a sequence number, there is another way
	// to say it; else it is Fatal.
	Invalid
	// Denied is what permissions forbid. They, keys and credentials take a while to become known: try for a time.
	Denied
	// Gone is that there is no such stream or shard. A new one takes a while to become known too.
	Gone
	// Unclear is a refusal by a code that is in no table, or that could not be read: an error of a new kind, one that was cut,
	// the page of a proxy. It may pass: try for a time.
	Unclear
	// Fatal is what ends the run: the call is wrong, and would be wrong again.
	Fatal
)

// classes sorts the service's errors by their codes: those of the Kinesis API, then those that any AWS service gives.
var classes = map[string]Class{
	"ProvisionedThroughputExceededException": Throttled,
	"KMSThrottlingException":                 Throttled,
	"LimitExceededException":                 Throttled,
	"ExpiredIteratorException":               Stale,
	"ExpiredNextTokenException":              Stale,
	"InvalidArgumentException":               Invalid,
	"ResourceNotFoundException":              Gone,
	"ResourceInUseException":                 Transient, // the stream is being made or resharded
	"InternalFailureException":               Transient,
	"AccessDeniedException":                  Denied,
	"KMSAccessDeniedException":               Denied,
	"KMSDisabledException":                   Denied,
	"KMSInvalidStateException":               Denied,
	"KMSNotFoundException":                   Denied,
	"KMSOptInRequired":                       Denied,
	"ValidationException":                    Fatal,
	"DryRunOperationException":               Fatal,

	"Throttling":                  Throttled,
	"ThrottlingException":         Throttled,
	"ThrottledException":          Throttled,
	"RequestLimitExceeded":        Throttled,
	"RequestThrottled":            Throttled,
	"RequestThrottledException":   Throttled,
	"TooManyRequestsException":    Throttled,
	"InternalFailure":             Transient,
	"InternalError":               Transient,
	"InternalServerError":         Transient,
	"ServiceUnavailable":          Transient,
	"ServiceUnavailableException": Transient,
	"RequestTimeout":              Transient,
	"RequestTimeoutException":     Transient,
	"RequestExpired":              Transient, // the SDK corrects its clock and signs anew
	"RequestTimeTooSkewed":        Transient,
	"ExpiredToken":                Denied, // credentials: the SDK fetches new ones where it can
	"ExpiredTokenException":       Denied,
	"AccessDenied":                Denied,
	"UnrecognizedClientException": Denied,
	"InvalidClientTokenId":        Denied,
	"InvalidSignatureException":   Denied,
	"SignatureDoesNotMatch":       Denied,
	"IncompleteSignature":         Denied,
	"MissingAuthenticationToken":  Denied,
	"NotAuthorized":               Denied,
	"OptInRequired":               Denied,
}

// OfCode returns the class of an error by its code; known is false for one that is in no table of the service's.
func OfCode(code string) (c Class, known bool) {
	c, known = classes[code]
	return c, known
}

// Of sorts err, which is not nil and not the end of the caller's context. What does not say what it is is sorted by the
// status of the answer it came with; where there was none, the way to the service is out of order.
func Of(err error) Class {
	var api smithy.APIError
	if errors.As(err, &api) {
		if c, ok := classes[api.ErrorCode()]; ok {
			return c
		}
	}
	var session *ssocreds.InvalidTokenError
	if errors.As(err, &session) {
		return Denied // until somebody signs in
	}
	var unsent *smithy.InvalidParamsError
	if errors.As(err, &unsent) {
		return Fatal // the SDK itself refuses the call, and always will
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		if api != nil {
			return Unclear
		}
		// No answer at all, or none that could be read: a network that is down, a connection that was cut, a time-out.
		return Transient
	}
	switch status := response.HTTPStatusCode(); {
	case status == http.StatusTooManyRequests:
		return Throttled
	case status >= 500 || status < 400:
		return Transient // below 400: an answer that was cut or could not be decoded
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return Denied
	}
	return Unclear
}
