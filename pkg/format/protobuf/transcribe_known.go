package protobuf

import (
	"bytes"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/format"
)

// typeMember is the member of an Any that says its type.
const typeMember = "@type"

// known writes a message of google.protobuf that has a form of its own.
func (t *Transcriber) known(dst []byte, m *message, raw []byte, depth int) ([]byte, *Fault) {
	switch m.form {
	case timestampForm:
		return t.timestamp(dst, raw)
	case durationForm:
		return t.duration(dst, raw)
	case wrapperForm, structForm, listForm:
		return t.field(dst, m.fields[0], raw, depth)
	case valueForm:
		return t.value(dst, m, raw, depth)
	case maskForm:
		return t.mask(dst, raw)
	default:
		return t.any(dst, m, raw, depth)
	}
}

// appendPair writes the seconds and nanoseconds of a Timestamp or Duration.
func appendPair(dst []byte, seconds, nanos int64) []byte {
	const secondsField, nanosField = 1, 2
	if seconds != 0 {
		dst = protowire.AppendVarint(protowire.AppendTag(dst, secondsField, protowire.VarintType), uint64(seconds))
	}
	if nanos != 0 {
		dst = protowire.AppendVarint(protowire.AppendTag(dst, nanosField, protowire.VarintType), uint64(nanos))
	}
	return dst
}

func (t *Transcriber) timestamp(dst, raw []byte) ([]byte, *Fault) {
	if raw[0] != '"' {
		return dst, wrong("wants a time as RFC 3339, and has %s", kindOf(raw))
	}
	at, err := time.Parse(time.RFC3339Nano, string(t.string(raw)))
	if err != nil || at.Unix() < minTimestamp || at.Unix() > maxTimestamp {
		return dst, wrong("wants a time as RFC 3339 (2006-01-02T15:04:05Z) of the years 1 to 9999")
	}
	return appendPair(dst, at.Unix(), int64(at.Nanosecond())), nil
}

// duration reads "1.5s", or a number of seconds.
func (t *Transcriber) duration(dst, raw []byte) ([]byte, *Fault) {
	text := raw
	if raw[0] == '"' {
		var isSpan bool
		if text, isSpan = bytes.CutSuffix(t.string(raw), []byte("s")); !isSpan {
			text = nil
		}
	}
	const places = 9
	d, ok := parseDigits(text)
	if !ok || d.exponent != 0 || len(d.fraction) > places || len(d.whole) > len("315576000000") {
		return dst, wrong(`wants a span of time: "1.5s", or a number of seconds, of at most 9 decimals and 10,000 years`)
	}
	var seconds, nanos int64
	for _, c := range d.whole {
		seconds = seconds*10 + int64(c-'0')
	}
	for i := range places {
		nanos *= 10
		if i < len(d.fraction) {
			nanos += int64(d.fraction[i] - '0')
		}
	}
	if seconds > maxDuration {
		return dst, wrong("the span of time is longer than 10,000 years")
	}
	if d.negative {
		seconds, nanos = -seconds, -nanos
	}
	return appendPair(dst, seconds, nanos), nil
}

// value writes any JSON as a google.protobuf.Value.
func (t *Transcriber) value(dst []byte, m *message, raw []byte, depth int) ([]byte, *Fault) {
	kind := valueNumber
	switch raw[0] {
	case 'n':
		kind = valueNull
		return append(protowire.AppendTag(dst, m.fields[kind].number, protowire.VarintType), 0), nil
	case '"':
		kind = valueString
	case 't', 'f':
		kind = valueBool
	case '{':
		kind = valueStruct
	case '[':
		kind = valueList
	}
	return t.field(dst, m.fields[kind], raw, depth)
}

func (t *Transcriber) mask(dst, raw []byte) ([]byte, *Fault) {
	if raw[0] != '"' {
		return dst, wrong("wants field paths as one string with commas, and has %s", kindOf(raw))
	}
	const paths = 1
	for text := t.string(raw); len(text) > 0; {
		path, rest, _ := bytes.Cut(text, []byte(","))
		dst = protowire.AppendBytes(protowire.AppendTag(dst, paths, protowire.BytesType), path)
		text = rest
	}
	return dst, nil
}

// any writes an object by the type that its URL names; one of a type that the schema does not know has its bytes in base64.
func (t *Transcriber) any(dst []byte, m *message, raw []byte, depth int) ([]byte, *Fault) {
	if raw[0] != '{' {
		return dst, wrong("wants an object with %q, and has %s", typeMember, kindOf(raw))
	}
	url := format.Member(raw, []byte(typeMember))
	switch {
	case url == nil && format.Length(raw) == 0:
		return dst, nil
	case url == nil:
		return dst, wrong("wants an object with %q, the URL of its type", typeMember)
	case url[0] != '"':
		return dst, wrong("wants the URL of its type, and has %s", kindOf(url)).in(typeMember)
	}
	text := t.string(url)
	if len(text) > 0 {
		dst = protowire.AppendBytes(protowire.AppendTag(dst, m.fields[0].number, protowire.BytesType), text)
	}
	inner := t.schema.typeOf(text)
	if inner != nil && inner.form == plainForm {
		at := len(dst) + protowire.SizeTag(m.fields[1].number)
		dst = append(protowire.AppendTag(dst, m.fields[1].number, protowire.BytesType), 0)
		if depth >= MaxDepth {
			return dst, wrong(problemDepth)
		}
		dst, fault := t.fields(dst, inner, raw, typeMember, depth+1)
		return closeLength(dst, at), fault
	}
	value, fault := onlyValue(raw)
	if fault != nil {
		return dst, fault
	}
	if inner == nil {
		if value == nil {
			return dst, nil
		}
		dst, fault = t.field(dst, m.fields[1], value, depth)
	} else if value != nil {
		at := len(dst) + protowire.SizeTag(m.fields[1].number)
		dst = append(protowire.AppendTag(dst, m.fields[1].number, protowire.BytesType), 0)
		dst, fault = t.message(dst, inner, value, depth+1)
		dst = closeLength(dst, at)
	}
	if fault != nil {
		return dst, fault.in("value")
	}
	return dst, nil
}

// onlyValue returns the member "value" of an Any that has no other but its type.
func onlyValue(raw []byte) (value []byte, fault *Fault) {
	for w := format.NewWalk(raw); w.Next(); {
		switch string(w.Name) {
		case typeMember:
		case "value":
			value = w.Raw
		default:
			return nil, wrong("an Any of this type has %q and %q only", typeMember, "value")
		}
	}
	return value, nil
}
