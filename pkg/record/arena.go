package record

// maxBlock is the most that an arena takes at once, and what it keeps for the next batch: four slices' worth.
const maxBlock = 4 << 20

// arena is the bytes of a batch. What is kept never moves and is never copied to make room: a block that is full stays
// alive through the slices into it, and a new one is begun. So as many bytes are alive as were kept, and little more.
type arena struct {
	block []byte // what is being filled
	free  []byte // its rest, of length 0
	size  int    // the bytes kept, of all blocks
}

// kept takes over what was appended to a copy of a.free, of which the first from bytes are not wanted.
func (a *arena) kept(appended []byte, from int) []byte {
	part := appended[from:len(appended):len(appended)]
	a.size += len(part)
	if sameArray(appended, a.free) {
		a.free = appended[len(appended):]
	} else if len(appended) < maxBlock { // it did not fit and is an array of its own; a huge one says nothing of the next
		a.block = make([]byte, 0, min(maxBlock, max(4096, 2*a.size)))
		a.free = a.block
	}
	return part
}

// reset has the next batch fill the last block anew.
func (a *arena) reset() { a.free, a.size = a.block, 0 }

// sameArray reports whether p and q begin at the same place of one array.
func sameArray(p, q []byte) bool { return cap(p) > 0 && cap(q) > 0 && &p[:1][0] == &q[:1][0] }
