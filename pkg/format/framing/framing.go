// Package framing tells records apart in a stream of bytes: lines, lengths, base64.
package framing

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"sync"
	"unicode/utf8"

	"github.com/kstream/kstream/internal/bytescan"
	"github.com/kstream/kstream/pkg/record"
)

// Framing says how records are told apart.
type Framing string

// The kinds of Framing.
const (
	Lines  Framing = "lines"  // an end-of-line behind each record
	Length Framing = "length" // a varint of its bytes before each record: protobuf's delimited form
	Base64 Framing = "base64" // standard base64, an end-of-line behind each record
)

// ErrBinary is what framing by lines answers to a payload that is not text.
var ErrBinary = errors.New("the payload is binary, and lines can't hold it: set SINK_FRAMING to length or base64, or have the chain make text of it (decode …, encode json)")

// Frame returns an encoder that frames what payload appends. text says that payload makes text of every record (encode
// json), so that nothing has to be looked at. notice is told once of payloads with lines in them, and once of binary
// ones, whose error is ErrBinary; many goroutines may
// share the Framing, each has an encoder of its own.
func (f Framing) Frame(payload record.Encoder, text bool, notice func(string)) record.Encoder {
	switch f {
	case Length:
		return lengthPrefixed(payload)
	case Base64:
		return base64Lines(payload)
	}
	binary := sync.OnceFunc(func() { notice(ErrBinary.Error()) })
	severalLines := sync.OnceFunc(func() {
		notice("some payloads have several lines, and go out as they are: a reader of lines will take each for a record (SINK_FRAMING=length or base64 keeps them whole)")
	})
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		n := len(dst)
		dst, err := payload(dst, b, r)
		if err != nil {
			return dst, err
		}
		if p := dst[n:]; !text && !plain(p) {
			if dst, err = oneLine(dst, n, severalLines); err != nil {
				binary()
				return dst, err
			}
		}
		return append(dst, '\n'), nil
	}
}

// oneLine makes one line of the payload dst[n:] where it can: an end-of-line at its end is the frame's, and JSON is
// compacted.
func oneLine(dst []byte, n int, severalLines func()) ([]byte, error) {
	p := dst[n:]
	if !isText(p) {
		return dst, ErrBinary
	}
	p = bytes.TrimSuffix(bytes.TrimSuffix(p, []byte("\n")), []byte("\r"))
	dst = dst[:n+len(p)]
	if bytes.IndexByte(p, '\n') < 0 {
		return dst, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, p); err == nil {
		return append(dst[:n], compact.Bytes()...), nil
	}
	severalLines()
	return dst, nil
}

func lengthPrefixed(payload record.Encoder) record.Encoder {
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		n := len(dst)
		dst = append(dst, make([]byte, binary.MaxVarintLen64)...)
		dst, err := payload(dst, b, r)
		if err != nil {
			return dst, err
		}
		size := len(dst) - n - binary.MaxVarintLen64
		head := binary.PutUvarint(dst[n:], uint64(size))
		copy(dst[n+head:], dst[n+binary.MaxVarintLen64:])
		return dst[:n+head+size], nil
	}
}

func base64Lines(payload record.Encoder) record.Encoder {
	var raw []byte
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		var err error
		if raw, err = payload(raw[:0], b, r); err != nil {
			return dst, err
		}
		return append(base64.StdEncoding.AppendEncode(dst, raw), '\n'), nil
	}
}

// plain reports whether p is nothing but printable ASCII and tabs: what most records are.
func plain(p []byte) bool {
	for n := bytescan.Printable(p); n < len(p); n += bytescan.Printable(p[n:]) {
		if p[n] != '\t' {
			return false
		}
		n++
	}
	return true
}

// isText reports whether p is UTF-8 without control characters other than those that people's logs and quotes hold: tab,
// line ends, form feeds, escape (colours) and SOH, which parts the fields of FIX messages.
func isText(p []byte) bool {
	if !utf8.Valid(p) {
		return false
	}
	for _, c := range p {
		if c < 0x20 && c != 0x01 && c != 0x1b && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}
