package awserror

import "fmt"

// Explain words an error of class c that ends a run: err came of calling the operation about a stream, which is named as the user
// did. check is what to look at where the call is not allowed.
func Explain(c Class, stream, operation, check string, err error) error {
	switch c {
	case Denied:
		return fmt.Errorf("stream %s: not allowed to call kinesis:%s, tried for %v: check %s: %w", stream, operation, Patience, check, err)
	case Unclear:
		return fmt.Errorf("stream %s: calling kinesis:%s, tried for %v: %w", stream, operation, Patience, err)
	case Gone:
		return fmt.Errorf("stream %s: not found, tried for %v: was it deleted? Else check its name, region and account: %w", stream, Patience, err)
	}
	return fmt.Errorf("stream %s: calling kinesis:%s: %w", stream, operation, err)
}

// Trouble says for a log what is wrong with a call that failed with c, and what is done about it.
func (c Class) Trouble() string {
	switch c {
	case Throttled:
		return "the service throttles, backing off"
	case Stale:
		return "an iterator or token is too old, making a new one"
	case Invalid:
		return "the service refuses an argument"
	case Denied:
		return "not allowed, trying for a minute"
	case Gone:
		return "not found, trying for a minute"
	case Unclear:
		return "the service refuses the call, trying for a minute"
	case Fatal:
		return "the service refuses the call"
	}
	return "the service does not answer as it should, trying on"
}
