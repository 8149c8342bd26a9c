package protobuf

import (
	"math"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// The times that a record.Value holds: nanoseconds since 1970 in 64 bits.
const (
	minNanoTime = math.MinInt64/billion + 1
	maxNanoTime = math.MaxInt64/billion - 1
)

// zeroValue returns what the field is where the wire leaves it out: Missing for one with presence.
func (f *field) zeroValue() record.Value {
	switch {
	case f.zero == nil:
		return record.Value{}
	case f.mapped:
		return record.Value{Kind: record.Object, Text: f.zero}
	case f.list:
		return record.Value{Kind: record.List, Text: f.zero}
	}
	return f.absentValue()
}

// absentValue returns a scalar's zero.
func (f *field) absentValue() record.Value {
	switch f.kind {
	case protoreflect.BoolKind:
		return record.BoolValue(false)
	case protoreflect.StringKind, protoreflect.BytesKind:
		return record.Value{Kind: record.String}
	case protoreflect.EnumKind:
		return f.enum.value(0)
	}
	return record.IntValue(0)
}

func (e *enum) value(n protoreflect.EnumNumber) record.Value {
	if e.null {
		return record.Value{Kind: record.Null}
	}
	if name := e.byNumber[n]; name != nil {
		return record.Value{Kind: record.String, Text: name[1 : len(name)-1]}
	}
	return record.IntValue(int64(n))
}

// value reads a field that is there.
func (r *FieldReader) value(f *field, p part, s slot, depth int) (record.Value, *Fault) {
	switch {
	case f.list || f.mapped:
		text, fault := r.keep(func(dst []byte) ([]byte, *Fault) { return r.t.field(dst, f, p, s, depth) })
		if f.mapped {
			return record.Value{Kind: record.Object, Text: text}, fault
		}
		return record.Value{Kind: record.List, Text: text}, fault
	case f.message != nil:
		return r.object(f.message, r.part(f, p, s), depth+1)
	}
	return r.scalar(f, p, int(s.value))
}

// object reads a whole message as one value.
func (r *FieldReader) object(m *message, p part, depth int) (record.Value, *Fault) {
	switch m.form {
	case timestampForm:
		if v, ok := r.time(m, p); ok {
			return v, nil
		}
	case wrapperForm:
		from, fault := r.t.open(&m.layout, p)
		defer r.t.close(from)
		if fault != nil {
			return record.Value{}, fault
		}
		if s := r.t.slots[from]; s.count > 0 {
			return r.scalar(m.fields[0], p, int(s.value))
		}
		return m.fields[0].absentValue(), nil
	}
	text, fault := r.keep(func(dst []byte) ([]byte, *Fault) { return r.t.message(dst, m, p, depth) })
	if fault != nil {
		return record.Value{}, fault
	}
	return format.Parse(text, r.arena), nil
}

// time reads a Timestamp; ok is false for one that is broken, or that a record.Time can't hold.
func (r *FieldReader) time(m *message, p part) (v record.Value, ok bool) {
	from, fault := r.t.open(&m.layout, p)
	defer r.t.close(from)
	if fault != nil {
		return v, false
	}
	seconds, nanos := r.t.pair(m, p, from)
	if seconds < minNanoTime || seconds > maxNanoTime || nanos < 0 || nanos >= billion {
		return v, false
	}
	return record.TimeValue(time.Unix(seconds, int64(nanos))), true
}

// scalar reads the value at byte at.
func (r *FieldReader) scalar(f *field, p part, at int) (record.Value, *Fault) {
	switch f.kind {
	case protoreflect.StringKind:
		text := p.content(at, f.number, f.wire)
		return record.Value{Kind: record.String, Text: text.b}, text.checkText()
	case protoreflect.BytesKind:
		return r.parsed(f, p, at)
	}
	switch bits := p.bits(f, at); f.kind {
	case protoreflect.BoolKind:
		return record.BoolValue(bits != 0), nil
	case protoreflect.EnumKind:
		return f.enum.value(protoreflect.EnumNumber(int32(bits))), nil
	case protoreflect.DoubleKind:
		return r.double(f, p, at, math.Float64frombits(bits))
	case protoreflect.FloatKind:
		if v := math.Float32frombits(uint32(bits)); v == float32(int32(v)) && v != 0 && v < 1<<24 && v > -1<<24 {
			return record.IntValue(int64(v)), nil
		}
		return r.parsed(f, p, at) // 0.1 is that of 32 bits, and compares as the 0.1 that the JSON has
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if bits > math.MaxInt64 {
			return r.parsed(f, p, at)
		}
		return record.IntValue(int64(bits)), nil
	default:
		return record.IntValue(int64(bits)), nil
	}
}

// double reads 3.0 as the 3 that the JSON has. What JSON has no number for, and what has digits of its own, is read out of
// the JSON.
func (r *FieldReader) double(f *field, p part, at int, v float64) (record.Value, *Fault) {
	const exact = 1 << 53
	switch {
	case v == 0 || v != v || math.Abs(v) >= exact:
		return r.parsed(f, p, at)
	case v == math.Trunc(v):
		return record.IntValue(int64(v)), nil
	}
	return record.FloatValue(v), nil
}

// parsed reads the value out of what the Transcoder makes of it.
func (r *FieldReader) parsed(f *field, p part, at int) (record.Value, *Fault) {
	text, fault := r.keep(func(dst []byte) ([]byte, *Fault) { return r.t.scalar(dst, f, p, at) })
	if fault != nil {
		return record.Value{}, fault
	}
	return format.Parse(text, r.arena), nil
}
