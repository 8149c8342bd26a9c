package msgpack

import "github.com/kstream/kstream/pkg/format"

// fits reports whether n values of at least one byte each may follow, in depth maps and arrays.
func (r *reader) fits(n uint64, depth int) bool {
	switch {
	case depth > format.MaxDepth:
		r.fail(r.at-1, tooDeep)
	case n > uint64(len(r.in)-r.at):
		r.fail(r.at, "a map or array has more members than the payload has bytes,")
	}
	return r.err == nil
}

func (r *reader) elements(n uint64, depth int) {
	if !r.fits(n, depth) {
		return
	}
	r.put("[")
	for i := uint64(0); i < n && r.err == nil; i++ {
		if i > 0 {
			r.put(",")
		}
		r.value(depth)
	}
	r.put("]")
}

func (r *reader) members(n uint64, depth int) {
	if !r.fits(2*n, depth) {
		return
	}
	wanted := r.wanted
	if r.wanted = nil; wanted != nil {
		r.wantedMembers(n, depth, wanted)
		return
	}
	r.put("{")
	for i := uint64(0); i < n && r.err == nil; i++ {
		if i > 0 {
			r.put(",")
		}
		r.name()
		r.put(":")
		r.value(depth)
	}
	r.put("}")
}

// wantedMembers writes a map's members that are wanted, and only checks the others.
func (r *reader) wantedMembers(n uint64, depth int, wanted format.Members) {
	r.put("{")
	empty := len(r.dst)
	for i := uint64(0); i < n && r.err == nil; i++ {
		name := r.wantedName(wanted)
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
func (r *reader) wantedName(wanted format.Members) (quoted []byte) {
	if r.at < len(r.in) && isShortString(r.in[r.at]) {
		r.at++
		name := r.take(uint64(r.in[r.at-1] & 0x1f))
		return wanted.Plain(name)
	}
	from := len(r.dst)
	r.name()
	name := r.dst[from:]
	r.dst = r.dst[:from]
	return wanted.Quoted(name)
}

// name reads a map's name. A number, true, false and nil get quotes around them; strings, bytes and times have some.
func (r *reader) name() {
	at, from, mute := r.at, len(r.dst), r.mute
	switch {
	case at < len(r.in) && isShortString(r.in[at]):
		r.at++
		r.text(uint64(r.in[at] & 0x1f))
		return
	case at < len(r.in) && (isMap(r.in[at]) || isArray(r.in[at])):
		r.fail(at, "a map has a map or array as a name")
		return
	}
	r.mute = false // what was written tells what it is
	r.dst = append(r.dst, '"')
	r.value(0)
	switch {
	case r.err != nil:
	case r.dst[from+1] == '{':
		r.fail(at, "a map has an extension as a name")
	case r.dst[from+1] == '"':
		r.dst = append(r.dst[:from], r.dst[from+1:]...)
	default:
		r.dst = append(r.dst, '"')
	}
	if r.mute = mute; mute {
		r.dst = r.dst[:from]
	}
}
