package protobuf

import "google.golang.org/protobuf/encoding/protowire"

// layout finds fields by their numbers.
type layout struct {
	fields []*field
	oneofs int
	dense  []uint16 // by number: the index in fields, and 1
	sparse map[protowire.Number]int
}

// maxDense is the highest number that is looked up in a list.
const maxDense = 512

func (l *layout) add(f *field) {
	i := len(l.fields)
	l.fields = append(l.fields, f)
	if f.number > maxDense {
		if l.sparse == nil {
			l.sparse = map[protowire.Number]int{}
		}
		l.sparse[f.number] = i
		return
	}
	for len(l.dense) <= int(f.number) {
		l.dense = append(l.dense, 0)
	}
	l.dense[f.number] = uint16(i + 1)
}

// find returns the index of the field of that number, -1 for none.
func (l *layout) find(n protowire.Number) int {
	if int(n) < len(l.dense) {
		return int(l.dense[n]) - 1
	}
	if l.sparse != nil {
		if i, ok := l.sparse[n]; ok {
			return i
		}
	}
	return -1
}

// slot is where a field stands in a message. Fields may stand in any order, scattered and several times.
type slot struct {
	first int32 // the first one's tag
	value int32 // the last one's value
	count int32
}

// slots returns how many slots index needs: one a field and one a oneof.
func (l *layout) slots() int { return len(l.fields) + l.oneofs }

// takes reports whether a value of wire type t is one of f's. Others are passed by like unknown fields, as all libraries do.
func (f *field) takes(t protowire.Type) bool {
	return t == f.wire || f.packable && t == protowire.BytesType
}

// index passes the whole message once and notes where its fields stand. The slots are zero.
func (l *layout) index(p part, slots []slot) *Fault {
	for i := 0; i < len(p.b); {
		n, t, at, end, f := p.next(i)
		k := l.find(n)
		if f != nil {
			if k >= 0 {
				return f.in(l.fields[k].name)
			}
			return f
		}
		if k >= 0 && l.fields[k].takes(t) {
			l.note(k, i, at, slots)
		}
		i = end
	}
	return nil
}

func (l *layout) note(k, tag, value int, slots []slot) {
	if o := l.fields[k].oneof; o >= 0 {
		// The last member of a oneof is the one, and the others never were.
		last := &slots[len(l.fields)+o]
		if last.count != 0 && int(last.first) != k {
			slots[last.first] = slot{}
		}
		last.first, last.count = int32(k), 1
	}
	s := &slots[k]
	if s.count == 0 {
		s.first = int32(tag)
	}
	s.value = int32(value)
	s.count++
}
