// Package ndjson takes payloads apart that hold several JSON objects: one on each line, or one right behind the other, as
// Firehose and many producers write them.
package ndjson

import (
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
)

// Splitter is a format.Splitter: each object is a record. An object may stand on several lines, and several on one. A
// payload without an object is an error. It keeps nothing, so that many may share one.
type Splitter struct{}

// Split calls each for each object, whose syntax it has checked. The parts alias payload.
func (Splitter) Split(payload []byte, _ format.Arena, each func(part []byte) error) error {
	at, n := space(payload, 0), 0
	for ; at < len(payload); n++ {
		if payload[at] != '{' {
			return fmt.Errorf("the payload is not NDJSON: record %d, at byte %d, is no JSON object", n+1, at)
		}
		end, err := format.Skip(payload, at)
		if err != nil {
			return fault(n+1, err)
		}
		if err := each(payload[at:end:end]); err != nil {
			return err
		}
		at = space(payload, end)
	}
	if n == 0 {
		return format.ErrEmpty
	}
	return nil
}

// fault says in which record the syntax is wrong; its offset counts from the payload's begin.
func fault(n int, err error) error {
	var syntax *format.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("the payload is not NDJSON: %s at byte %d, in record %d", syntax.Problem, syntax.Offset, n)
	}
	return err
}

func space(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

var _ format.Splitter = Splitter{}
