package awserror

import (
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
)

// refusal is what the service says of a call that permissions forbid. What it did not say is empty.
type refusal struct {
	who      string // the ARN of the caller
	action   string // kinesis:GetRecords
	resource string // the ARN, * for all
	why      string // no identity-based policy allows the kinesis:GetRecords action
}

// refusalForm is the form of IAM's message. The reason is given where the caller and the resource are in one account, or
// organisation (AWS's "Troubleshoot access denied error messages").
var refusalForm = regexp.MustCompile(`User: (\S+) is not authorized to perform: (\S+?)(?: on resource: (\S+?))?(?: (?:because|with) (.*?))?\.?$`)

// parseRefusal reads the message of an error of whose code denies is true. ok is false where it has another form.
func parseRefusal(message string) (r refusal, ok bool) {
	m := refusalForm.FindStringSubmatch(message)
	if m == nil {
		return refusal{}, false
	}
	return refusal{who: m[1], action: m[2], resource: m[3], why: m[4]}, true
}

// denies reports whether code is that of a call which permissions forbid, and not one of bad credentials or keys.
func denies(code string) bool {
	switch code {
	case "AccessDeniedException", "AccessDenied", "NotAuthorized", "UnauthorizedOperation":
		return true
	}
	return false
}

// refusalText says who may not do what to what, and why.
func refusalText(op *smithy.OperationError, message string) string {
	r, ok := parseRefusal(message)
	if !ok {
		action := strings.ToLower(op.ServiceID) + ":" + op.OperationName
		return withCause("access denied: "+action+" is not allowed", message)
	}
	text := "access denied: " + r.who + " may not do " + r.action
	if r.resource != "" {
		text += " on " + r.resource
	}
	return withCause(text, r.why)
}
