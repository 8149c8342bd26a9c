package protobuf

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/format"
)

// The span of google.protobuf.Timestamp, the years 1 to 9999, and of Duration, in seconds.
const (
	minTimestamp = -62135596800
	maxTimestamp = 253402300799
	maxDuration  = 315_576_000_000
	billion      = 1_000_000_000
)

// The fields of a google.protobuf.Value, in its order.
const (
	valueNull = iota
	valueNumber
	valueString
	valueBool
	valueStruct
	valueList
)

// known appends a message of google.protobuf that has a form of its own.
func (t *Transcoder) known(dst []byte, m *message, p part, depth int) ([]byte, *Fault) {
	from, fault := t.open(&m.layout, p)
	defer t.close(from)
	if fault != nil {
		return dst, fault
	}
	switch first := t.slots[from]; m.form {
	case timestampForm:
		s, n := t.pair(m, p, from)
		return appendTimestamp(dst, s, n, p)
	case durationForm:
		s, n := t.pair(m, p, from)
		return appendDuration(dst, s, n, p)
	case wrapperForm:
		if first.count == 0 {
			return append(dst, m.fields[0].absent()...), nil
		}
		return t.field(dst, m.fields[0], p, first, depth)
	case structForm, listForm:
		if first.count == 0 {
			return append(dst, m.fields[0].zero...), nil
		}
		return t.field(dst, m.fields[0], p, first, depth)
	case valueForm:
		return t.value(dst, m, p, from, depth)
	case maskForm:
		return t.mask(dst, m.fields[0], p, first)
	default:
		return t.any(dst, m, p, from, depth)
	}
}

// pair returns the seconds and nanoseconds of a Timestamp or Duration.
func (t *Transcoder) pair(m *message, p part, from int) (seconds int64, nanos int32) {
	if s := t.slots[from]; s.count > 0 {
		seconds = int64(p.bits(m.fields[0], int(s.value)))
	}
	if s := t.slots[from+1]; s.count > 0 {
		nanos = int32(p.bits(m.fields[1], int(s.value)))
	}
	return seconds, nanos
}

func appendTimestamp(dst []byte, seconds int64, nanos int32, p part) ([]byte, *Fault) {
	if seconds < minTimestamp || seconds > maxTimestamp || nanos < 0 || nanos >= billion {
		return dst, p.fault(0, "the Timestamp is outside the years 1 to 9999, or its nanoseconds are no part of a second")
	}
	dst = append(dst, '"')
	dst = time.Unix(seconds, int64(nanos)).UTC().AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), nil
}

// appendDuration appends "-1.500s": a fraction has 3, 6 or 9 digits.
func appendDuration(dst []byte, seconds int64, nanos int32, p part) ([]byte, *Fault) {
	if seconds < -maxDuration || seconds > maxDuration || nanos <= -billion || nanos >= billion ||
		seconds > 0 && nanos < 0 || seconds < 0 && nanos > 0 {
		return dst, p.fault(0, "the Duration is longer than 10,000 years, or its nanoseconds don't fit its seconds")
	}
	dst = append(dst, '"')
	if seconds < 0 || nanos < 0 {
		dst, seconds, nanos = append(dst, '-'), -seconds, -nanos
	}
	dst = strconv.AppendInt(dst, seconds, 10)
	if nanos != 0 {
		from := len(dst)
		dst = strconv.AppendInt(dst, int64(nanos)+billion, 10)
		dst[from] = '.' // in place of the billion's 1
		for end := len(dst); string(dst[end-3:]) == "000"; end = len(dst) {
			dst = dst[:end-3]
		}
	}
	return append(dst, 's', '"'), nil
}

func (t *Transcoder) value(dst []byte, m *message, p part, from, depth int) ([]byte, *Fault) {
	for i, f := range m.fields {
		if s := t.slots[from+i]; s.count > 0 && i != valueNull {
			return t.field(dst, f, p, s, depth)
		}
	}
	return append(dst, "null"...), nil
}

// mask appends the paths as one string, with commas between them.
func (t *Transcoder) mask(dst []byte, f *field, p part, s slot) (_ []byte, fault *Fault) {
	if s.count == 0 {
		return append(dst, `""`...), nil
	}
	from, count := len(t.joined), 0
	f.each(p, s, func(at int) {
		path := p.content(at, f.number, f.wire)
		if bad := path.checkText(); bad != nil && fault == nil {
			fault = bad.at(count)
		}
		if count++; count > 1 {
			t.joined = append(t.joined, ',')
		}
		t.joined = append(t.joined, path.b...)
	})
	dst = format.AppendString(dst, t.joined[from:])
	t.joined = t.joined[:from]
	return dst, fault
}

// any appends a message with its type's URL: its fields beside it, or what it reads as in "value" where that is no plain
// object.
func (t *Transcoder) any(dst []byte, m *message, p part, from, depth int) ([]byte, *Fault) {
	urlSlot, valueSlot := t.slots[from], t.slots[from+1]
	url, content := m.fields[0].bytes(p, urlSlot), m.fields[1].bytes(p, valueSlot)
	if len(url.b)+len(content.b) == 0 {
		return append(dst, "{}"...), nil
	}
	if fault := url.checkText(); fault != nil {
		return dst, fault.in(m.fields[0].name)
	}
	dst = format.AppendString(append(dst, `{"@type":`...), url.b)
	inner := t.schema.typeOf(url.b)
	var fault *Fault
	switch {
	case inner == nil:
		dst = base64.StdEncoding.AppendEncode(append(dst, `,"value":"`...), content.b)
		dst = append(dst, '"')
	case depth >= MaxDepth:
		fault = p.fault(0, problemDepth)
	case inner.form <= emptyForm:
		dst, fault = t.members(dst, inner, content, depth+1, true)
	default:
		dst, fault = t.message(append(dst, `,"value":`...), inner, content, depth+1)
	}
	if fault != nil {
		return dst, fault
	}
	return append(dst, '}'), nil
}

// typeOf returns the message that a type's URL names, nil for one that the schema does not know.
func (s *Schema) typeOf(url []byte) *message {
	for i := len(url) - 1; i >= 0; i-- {
		if url[i] == '/' {
			return s.types[string(url[i+1:])]
		}
	}
	return s.types[string(url)]
}
