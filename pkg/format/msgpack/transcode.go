// Package msgpack reads MessagePack as JSON and writes JSON as MessagePack, both in one pass.
//
// Integers are exact, from -2^63 to 2^64-1. A float32 is written in the fewest digits that read back as the same float32.
// What JSON has no form for is a string: bin as base64, the timestamp extension as RFC 3339 in UTC, floats that are no
// numbers as "NaN", "Infinity" and "-Infinity". Any other extension is {"type":5,"data":"base64"}. A map's names that are
// no strings become what their values print as: 7 is "7", nil is "null".
package msgpack

import (
	"encoding/binary"
	"math"

	"github.com/kstream/kstream/pkg/format"
)

func fault(at int, problem string) error {
	return &format.PayloadError{Format: "MessagePack", Offset: at, Problem: problem}
}

const (
	endsEarly = "the payload ends early"
	tooDeep   = "nesting too deep"
)

// Transcoder is a format.Transcoder of payloads that are one MessagePack map. The zero value is ready.
//
// It appends at most ten bytes for each of the payload's, and a few. Strings' bytes that are no UTF-8 become U+FFFD.
type Transcoder struct{}

// AppendJSON is format.Transcoder's.
func (Transcoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	r := reader{dst: dst, in: payload}
	r.document()
	return r.dst, r.err
}

// document reads the whole payload.
func (r *reader) document() {
	if len(r.in) > 0 && !isMap(r.in[0]) {
		r.fail(0, "its value is no map, so it has no fields,")
		return
	}
	r.value(0)
	if r.err == nil && r.at < len(r.in) {
		r.fail(r.at, "something stands behind the map")
	}
}

// reader reads one payload. The first fault stays in err, and nothing is read after it.
type reader struct {
	dst, in []byte
	at      int
	// wanted are the members of the outermost map that are written; nil is all.
	wanted format.Members
	mute   bool // what is read is checked and not written
	err    error
}

func (r *reader) fail(at int, problem string) {
	if r.err == nil {
		r.err = fault(at, problem)
	}
}

// take passes n bytes and returns them, nil where there are fewer.
func (r *reader) take(n uint64) []byte {
	if uint64(len(r.in)-r.at) < n {
		r.fail(len(r.in), endsEarly)
		return nil
	}
	p := r.in[r.at : r.at+int(n)]
	r.at += int(n)
	return p
}

// number passes an unsigned number of size bytes.
func (r *reader) number(size int) uint64 {
	p := r.take(uint64(size))
	switch len(p) {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(p))
	case 4:
		return uint64(binary.BigEndian.Uint32(p))
	case 8:
		return binary.BigEndian.Uint64(p)
	}
	return 0
}

// value reads the value at r.at, which stands in depth maps and arrays.
func (r *reader) value(depth int) {
	if r.at >= len(r.in) {
		r.fail(r.at, endsEarly)
		return
	}
	c := r.in[r.at]
	r.at++
	switch {
	case c < fixMap:
		r.unsigned(uint64(c))
	case c < fixArray:
		r.members(uint64(c&0x0f), depth+1)
	case c < fixStr:
		r.elements(uint64(c&0x0f), depth+1)
	case c < codeNil:
		r.text(uint64(c & 0x1f))
	case c >= negativeFix:
		r.signed(int64(int8(c)))
	default:
		r.long(c, depth)
	}
}

// long reads a value whose first byte c says no more than its type.
func (r *reader) long(c byte, depth int) {
	switch c {
	case codeNil:
		r.put("null")
	case codeFalse:
		r.put("false")
	case codeTrue:
		r.put("true")
	case bin8, bin8 + 1, bin8 + 2:
		r.binary(r.take(r.number(1 << (c - bin8))))
	case ext8, ext8 + 1, ext8 + 2:
		r.extension(r.number(1<<(c-ext8)), depth)
	case fixExt1, fixExt1 + 1, fixExt1 + 2, fixExt1 + 3, fixExt1 + 4:
		r.extension(1<<(c-fixExt1), depth)
	case float32Code:
		r.float(float64(math.Float32frombits(uint32(r.number(4)))), 32)
	case float64Code:
		r.float(math.Float64frombits(r.number(8)), 64)
	case uint8Code, uint8Code + 1, uint8Code + 2, uint8Code + 3:
		r.unsigned(r.number(1 << (c - uint8Code)))
	case int8Code, int8Code + 1, int8Code + 2, int8Code + 3:
		size := 1 << (c - int8Code)
		unused := 64 - 8*size
		r.signed(int64(r.number(size)<<unused) >> unused)
	case str8, str8 + 1, str8 + 2:
		r.text(r.number(1 << (c - str8)))
	case array16, array16 + 1:
		r.elements(r.number(2<<(c-array16)), depth+1)
	case map16, map16 + 1:
		r.members(r.number(2<<(c-map16)), depth+1)
	default:
		r.fail(r.at-1, "a byte that begins no value")
	}
}
