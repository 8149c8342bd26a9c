package protobuf

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// part is a message's bytes, and where they begin in the payload: -1 for one that was joined from several places.
type part struct {
	b    []byte
	base int
}

func (p part) fault(i int, problem string) *Fault {
	if p.base < 0 {
		return &Fault{Problem: problem, Offset: -1}
	}
	return &Fault{Problem: problem, Offset: p.base + i}
}

// within returns the bytes from i to end.
func (p part) within(i, end int) part {
	base := p.base
	if base >= 0 {
		base += i
	}
	return part{p.b[i:end:end], base}
}

// varint reads the one at i. A nil fault comes with the place behind it.
func (p part) varint(i int) (v uint64, next int, f *Fault) {
	if i < len(p.b) && p.b[i] < 0x80 {
		return uint64(p.b[i]), i + 1, nil
	}
	return p.longVarint(i)
}

func (p part) longVarint(i int) (v uint64, next int, f *Fault) {
	v, n := protowire.ConsumeVarint(p.b[min(i, len(p.b)):])
	if n < 0 {
		if len(p.b)-i < binary.MaxVarintLen64 {
			return 0, i, p.fault(len(p.b), problemShort)
		}
		return 0, i, p.fault(i, problemVarint)
	}
	return v, i + n, nil
}

// tag reads a field's number and wire type.
func (p part) tag(i int) (n protowire.Number, t protowire.Type, next int, f *Fault) {
	v, next, f := p.varint(i)
	if f != nil {
		return 0, 0, i, f
	}
	if v>>3 == 0 || v>>3 > uint64(protowire.MaxValidNumber) {
		return 0, 0, i, p.fault(i, problemNumber)
	}
	return protowire.Number(v >> 3), protowire.Type(v & 7), next, nil
}

// skip passes the value at i, of the field n.
func (p part) skip(i int, n protowire.Number, t protowire.Type) (end int, f *Fault) {
	switch t {
	case protowire.VarintType:
		_, end, f = p.varint(i)
		return end, f
	case protowire.Fixed32Type:
		end = i + 4
	case protowire.Fixed64Type:
		end = i + 8
	case protowire.BytesType:
		var size uint64
		if size, end, f = p.varint(i); f != nil {
			return i, f
		}
		if size > uint64(len(p.b)-end) {
			return i, p.fault(len(p.b), problemShort)
		}
		return end + int(size), nil
	case protowire.StartGroupType:
		_, end, f = p.group(i, n)
		return end, f
	case protowire.EndGroupType:
		return i, p.fault(i, problemEnd)
	default:
		return i, p.fault(i, problemWire)
	}
	if end > len(p.b) {
		return i, p.fault(len(p.b), problemShort)
	}
	return end, nil
}

// group passes the group of the number n whose fields begin at i: they end at inner, its end tag at end. It keeps the
// numbers of the groups inside in a list of a bounded length, and takes no stack.
func (p part) group(i int, n protowire.Number) (inner, end int, f *Fault) {
	var open [MaxDepth]protowire.Number
	open[0] = n
	for depth := 1; ; {
		if i >= len(p.b) {
			return i, i, p.fault(i, problemNoEnd)
		}
		num, t, next, f := p.tag(i)
		if f != nil {
			return i, i, f
		}
		switch t {
		case protowire.StartGroupType:
			if depth == MaxDepth {
				return i, i, p.fault(i, problemDepth)
			}
			open[depth] = num
			depth++
		case protowire.EndGroupType:
			if depth--; open[depth] != num {
				return i, i, p.fault(i, problemEnd)
			}
			if depth == 0 {
				return i, next, nil
			}
		default:
			if next, f = p.skip(next, num, t); f != nil {
				return i, i, f
			}
		}
		i = next
	}
}

// content returns the bytes of the length-prefixed value or the group at i, which skip has passed.
func (p part) content(i int, n protowire.Number, t protowire.Type) part {
	if t == protowire.StartGroupType {
		inner, _, _ := p.group(i, n)
		return p.within(i, inner)
	}
	size, from, _ := p.varint(i)
	return p.within(from, from+int(size))
}

func (p part) fixed32(i int) uint32 { return binary.LittleEndian.Uint32(p.b[i:]) }
func (p part) fixed64(i int) uint64 { return binary.LittleEndian.Uint64(p.b[i:]) }

// maxPayload is what offsets in 32 bits can point into; Kinesis records end at 10 MiB.
const maxPayload = math.MaxInt32
