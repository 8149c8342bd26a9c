package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/format/verbs"
	"github.com/kstream/kstream/pkg/record"
)

var latest = record.Position{Where: record.Latest}

// encoderOf makes an encoder for a lane out of the chain's, which gives the payload.
type encoderOf func(payload record.Encoder) record.Encoder

// encoder returns how records are printed.
func (o *consumeOptions) encoder(t *terminal) (encoderOf, error) {
	if o.format != "" {
		if o.output != "raw" {
			return nil, errors.New("-f and -o both say how records are printed: give one of them")
		}
		f, err := verbs.Parse(o.format)
		return f.Encoder, err
	}
	if err := outputChoice(o.output, "raw", "json", "pretty"); err != nil {
		return nil, err
	}
	switch o.output {
	case "json":
		return withPayload(func(dst []byte, b *record.Batch, r *record.Record, data []byte) []byte {
			return append(envelope.Append(dst, b.Partition, r, data), '\n')
		}), nil
	case "pretty":
		return withPayload(appendPretty), nil
	}
	person := isTerminal(t.out)
	return withPayload(func(dst []byte, _ *record.Batch, _ *record.Record, data []byte) []byte {
		return appendRaw(dst, data, person)
	}), nil
}

// withPayload makes an encoder of a function that is given the payload.
func withPayload(line func(dst []byte, b *record.Batch, r *record.Record, data []byte) []byte) encoderOf {
	return func(payload record.Encoder) record.Encoder {
		var data []byte
		return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
			var err error
			if data, err = payload(data[:0], b, r); err != nil {
				return dst, err
			}
			return line(dst, b, r, data), nil
		}
	}
}

// appendRaw appends a payload and an end-of-line, if it has none of its own. A person's terminal is shown base64 of what
// is not text; a pipe gets the bytes.
func appendRaw(dst, data []byte, person bool) []byte {
	if person && (!utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0) {
		return append(base64.StdEncoding.AppendEncode(dst, data), '\n')
	}
	return append(append(dst, bytes.TrimSuffix(data, []byte("\n"))...), '\n')
}

// appendPretty appends JSON indented, and anything else as it is.
func appendPretty(dst []byte, _ *record.Batch, _ *record.Record, data []byte) []byte {
	var indented bytes.Buffer
	if err := json.Indent(&indented, data, "", "  "); err != nil {
		return appendRaw(dst, data, true)
	}
	return append(append(dst, bytes.TrimSpace(indented.Bytes())...), '\n')
}
