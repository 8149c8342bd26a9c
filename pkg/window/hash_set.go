package window

// hashSet is a set of 64-bit hashes with open addressing. 0 stands for a free slot, and is kept aside. The zero value is
// empty. Its slots never shrink.
type hashSet struct {
	slots   []uint64 // a power of two of them, at most three quarters taken
	n       int      // hashes, 0 included
	hasZero bool
}

// add puts h into the set, and reports whether it is new.
func (s *hashSet) add(h uint64) bool {
	if h == 0 {
		added := !s.hasZero
		if added {
			s.hasZero = true
			s.n++
		}
		return added
	}
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	i := s.find(h)
	if s.slots[i] == h {
		return false
	}
	s.slots[i] = h
	s.n++
	return true
}

// find returns the slot of h, or the free one where it belongs.
func (s *hashSet) find(h uint64) uint64 {
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if s.slots[i] == h || s.slots[i] == 0 {
			return i
		}
	}
}

func (s *hashSet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(8, 2*len(old)))
	for _, h := range old {
		if h != 0 {
			s.slots[s.find(h)] = h
		}
	}
}

// each calls visit with every hash, in no order.
func (s *hashSet) each(visit func(h uint64)) {
	if s.hasZero {
		visit(0)
	}
	for _, h := range s.slots {
		if h != 0 {
			visit(h)
		}
	}
}
