package awserror

import (
	"errors"
	"fmt"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
)

// Text is err.Error() with what the SDK says of each call that failed in a person's words: what is wrong, and what to try. What
// is wrapped around those calls stays as it is, as does an error of no call at all.
func Text(err error) string {
	text := err.Error()
	for _, op := range calls(err) {
		text = strings.Replace(text, op.Error(), callText(op), 1)
	}
	return text
}

// calls returns the outermost calls that failed in err.
func calls(err error) []*smithy.OperationError {
	switch e := err.(type) { //nolint:errorlint // the tree is walked, so that each call of joined errors is found
	case *smithy.OperationError:
		return []*smithy.OperationError{e}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return calls(inner)
		}
	case interface{ Unwrap() []error }:
		var list []*smithy.OperationError
		for _, inner := range e.Unwrap() {
			list = append(list, calls(inner)...)
		}
		return list
	}
	return nil
}

func callText(op *smithy.OperationError) string {
	var api smithy.APIError
	if errors.As(op, &api) {
		return serviceText(op, api)
	}
	if text := networkText(op); text != "" {
		return text
	}
	var session *ssocreds.InvalidTokenError
	if errors.As(op, &session) {
		return "the SSO session is over: `aws sso login` begins another (with --profile, where AWS_PROFILE is set)"
	}
	text := op.Err.Error()
	for _, wrapped := range []string{"get identity: ", "get credentials: ", "failed to refresh cached credentials, "} {
		text = strings.TrimPrefix(text, wrapped)
	}
	return op.OperationName + ": " + text
}

// advice is what to try about errors of any service, by their codes.
var advice = map[string]string{
	"ExpiredToken":                "the AWS credentials have expired: sign in again, or fetch new ones",
	"ExpiredTokenException":       "the AWS credentials have expired: sign in again, or fetch new ones",
	"UnrecognizedClientException": "AWS does not know this access key: check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN if the key is a temporary one",
	"InvalidClientTokenId":        "AWS does not know this access key: check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN if the key is a temporary one",
	"SignatureDoesNotMatch":       "the secret key is not the access key's: check AWS_SECRET_ACCESS_KEY",
	"InvalidSignatureException":   "the secret key is not the access key's: check AWS_SECRET_ACCESS_KEY",
	"RequestTimeTooSkewed":        skewed,
	"RequestExpired":              skewed,
	"OptInRequired":               "this AWS account may not use the service yet, or not in this region",
	"KMSAccessDeniedException":    "the stream is encrypted, and its key may not be used: kms:Decrypt has to be allowed for it",
	"KMSDisabledException":        "the stream is encrypted, and its key is disabled",
	"KMSInvalidStateException":    "the stream is encrypted, and its key can't be used now",
	"KMSNotFoundException":        "the stream is encrypted, and its key is not there",
	"KMSOptInRequired":            "the stream is encrypted, and this AWS account may not use KMS yet",
}

const skewed = "this machine's clock is not AWS': set it (is NTP running?)"

// serviceText words what the service answered. What it said itself stays beside the advice: it has the names and the times.
func serviceText(op *smithy.OperationError, api smithy.APIError) string {
	code, message := api.ErrorCode(), strings.TrimSuffix(api.ErrorMessage(), ".")
	if denies(code) {
		return refusalText(op, message)
	}
	text := advice[code]
	if isSkew(code, message) {
		text = skewed
	}
	switch {
	case text != "":
		return withCause(text, message)
	case code == "ResourceNotFoundException" && message != "":
		return message
	}
	text = withCause(op.OperationName+": "+code, message)
	var response *awshttp.ResponseError
	if Of(op) == Transient && errors.As(op, &response) && response.ServiceRequestID() != "" {
		text += " RequestID: " + response.ServiceRequestID() // which the service's people ask for
	}
	return text
}

func withCause(text, cause string) string {
	const none = "UnknownError" // which the SDK makes up where the service said nothing
	if cause == "" || cause == none {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, cause)
}

// isSkew tells a signature of another time from one of another key. The service says both by one code.
func isSkew(code, message string) bool {
	return (code == "InvalidSignatureException" || code == "SignatureDoesNotMatch") &&
		(strings.Contains(message, "Signature expired") || strings.Contains(message, "Signature not yet current"))
}
