package kinesislocal

import (
	"fmt"
	"net/http"
	"strings"
)

// Error is what the service answers a call that it refuses. SDKs make their own types of it; the plain calls of a Server
// return it as it is.
type Error struct {
	Code    string // "ResourceNotFoundException"
	Message string
	Status  int // of HTTP
}

// Error returns the code and the message.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: http.StatusBadRequest}
}

func invalidArgument(format string, args ...any) error {
	return refuse("InvalidArgumentException", format, args...)
}

func resourceNotFound(format string, args ...any) error {
	return refuse("ResourceNotFoundException", format, args...)
}

func notFound(stream, account string) error {
	return resourceNotFound("Stream %s under account %s not found.", stream, account)
}

func inUse(format string, args ...any) error {
	return refuse("ResourceInUseException", format, args...)
}

func limitExceeded(format string, args ...any) error {
	return refuse("LimitExceededException", format, args...)
}

func serialization(err error) error { return refuse("SerializationException", "%v", err) }

func throttled(shard, stream, account string) *Error {
	return &Error{
		Code:    "ProvisionedThroughputExceededException",
		Message: "Rate exceeded for shard " + shard + " in stream " + stream + " under account " + account + ".",
		Status:  http.StatusBadRequest,
	}
}

// invalid is one failed check of one member, in the service's words.
func invalid(member string, value any, constraint string) error {
	return refuse("ValidationException", "1 validation error detected: %s", violation(member, value, constraint))
}

func violation(member string, value any, constraint string) string {
	shown := "null"
	if value != nil {
		shown = fmt.Sprintf("'%v'", value)
	}
	return "Value " + shown + " at '" + member + "' failed to satisfy constraint: " + constraint
}

// checks gathers what is wrong with the members of a request, as the service says it: all at once.
type checks []string

func (c *checks) fail(member string, value any, constraint string) {
	const most = 10 // the service stops here, and so does a message about 500 bad records
	if len(*c) < most {
		*c = append(*c, violation(member, value, constraint))
	}
}

func (c *checks) between(member string, value *int, lo, hi int) {
	switch {
	case value == nil:
	case *value < lo:
		c.fail(member, *value, fmt.Sprintf("Member must have value greater than or equal to %d", lo))
	case *value > hi:
		c.fail(member, *value, fmt.Sprintf("Member must have value less than or equal to %d", hi))
	}
}

func (c *checks) required(member string, present bool) {
	if !present {
		c.fail(member, nil, "Member must not be null")
	}
}

func (c *checks) oneOf(member, value string, allowed ...string) {
	for _, a := range allowed {
		if a == value {
			return
		}
	}
	c.fail(member, value, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

// name checks the name of a stream or a shard; "" passes.
func (c *checks) name(member, value string) {
	if len(value) > 128 {
		c.fail(member, value, "Member must have length less than or equal to 128")
	}
	if strings.Trim(value, nameBytes) != "" {
		c.fail(member, value, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
}

const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

func (c *checks) err() error {
	switch len(*c) {
	case 0:
		return nil
	case 1:
		return refuse("ValidationException", "1 validation error detected: %s", (*c)[0])
	}
	return refuse("ValidationException", "%d validation errors detected: %s", len(*c), strings.Join(*c, "; "))
}
