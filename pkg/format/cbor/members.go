package cbor

import "github.com/kstream/kstream/pkg/format"

// more reports whether another member or element follows behind the first i of those that h announced. It passes a break.
func (r *reader) more(h head, i uint64) bool {
	switch {
	case r.err != nil:
		return false
	case !h.indefinite:
		return i < h.n
	case r.at >= len(r.in):
		r.fail(r.at, endsEarly)
		return false
	case r.in[r.at] == breakByte:
		r.at++
		return false
	}
	return true
}

// fits reports whether n items of at least one byte each may follow.
func (r *reader) fits(n uint64) bool {
	if n > uint64(len(r.in)-r.at) {
		r.fail(r.at, "a map or array has more members than the payload has bytes,")
	}
	return r.err == nil
}

func (r *reader) elements(h head, depth int) {
	if !h.indefinite && !r.fits(h.n) {
		return
	}
	r.put("[")
	for i := uint64(0); r.more(h, i); i++ {
		if i > 0 {
			r.put(",")
		}
		r.value(depth)
	}
	r.put("]")
}

func (r *reader) members(h head, depth int) {
	if !h.indefinite && (!r.fits(h.n) || !r.fits(2*h.n)) {
		return
	}
	wanted := r.wanted
	if r.wanted = nil; wanted != nil {
		r.wantedMembers(h, depth, wanted)
		return
	}
	r.put("{")
	for i := uint64(0); r.more(h, i); i++ {
		if i > 0 {
			r.put(",")
		}
		r.name(depth)
		if r.err == nil {
			r.put(":")
			r.value(depth)
		}
	}
	r.put("}")
}

// wantedMembers writes a map's members that are wanted, and only checks the others.
func (r *reader) wantedMembers(h head, depth int, wanted format.Members) {
	r.put("{")
	empty := len(r.dst)
	for i := uint64(0); r.more(h, i); i++ {
		name := r.wantedName(depth, wanted)
		if r.mute = name == nil; !r.mute {
			if len(r.dst) > empty {
				r.put(",")
			}
			r.dst = append(append(r.dst, name...), ':')
		}
		if r.err == nil {
			r.value(depth)
		}
		r.mute = false
	}
	r.put("}")
}

// wantedName passes a member's name and returns it as JSON has it, nil where nobody wants it. Most names need not be made
// for that.
func (r *reader) wantedName(depth int, wanted format.Members) (quoted []byte) {
	at := r.at
	if h := r.head(); r.err == nil && h.major == majorText && !h.indefinite {
		name := r.take(h.n)
		return wanted.Plain(name)
	}
	r.at = at
	from := len(r.dst)
	r.name(depth)
	name := r.dst[from:]
	r.dst = r.dst[:from]
	return wanted.Quoted(name)
}

// name reads a map's name. A number, true, false and null get quotes around them; text, bytes and times have some.
func (r *reader) name(depth int) {
	at, from, mute := r.at, len(r.dst), r.mute
	if at < len(r.in) && r.in[at]>>5 == majorText {
		r.value(depth)
		return
	}
	r.mute = false // what was written tells what it is
	r.dst = append(r.dst, '"')
	r.value(depth)
	switch {
	case r.err != nil:
	case r.dst[from+1] == '{' || r.dst[from+1] == '[':
		r.fail(at, "a map has a map or array as a name")
	case r.dst[from+1] == '"':
		r.dst = append(r.dst[:from], r.dst[from+1:]...)
	default:
		r.dst = append(r.dst, '"')
	}
	if r.mute = mute; mute {
		r.dst = r.dst[:from]
	}
}
