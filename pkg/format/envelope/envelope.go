// Package envelope writes a record with all that is known of it as one line of JSON, and reads such lines: what
// `consume -o json` prints and `produce` takes, and what dead letters are.
package envelope

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// timeForm is RFC 3339 with the milliseconds that arrival times have.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

// Append appends the envelope of r, which came from p and whose payload is data, without an end-of-line.
func Append(dst []byte, p *record.Partition, r *record.Record, data []byte) []byte {
	return append(appendFields(dst, p, r, data), '}')
}

// AppendRejected appends the envelope of a dead letter, with the stage that refused it and why, and an end-of-line. One of
// behind key_by has its key, and the window if it is of one; one that a stage made of many records has no position.
func AppendRejected(dst []byte, p *record.Partition, r *record.Rejected) []byte {
	if p.Stream != "" {
		dst = appendFields(dst, p, &r.Record, r.Record.Data)
	} else {
		from := len(dst)
		dst = appendData(dst, r.Record.Data)
		dst[from] = '{' // in the comma's place
	}
	if r.Key != nil {
		dst = append(append(dst, `,"key":`...), r.Key...)
	}
	if r.Start != r.End {
		dst = append(dst, `,"window_start":"`...)
		dst = r.Start.Time().AppendFormat(dst, timeForm)
		dst = append(dst, `","window_end":"`...)
		dst = append(r.End.Time().AppendFormat(dst, timeForm), '"')
	}
	dst = appendString(append(dst, `,"stage":`...), []byte(r.Stage))
	dst = appendString(append(dst, `,"error":`...), []byte(r.Err.Error()))
	return append(dst, '}', '\n')
}

func appendFields(dst []byte, p *record.Partition, r *record.Record, data []byte) []byte {
	dst = appendString(append(dst, `{"stream":`...), []byte(p.Stream))
	dst = appendString(append(dst, `,"shard":`...), []byte(p.Shard))
	dst = appendString(append(dst, `,"sequence":`...), r.Sequence)
	dst = strconv.AppendUint(append(dst, `,"subsequence":`...), uint64(r.Subsequence), 10)
	dst = appendString(append(dst, `,"partition_key":`...), r.Key)
	dst = append(dst, `,"arrival":"`...)
	dst = r.Arrival.Time().AppendFormat(dst, timeForm)
	return appendData(append(dst, '"'), data)
}

// appendData appends JSON as it is, other text as a string, and anything else as base64. The base64 is there too where the
// data alone would not give the payload back to the byte: JSON of several lines, which is written in one, JSON with space around it, and
// a JSON string, which looks like a text.
func appendData(dst, data []byte) []byte {
	switch {
	case !utf8.Valid(data):
		return appendBase64(dst, data)
	case !json.Valid(data):
		return appendString(append(dst, `,"data":`...), data)
	}
	dst = append(dst, `,"data":`...)
	switch {
	case bytes.ContainsAny(data, "\r\n"):
		var line bytes.Buffer
		if err := json.Compact(&line, data); err != nil {
			return append(dst, "null"...) // it has been found valid
		}
		return appendBase64(append(dst, line.Bytes()...), data)
	case data[0] == '"' || isSpace(data[0]) || isSpace(data[len(data)-1]):
		return appendBase64(append(dst, bytes.TrimSpace(data)...), data)
	}
	return append(dst, data...)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

func appendBase64(dst, data []byte) []byte {
	dst = append(dst, `,"data_base64":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, data)
	return append(dst, '"')
}

// appendString appends text as a JSON string; what is not UTF-8 in it becomes the replacement character.
func appendString(dst, text []byte) []byte {
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(string(text)); err != nil {
		return append(dst, `""`...) // a string always encodes
	}
	return append(dst, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}
