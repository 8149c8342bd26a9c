// Package verbs formats records by a format of kcat's and rpk's kind: "%t %p %o %k %s\n".
package verbs

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// Format is a parsed format. It is safe for many goroutines.
type Format []piece

// piece is text, or a verb.
type piece struct {
	text string
	verb byte // 0 for text
}

// known is what may stand behind a %, and what they stand for.
const known = "%s payload, %k partition key, %t stream, %p shard, %o sequence number, %T arrival in milliseconds, %S size of the payload in bytes, %% a percent sign"

// Parse reads a format. One without any % or \ is refused: it would print the same text for each record, and is most
// likely a value meant for another flag.
func Parse(s string) (Format, error) {
	if !strings.ContainsAny(s, `%\`) {
		return nil, fmt.Errorf("the format %q has no %% and no \\ in it: verbs are %s (following the stream is the default, and has no flag)", s, known)
	}
	var f Format
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			f = append(f, piece{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '%' && s[i] != '\\' {
			text.WriteByte(s[i])
			continue
		}
		if i+1 == len(s) {
			return nil, fmt.Errorf("the format %q ends in the middle of a verb", s)
		}
		i++
		if s[i-1] == '\\' {
			c, err := escape(s[i])
			if err != nil {
				return nil, err
			}
			text.WriteByte(c)
			continue
		}
		switch s[i] {
		case '%':
			text.WriteByte('%')
		case 's', 'k', 't', 'p', 'o', 'T', 'S':
			flush()
			f = append(f, piece{verb: s[i]})
		default:
			return nil, fmt.Errorf("there is no verb %%%c: %s", s[i], known)
		}
	}
	flush()
	return f, nil
}

func escape(c byte) (byte, error) {
	switch c {
	case 'n':
		return '\n', nil
	case 't':
		return '\t', nil
	case 'r':
		return '\r', nil
	case '0':
		return 0, nil
	case '\\':
		return '\\', nil
	}
	return 0, fmt.Errorf(`there is no escape \%c: \n, \t, \r, \0 and \\ are`, c)
}

// Encoder returns an encoder that writes records by f, with what payload appends as %s. Each lane needs its own.
func (f Format) Encoder(payload record.Encoder) record.Encoder {
	var data []byte
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		var err error
		if data, err = payload(data[:0], b, r); err != nil {
			return dst, err
		}
		for _, p := range f {
			dst = p.append(dst, b.Partition, r, data)
		}
		return dst, nil
	}
}

func (p piece) append(dst []byte, part *record.Partition, r *record.Record, data []byte) []byte {
	switch p.verb {
	case 's':
		return append(dst, data...)
	case 'k':
		return append(dst, r.Key...)
	case 't':
		return append(dst, part.Stream...)
	case 'p':
		return append(dst, part.Shard...)
	case 'o':
		return append(dst, r.Sequence...)
	case 'T':
		return strconv.AppendInt(dst, int64(r.Arrival), 10)
	case 'S':
		return strconv.AppendInt(dst, int64(len(data)), 10)
	}
	return append(dst, p.text...)
}
