package msgpack

import (
	"encoding/binary"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/literal"
)

// timestamp is the one extension that the specification defines.
const timestamp = -1

// extension reads an extension of n bytes, whose type stands before them. In JSON it is one level deeper.
func (r *reader) extension(n uint64, depth int) {
	at := r.at - 1
	kind := int8(r.number(1))
	data := r.take(n)
	switch {
	case r.err != nil:
	case kind == timestamp:
		r.time(at, data)
	case depth >= format.MaxDepth:
		r.fail(at, tooDeep)
	default:
		r.put(`{"type":`)
		r.signed(int64(kind))
		r.put(`,"data":`)
		r.binary(data)
		r.put("}")
	}
}

// time reads a timestamp in one of its three forms, which its length tells.
func (r *reader) time(at int, data []byte) {
	var seconds, nanos int64
	switch len(data) {
	case 4:
		seconds = int64(binary.BigEndian.Uint32(data))
	case 8:
		both := binary.BigEndian.Uint64(data)
		seconds, nanos = int64(both&(1<<34-1)), int64(both>>34)
	case 12:
		nanos, seconds = int64(binary.BigEndian.Uint32(data)), int64(binary.BigEndian.Uint64(data[4:]))
	default:
		r.fail(at, "a timestamp of a wrong length")
		return
	}
	out, ok := literal.AppendTime(r.dst, seconds, nanos)
	if !ok {
		r.fail(at, "a timestamp beyond what RFC 3339 can write")
	}
	if !r.mute {
		r.dst = out
	}
}
