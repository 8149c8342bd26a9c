package sniff

import (
	"bytes"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
)

// text tells what a payload is that is text.
func text(p []byte) (f Format, note string) {
	trimmed := format.Trim(p)
	if len(trimmed) == 0 {
		return Text, "white space"
	}
	switch trimmed[0] {
	case '{':
		return object(trimmed)
	case '[':
		if doc, err := format.Validate(trimmed); err == nil {
			return Text, fmt.Sprintf("a JSON list of %d", format.Length(doc))
		}
	}
	line, _, _ := bytes.Cut(trimmed, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if f, note = logLine(line); f != "" {
		return f, note
	}
	return Text, ""
}

// object tells what a payload is that begins as an object does.
func object(p []byte) (f Format, note string) {
	end, err := format.Skip(p, 0)
	if err != nil {
		return Text, "it begins as JSON does"
	}
	doc, rest := p[:end], format.Trim(p[end:])
	if len(rest) > 0 {
		return lines(p)
	}
	if f, note := subscription(doc); f != "" {
		return f, note
	}
	if change := format.Member(doc, []byte("dynamodb")); isObject(change) && isObject(format.Member(change, []byte("Keys"))) {
		return DynamoDB, ""
	}
	return JSON, ""
}

func isObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' }

// subscription tells a record of CloudWatch Logs, "" where doc is none.
func subscription(doc []byte) (f Format, note string) {
	events := format.Member(doc, []byte("logEvents"))
	if len(events) == 0 || events[0] != '[' || format.Member(doc, []byte("logGroup")) == nil {
		return "", ""
	}
	switch string(format.Member(doc, []byte("messageType"))) {
	case `"DATA_MESSAGE"`:
		return CloudWatch, counted(format.Length(events), "log event")
	case `"CONTROL_MESSAGE"`:
		return CloudWatch, "a control message"
	}
	return "", ""
}

// lines tells whether each line that is not empty is an object.
func lines(p []byte) (f Format, note string) {
	n := 0
	for line := range bytes.SplitSeq(p, []byte("\n")) {
		if line = format.Trim(line); len(line) == 0 {
			continue
		}
		if _, err := format.Validate(line); err != nil || line[0] != '{' {
			return Text, "it begins as JSON does"
		}
		n++
	}
	return NDJSON, counted(n, "record")
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
