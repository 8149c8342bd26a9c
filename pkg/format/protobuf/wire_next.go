package protobuf

import "google.golang.org/protobuf/encoding/protowire"

// next passes the field at i: its value begins at at and ends at end.
func (p part) next(i int) (n protowire.Number, t protowire.Type, at, end int, f *Fault) {
	if tag, at, end := p.short(i); end > 0 {
		return protowire.Number(tag >> 3), protowire.Type(tag & 7), at, end, nil
	}
	if n, t, at, f = p.tag(i); f != nil {
		return 0, 0, i, i, f
	}
	end, f = p.skip(at, n, t)
	return n, t, at, end, f
}

// short passes the commonest fields: a tag and a length of one or two bytes, and numbers. end is 0 for all that takes
// another look, which everything that is wrong does.
func (p part) short(i int) (tag uint32, at, end int) {
	b := p.b
	tag, at = uint32(b[i]), i+1
	if tag >= 0x80 {
		if at >= len(b) || b[at] >= 0x80 {
			return 0, 0, 0
		}
		tag, at = tag&0x7f|uint32(b[at])<<7, at+1
	}
	if tag < 1<<3 || at >= len(b) {
		return 0, 0, 0
	}
	switch protowire.Type(tag & 7) {
	case protowire.VarintType:
		for end = at; end < len(b) && b[end] >= 0x80; end++ {
		}
		if end++; end-at > 9 { // what goes beyond 64 bits has 10 bytes
			return 0, 0, 0
		}
	case protowire.BytesType:
		size := int(b[at])
		end = at + 1 + size
		if size >= 0x80 {
			if at+1 >= len(b) || b[at+1] >= 0x80 {
				return 0, 0, 0
			}
			end = at + 2 + (size&0x7f | int(b[at+1])<<7)
		}
	case protowire.Fixed64Type:
		end = at + 8
	case protowire.Fixed32Type:
		end = at + 4
	}
	if end > len(b) {
		return 0, 0, 0
	}
	return tag, at, end
}
