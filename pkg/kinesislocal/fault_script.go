package kinesislocal

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseFaults reads faults from their text form, one a line: the operation, or * for all, and what else the Fault says, in
// any order. A value with spaces stands in double quotes, as Go writes them. Empty lines, and lines that begin with #, are
// nothing.
//
//	GetRecords times=2 error=ProvisionedThroughputExceededException
//	GetRecords shard=shardId-000000000001 after=3 times=1 cut=2000
//	PutRecords.Record probability=0.1 seed=7 error=InternalFailure message="Internal service failure."
//	* latency=20ms
//
// The names are stream, shard, after, times, probability, seed, latency, error, message, status, body and cut. An error
// says the line.
func ParseFaults(text string) ([]Fault, error) {
	var faults []Fault
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f, err := parseFault(line)
		if err == nil {
			err = f.check()
		}
		if err != nil {
			return nil, fmt.Errorf("reading fault in line %d: %w", i+1, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func parseFault(line string) (f Fault, err error) {
	f.Operation, line, _ = strings.Cut(line, " ")
	if f.Operation == "*" {
		f.Operation = ""
	}
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		name, rest, ok := strings.Cut(line, "=")
		if !ok {
			return f, fmt.Errorf("%q: want name=value", line)
		}
		var value string
		if value, line, err = cutValue(rest); err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
		if err := f.set(name, value); err != nil {
			return f, fmt.Errorf("%s=%s: %w", name, value, err)
		}
	}
	return f, nil
}

// cutValue takes a word or a quoted string off the front.
func cutValue(text string) (value, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text, " ")
		return value, rest, nil
	}
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil {
		return "", "", fmt.Errorf("%s: a quote that is not closed, or a bad escape", text)
	}
	value, err = strconv.Unquote(quoted)
	return value, text[len(quoted):], err
}

func (f *Fault) set(name, value string) (err error) {
	switch name {
	case "stream":
		f.Stream = value
	case "shard":
		f.Shard = value
	case "after":
		f.After, err = strconv.Atoi(value)
	case "times":
		f.Times, err = strconv.Atoi(value)
	case "probability":
		f.Probability, err = strconv.ParseFloat(value, 64)
	case "seed":
		f.Seed, err = strconv.ParseUint(value, 10, 64)
	case "latency":
		f.Latency, err = time.ParseDuration(value)
	case "error":
		f.Error = value
	case "message":
		f.Message = value
	case "status":
		f.Status, err = strconv.Atoi(value)
	case "body":
		f.Body = value
	case "cut":
		f.CutAfter, err = strconv.Atoi(value)
	default:
		err = fmt.Errorf("unknown name: there are stream, shard, after, times, probability, seed, latency, error, message, " +
			"status, body and cut")
	}
	return err
}

// String returns f in the form that ParseFaults reads. Do has no text form.
func (f Fault) String() string {
	b := []byte(f.Operation)
	if f.Operation == "" {
		b = append(b, '*')
	}
	add := func(name, value, zero string) {
		if value == zero {
			return
		}
		if quoted := strconv.Quote(value); strings.ContainsAny(value, " ") || quoted[1:len(quoted)-1] != value {
			value = quoted
		}
		b = append(append(append(append(b, ' '), name...), '='), value...)
	}
	add("stream", f.Stream, "")
	add("shard", f.Shard, "")
	add("after", strconv.Itoa(f.After), "0")
	add("times", strconv.Itoa(f.Times), "0")
	add("probability", strconv.FormatFloat(f.Probability, 'g', -1, 64), "0")
	add("seed", strconv.FormatUint(f.Seed, 10), "0")
	add("latency", f.Latency.String(), "0s")
	add("error", f.Error, "")
	add("message", f.Message, "")
	add("status", strconv.Itoa(f.Status), "0")
	add("body", f.Body, "")
	add("cut", strconv.Itoa(f.CutAfter), "0")
	return string(b)
}
