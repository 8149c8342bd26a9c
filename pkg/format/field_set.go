package format

// fieldSet is a set of a shape's fields by their index.
type fieldSet struct {
	few  [2]uint64
	many []uint64 // in its place for shapes of more than 128 fields, at the cost of an allocation
}

// grow makes room for n fields. It comes before everything else.
func (s *fieldSet) grow(n int) {
	if n > 64*len(s.few) {
		s.many = make([]uint64, n/64+1)
	}
}

func (s *fieldSet) word(i int) *uint64 {
	if s.many != nil {
		return &s.many[i/64]
	}
	return &s.few[i/64]
}

func (s *fieldSet) add(i int)      { *s.word(i) |= 1 << (i % 64) }
func (s *fieldSet) remove(i int)   { *s.word(i) &^= 1 << (i % 64) }
func (s *fieldSet) has(i int) bool { return *s.word(i)&(1<<(i%64)) != 0 }
