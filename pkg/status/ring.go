package status

// ring keeps the last values that were added.
type ring[T any] struct {
	values []T
	next   int // where the next goes, once it is full
}

func newRing[T any](size int) ring[T] { return ring[T]{values: make([]T, 0, size)} }

func (r *ring[T]) add(v T) {
	if len(r.values) < cap(r.values) {
		r.values = append(r.values, v)
		return
	}
	r.values[r.next] = v
	r.next = (r.next + 1) % len(r.values)
}

// all returns a copy of them, the oldest first.
func (r *ring[T]) all() []T {
	list := make([]T, 0, len(r.values))
	return append(append(list, r.values[r.next:]...), r.values[:r.next]...)
}

// last returns the youngest; ok is false where there is none.
func (r *ring[T]) last() (v T, ok bool) {
	n := len(r.values)
	if n == 0 {
		return v, false
	}
	return r.values[(r.next+n-1)%n], true
}
