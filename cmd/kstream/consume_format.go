package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/format/verbs"
	"github.com/kstream/kstream/pkg/record"
)

var latest = record.Position{Where: record.Latest}

// encoderOf makes an encoder for a lane out of the chain's, which gives the payload.
type encoderOf func(payload record.Encoder) record.Encoder

// encoder returns how records are printed.
func (o *consumeOptions) encoder(t *terminal) (encoderOf, error) {
	l := o.look(t)
	if o.format != "" {
		if o.output != "" {
			return nil, errors.New("-f and -o both say how records are printed: give one of them")
		}
		f, err := verbs.Parse(o.format)
		return func(payload record.Encoder) record.Encoder { return f.Encoder(payload, l.painter()) }, err
	}
	switch o.output {
	case "json":
		return withPayload(l.appendEnvelope), nil
	case "pretty":
		return withPayload(l.appendPretty), nil
	case "":
		if l.person {
			return withPayload(l.appendPretty), nil
		}
	}
	return withPayload(l.appendRaw), nil
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

// look is who looks at what is printed, and how. It is the painter of a format.
type look struct {
	person bool // a terminal, and no pipe or file
	colour bool
}

// painter returns l for a format, nil where there is nothing to paint.
func (l look) painter() verbs.Painter {
	if l == (look{}) {
		return nil
	}
	return l
}

// appendRaw appends a payload and an end-of-line, if it has none of its own. A person is shown a hex dump of what is not text.
func (l look) appendRaw(dst []byte, _ *record.Batch, _ *record.Record, data []byte) []byte {
	if l.person && !isText(data) {
		return append(dump(dst, data), '\n')
	}
	return append(l.level(dst, l.shown(bytes.TrimSuffix(data, []byte("\n"))), data), '\n')
}

// appendPretty appends JSON indented, a hex dump of what is not text, and anything else as it is.
func (l look) appendPretty(dst []byte, b *record.Batch, r *record.Record, data []byte) []byte {
	var indented bytes.Buffer
	switch {
	case !isText(data):
		return append(dump(dst, data), '\n')
	case json.Indent(&indented, data, "", "  ") != nil:
		return l.appendRaw(dst, b, r, data)
	}
	return append(l.level(dst, l.shown(bytes.TrimSpace(indented.Bytes())), data), '\n')
}

// shown returns text as whoever looks may see it: a terminal is given nothing that it would obey, and a pipe gets the bytes.
func (l look) shown(text []byte) []byte {
	if l.person {
		return safe(text)
	}
	return text
}

// appendEnvelope appends a payload with all that is known of its record.
func (l look) appendEnvelope(dst []byte, b *record.Batch, r *record.Record, data []byte) []byte {
	if l == (look{}) {
		return append(envelope.Append(dst, b.Partition, r, data), '\n')
	}
	line := l.shown(envelope.Append(nil, b.Partition, r, data))
	at := bytes.Index(line, []byte(`,"data`)) // inside of a string its quote would have a \ before it
	dst = l.Prefix(dst, b.Partition, line[:at])
	return append(l.level(dst, line[at:], data), '\n')
}

// Prefix appends what stands before a payload in the colour of its shard.
func (l look) Prefix(dst []byte, p *record.Partition, text []byte) []byte {
	if !l.colour {
		return append(dst, text...)
	}
	return paint(dst, shardColour(p), text)
}

// Payload appends a payload in the colour of its level. In the middle of a line, a person is shown base64 of what is not text.
func (l look) Payload(dst, data []byte) []byte { return l.level(dst, l.inLine(data), data) }

// Key appends a partition key, which is as little to be trusted as a payload.
func (l look) Key(dst, key []byte) []byte { return append(dst, l.inLine(key)...) }

// inLine returns what is shown of data in the middle of a line.
func (l look) inLine(data []byte) []byte {
	if l.person && !isText(data) {
		return base64.StdEncoding.AppendEncode(nil, data)
	}
	return l.shown(data)
}

// level appends text, which shows data, in the colour of the level that data has.
func (l look) level(dst, text, data []byte) []byte {
	if !l.colour {
		return append(dst, text...)
	}
	return paint(dst, levelColour(data), text)
}
