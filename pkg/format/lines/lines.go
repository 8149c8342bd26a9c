// Package lines takes payloads apart that hold a record on each line: logs that were shipped several at once.
package lines

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
)

// Splitter is a format.Splitter: each line is a record, without its end. Lines of nothing but white space are none, and a
// payload without a line is an error. It keeps nothing, so that many may share one.
type Splitter struct{}

// Split calls each for each line. The parts alias payload.
func (Splitter) Split(payload []byte, _ format.Arena, each func(part []byte) error) error {
	some := false
	for rest := payload; len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		some = true
		if err := each(line); err != nil {
			return err
		}
	}
	if !some {
		return format.ErrEmpty
	}
	return nil
}

var _ format.Splitter = Splitter{}
