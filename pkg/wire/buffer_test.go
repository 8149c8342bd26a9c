package wire

import "testing"

// A class holds what is asked of it, and little more.
func TestClassOf(t *testing.T) {
	last := 0
	for n := leastPooled; n <= 64<<20; n += n/97 + 1 {
		class, size := classOf(n)
		if size < n || size-n > n/4 {
			t.Errorf("%d bytes come from a class of %d", n, size)
		}
		if again, same := classOf(size); again != class || same != size {
			t.Errorf("%d bytes are in class %d, given back in %d", size, class, again)
		}
		if class != last && class != last+1 && last != 0 || class >= len(pools) {
			t.Errorf("class %d follows %d", class, last)
		}
		last = class
	}
}
