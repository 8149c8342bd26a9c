package verbs

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Painter says how the parts of a line look to a person. Its methods are called from the encoder's goroutine, keep nothing,
// and append to dst.
type Painter interface {
	// Prefix appends what stands before the payload, of a record of p; all of the line, where the format has no payload.
	Prefix(dst []byte, p *record.Partition, text []byte) []byte
	// Payload appends a payload, and Key a partition key, for which the format has no modifier. A key that stands before the
	// payload goes through Prefix as well.
	Payload(dst, data []byte) []byte
	Key(dst, key []byte) []byte
}

// Encoder returns an encoder that writes records by f, with what payload appends as %s. It lets paint, where that is not
// nil, have its say. Each lane needs its own.
func (f Format) Encoder(payload record.Encoder, paint Painter) record.Encoder {
	var data, prefix []byte
	first := f.payloadAt()
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		var err error
		if data, err = payload(data[:0], b, r); err != nil {
			return dst, err
		}
		rest := f
		if paint != nil {
			prefix = prefix[:0]
			for _, p := range f[:first] {
				prefix = p.paint(prefix, paint, b.Partition, r, data)
			}
			dst, rest = paint.Prefix(dst, b.Partition, prefix), f[first:]
		}
		for _, p := range rest {
			dst = p.paint(dst, paint, b.Partition, r, data)
		}
		return dst, nil
	}
}

// payloadAt returns the place of the first payload, behind the end where there is none.
func (f Format) payloadAt() int {
	for i, p := range f {
		if p.verb == 's' {
			return i
		}
	}
	return len(f)
}

// paint appends p as paint has it, which may be nil.
func (p piece) paint(dst []byte, paint Painter, part *record.Partition, r *record.Record, data []byte) []byte {
	switch {
	case paint == nil || p.mod != "":
	case p.verb == 's':
		return paint.Payload(dst, data)
	case p.verb == 'k':
		return paint.Key(dst, r.Key)
	}
	return p.append(dst, part, r, data)
}

func (p piece) append(dst []byte, part *record.Partition, r *record.Record, data []byte) []byte {
	switch p.verb {
	case 's':
		return appendBytes(dst, data, p.mod)
	case 'k':
		return appendBytes(dst, r.Key, p.mod)
	case 't':
		return append(dst, part.Stream...)
	case 'p':
		return append(dst, part.Shard...)
	case 'o':
		return append(dst, r.Sequence...)
	case 'T':
		if p.mod != "" {
			return r.Arrival.Time().AppendFormat(dst, time.RFC3339Nano)
		}
		return strconv.AppendInt(dst, int64(r.Arrival), 10)
	case 'S':
		return strconv.AppendInt(dst, int64(len(data)), 10)
	}
	return append(dst, p.text...)
}

func appendBytes(dst, b []byte, mod string) []byte {
	switch mod {
	case "hex":
		return hex.AppendEncode(dst, b)
	case "base64":
		return base64.StdEncoding.AppendEncode(dst, b)
	}
	return append(dst, b...)
}
