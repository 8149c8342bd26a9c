package operator

import (
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/avro"
	"github.com/kstream/kstream/pkg/format/packed"
	"github.com/kstream/kstream/pkg/format/sniff"
	"github.com/kstream/kstream/pkg/record"
)

// decode auto reads what it sees: for a look at a stream of which nobody knows what is in it. Every record becomes JSON, and
// what a shard holds is said once.
var decodeAuto = decoding{
	split: func() format.Splitter { return &guesser{} },
	strip: func(_ *record.Batch, payload []byte) ([]byte, error) { return payload, nil }, // a guess begins at the packing
}

// guesser takes payloads apart by what they look like. What the last one was is tried first.
type guesser struct {
	kind  sniff.Format
	split format.Splitter
	read  format.Transcoder
	told  map[string]bool
	tell  string // what is to be told
}

// Split implements format.Splitter: each part is JSON.
func (g *guesser) Split(payload []byte, a format.Arena, each func(part []byte) error) error {
	seen := sniff.Look(payload)
	if seen.Format != g.kind {
		g.take(seen.Format)
	}
	g.note(&seen)
	if g.split == nil && g.read == nil && seen.Format != sniff.JSON {
		return fmt.Errorf("there is no telling how to read it: it looks like %s", seen)
	}
	scratch := a.Scratch()
	from := len(scratch)
	out, kind, err := packed.Unpacker{}.Unpack(scratch, payload)
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", kind, err)
	}
	if kind != packed.Plain {
		payload = a.Kept(out, from)
	}
	switch {
	case g.split != nil:
		return g.split.Split(payload, a, each)
	case g.read == nil:
		return each(payload)
	}
	scratch = a.Scratch()
	from = len(scratch)
	scratch, err = g.read.AppendJSON(scratch, payload)
	part := a.Kept(scratch, from)
	if err != nil {
		return err
	}
	return each(part)
}

// take makes what reads payloads of a kind.
func (g *guesser) take(kind sniff.Format) {
	g.kind, g.split, g.read = kind, nil, nil
	how, ok := guesses[kind]
	switch {
	case !ok:
	case how.split != nil:
		g.split = how.split()
	case how.transcode != nil:
		g.read = how.transcode()
	}
}

// guesses are how payloads are read that look like something.
var guesses = map[sniff.Format]decoding{
	sniff.NDJSON: decodeNDJSON, sniff.Logfmt: decodeLogfmt, sniff.Syslog: decodeSyslog, sniff.CLF: decodeAccess,
	sniff.Combined: decodeAccess, sniff.DynamoDB: decodeDynamoDB, sniff.MessagePack: decodeMsgpack, sniff.CBOR: decodeCBOR,
	sniff.CloudWatch: decodeCloudwatchLogs,
	sniff.AvroOCF:    {split: func() format.Splitter { return avro.NewFiles(0) }},
	sniff.Text:       {transcode: func() format.Transcoder { return textAsJSON{} }},
}

// note keeps what is to be told of a kind of payload, the first time.
func (g *guesser) note(seen *sniff.Finding) {
	kind := sniff.Finding{Unpacked: seen.Unpacked, Format: seen.Format}.String()
	if g.told[kind] {
		return
	}
	if g.told == nil {
		g.told = map[string]bool{}
	}
	g.told[kind], g.tell = true, seen.String()
}

// Told implements teller.
func (g *guesser) Told() string {
	text := g.tell
	g.tell = ""
	return text
}

// teller is a Splitter that has something to say of a partition.
type teller interface{ Told() string }

// textAsJSON reads text as a record of the one field text.
type textAsJSON struct{}

// AppendJSON implements format.Transcoder.
func (textAsJSON) AppendJSON(dst, payload []byte) ([]byte, error) {
	v, err := format.Text(payload)
	if err != nil {
		return dst, err
	}
	dst = append(dst, `{"`+format.TextField+`":`...)
	return append(format.Append(dst, &v), '}'), nil
}
