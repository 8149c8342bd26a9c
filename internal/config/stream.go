package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The forms are those of the service's API reference.
var (
	streamNameForm = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)
	streamARNForm  = regexp.MustCompile(`^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/(.*)$`)
)

const maxStreamName = 128

// isStreamName counts by itself: with {1,128} the form compiles to 128 copies of its class, at each start of the program.
func isStreamName(s string) bool { return len(s) <= maxStreamName && streamNameForm.MatchString(s) }

// CheckStream says what is wrong with a stream's name or ARN; nil: nothing.
func CheckStream(ref string) error {
	switch {
	case strings.HasPrefix(ref, "arn:"):
		if m := streamARNForm.FindStringSubmatch(ref); len(m) == 0 || !isStreamName(m[1]) {
			return fmt.Errorf("%q is no ARN of a stream: arn:aws:kinesis:REGION:ACCOUNT:stream/NAME", ref)
		}
	case !isStreamName(ref):
		return fmt.Errorf("%q can't be the name of a stream: letters, digits, _ . and -, 128 at most; or an ARN", ref)
	}
	return nil
}

// streams reads the streams to read.
func (p *parser) streams(name string) []string {
	list := splitList(p.text(name))
	for i, ref := range list {
		if err := CheckStream(ref); err != nil {
			p.fault(name, "%v", err)
		} else if slices.Contains(list[:i], ref) {
			p.fault(name, "%q stands in it twice", ref)
		}
	}
	return list
}

// stream reads one stream, "" where it is not set.
func (p *parser) stream(name string) string {
	return try(p, name, func(ref string) (string, error) { return ref, CheckStream(ref) })
}

// checkLoops refuses to write into a stream that is read: each record would come again.
func (c *Config) checkLoops(faults *Faults) {
	if c.Sink.Kind == "kinesis" {
		c.checkLoop(c.Values["SINK_STREAM"].Name(), c.Sink.Stream, faults)
	}
	if d := c.Sink.DeadLetters; d.Kind == "kinesis" {
		c.checkLoop(c.Values["DEAD_LETTER"].Name(), d.Name, faults)
	}
}

func (c *Config) checkLoop(name, target string, faults *Faults) {
	for _, s := range c.Source.Streams {
		if target != "" && sameStream(s, target) && c.Sink.EndpointURL == "" && c.Sink.RoleARN == c.Source.RoleARN {
			faults.add(name, "%q is the stream that is read: what is written would be read again, for ever", target)
		}
	}
}

// sameStream compares two names or ARNs; a name and an ARN are the same where the name is.
func sameStream(a, b string) bool {
	if strings.HasPrefix(a, "arn:") && strings.HasPrefix(b, "arn:") {
		return a == b
	}
	return StreamName(a) == StreamName(b)
}

// StreamName returns the name of a stream that is given by name or ARN; what is no ARN is as it was.
func StreamName(s string) string {
	if _, name, ok := strings.Cut(s, ":stream/"); ok {
		return name
	}
	return s
}
