// Package cloudwatch takes the records apart that a CloudWatch Logs subscription filter writes to a stream: each is a batch
// of log events of one log stream, packed with gzip.
//
// One record comes of each log event:
//
//	timestamp             the event's, RFC 3339 in UTC
//	message               its text; an object where the text is a JSON object, as structured logs have it
//	id                    the event's
//	log_group, log_stream, owner, subscription_filters
//	policy_level          where an account's policy has sent it
//	extracted_fields      what a filter pattern has taken out of the text, where it names fields
//
// So `message.level == "error"` reads a structured log, and `message contains "ERROR"` any other; Config.TextMessages leaves
// all of them text. Members that this package does not know follow under their own names.
package cloudwatch

import (
	"bytes"
	"errors"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
	"github.com/kstream/kstream/pkg/format/packed"
)

func fault(at int, problem string) error {
	return &format.PayloadError{Format: "a CloudWatch Logs record", Offset: at, Problem: problem}
}

// Config is what a Splitter does.
type Config struct {
	// MaxUnpacked is what a payload may unpack to, in bytes; 0 is packed.DefaultMaxBytes. Its records may take four times
	// that: each repeats the group and stream that the payload has once.
	MaxUnpacked int
	// TextMessages leaves messages that are JSON objects the text that they came as.
	TextMessages bool
}

// Splitter is a format.Splitter of subscription records, packed or not. One goroutine uses it, but for ControlMessages.
type Splitter struct {
	unpack   packed.Unpacker
	asText   bool
	most     int // bytes of records of one payload
	controls atomic.Int64

	unpacked, shared, scratch []byte
}

// New returns a Splitter.
func New(c Config) *Splitter {
	if c.MaxUnpacked <= 0 {
		c.MaxUnpacked = packed.DefaultMaxBytes
	}
	return &Splitter{unpack: packed.Unpacker{MaxBytes: c.MaxUnpacked}, asText: c.TextMessages, most: 4 * c.MaxUnpacked}
}

// ControlMessages is how many payloads were no log events but CloudWatch Logs' own check whether the stream can be written
// to. They give no records and are no errors. Any goroutine may ask.
func (s *Splitter) ControlMessages() int64 { return s.controls.Load() }

// Split is format.Splitter's: it calls each for each log event. The records are a's bytes.
func (s *Splitter) Split(payload []byte, a format.Arena, each func(part []byte) error) error {
	const keep = 4 << 20 // bytes: a Splitter that has met a huge payload does not stay huge
	text, kind, err := s.unpack.Unpack(s.unpacked[:0], payload)
	if err != nil {
		return err
	}
	if kind != packed.Plain {
		if s.unpacked = text; cap(text) > keep {
			s.unpacked = nil
		}
	}
	c, err := cursor.New(text)
	if err != nil {
		return err
	}
	var b batch
	if err := b.read(c); err != nil {
		return err
	}
	if string(b.kind) == `"CONTROL_MESSAGE"` {
		s.controls.Add(1)
		return nil
	}
	return s.records(&b, a, each)
}

// batch is where the parts of a subscription record stand.
type batch struct {
	kind    []byte
	events  *cursor.Cursor
	shared  [len(sharedNames)][]byte
	unknown [][2][]byte // names, in quotes, and values
}

// sharedNames are what every event of a batch has in common, as it comes out.
var sharedNames = [...]string{`,"log_group":`, `,"log_stream":`, `,"owner":`, `,"subscription_filters":`, `,"policy_level":`}

// read finds the batch's parts. Of several members of a name the last counts.
func (b *batch) read(c cursor.Cursor) error {
	begin := c.Offset()
	if c.Kind() != '{' {
		return fault(begin, "it is no JSON object")
	}
	for more := c.Enter(); more; more = c.More() {
		name := c.Name()
		here := c
		value := c.Value()
		switch string(name) {
		case `"messageType"`:
			b.kind = value
		case `"logEvents"`:
			b.events = &here
		case `"logGroup"`:
			b.shared[0] = value
		case `"logStream"`:
			b.shared[1] = value
		case `"owner"`:
			b.shared[2] = value
		case `"subscriptionFilters"`:
			b.shared[3] = value
		case `"policyLevel"`:
			b.shared[4] = value
		default:
			b.unknown = append(b.unknown, [2][]byte{name, value})
		}
	}
	switch string(b.kind) {
	case `"CONTROL_MESSAGE"`:
		return nil
	case `"DATA_MESSAGE"`:
	default:
		return fault(begin, `the object has no "messageType" of DATA_MESSAGE or CONTROL_MESSAGE`)
	}
	if b.events == nil || b.events.Kind() != '[' {
		return fault(begin, `the object has no list "logEvents"`)
	}
	return nil
}

var errTooMuch = errors.New("the payload's log events, each with what they have in common, take more than four times what it may unpack to")

// records makes the records of all events.
func (s *Splitter) records(b *batch, a format.Arena, each func(part []byte) error) error {
	s.shared = s.shared[:0]
	for i, value := range b.shared {
		if value != nil {
			s.shared = append(append(s.shared, sharedNames[i]...), value...)
		}
	}
	for _, m := range b.unknown {
		s.shared = append(append(append(append(s.shared, ','), m[0]...), ':'), m[1]...)
	}
	total := 0
	c := *b.events
	for more := c.Enter(); more; more = c.More() {
		dst := a.Scratch()
		from := len(dst)
		dst, err := s.record(dst, &c)
		if err != nil {
			return err
		}
		if total += len(dst) - from; total > s.most {
			return errTooMuch
		}
		if err := each(a.Kept(dst, from)); err != nil {
			return err
		}
	}
	return nil
}

// isObject reports whether a message's text is a JSON object and nothing else. One that nests so deep that the record around
// it would nest too deep stays text.
func isObject(text []byte) bool {
	if text = bytes.TrimLeft(text, " \n\r\t"); len(text) == 0 || text[0] != '{' {
		return false
	}
	if bytes.Count(text, []byte{'{'})+bytes.Count(text, []byte{'['}) >= format.MaxDepth {
		return false
	}
	_, err := format.Validate(text)
	return err == nil
}
