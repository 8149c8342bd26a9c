package awserror

import (
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
)

// Refusal is what the service says of a call that permissions forbid. What it did not say is empty.
type Refusal struct {
	Who      string // the ARN of the caller
	Action   string // kinesis:GetRecords
	Resource string // the ARN, * for all
	Why      string // no identity-based policy allows the kinesis:GetRecords action
}

// refusal is the form of IAM's message. The reason is given where the caller and the resource are in one account, or
// organisation (AWS's "Troubleshoot access denied error messages").
var refusal = regexp.MustCompile(`User: (\S+) is not authorized to perform: (\S+?)(?: on resource: (\S+?))?(?: (?:because|with) (.*?))?\.?$`)

// ParseRefusal reads the message of an error of whose code Denies is true. ok is false where it has another form.
func ParseRefusal(message string) (r Refusal, ok bool) {
	m := refusal.FindStringSubmatch(message)
	if m == nil {
		return Refusal{}, false
	}
	return Refusal{Who: m[1], Action: m[2], Resource: m[3], Why: m[4]}, true
}

// Denies reports whether code is that of a call which permissions forbid, and not one of bad credentials or keys.
func Denies(code string) bool {
	switch code {
	case "AccessDeniedException", "AccessDenied", "NotAuthorized", "UnauthorizedOperation":
		return true
	}
	return false
}

// refusalText says who may not do what to what, and why.
func refusalText(op *smithy.OperationError, message string) string {
	r, ok := ParseRefusal(message)
	if !ok {
		action := strings.ToLower(op.ServiceID) + ":" + op.OperationName
		return withCause("access denied: "+action+" is not allowed", message)
	}
	text := "access denied: " + r.Who + " may not do " + r.Action
	if r.Resource != "" {
		text += " on " + r.Resource
	}
	return withCause(text, r.Why)
}
