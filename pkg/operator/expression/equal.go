package expression

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// equal compares any two values. It costs steps where lists or objects are looked through.
func (f *Frame) equal(a, b *record.Value) bool {
	t := TypeOf(a)
	if t != TypeOf(b) {
		return false
	}
	switch t {
	case Nil:
		return true
	case Bool:
		return a.Kind == b.Kind
	case List:
		return f.equalLists(a.Text, b.Text)
	case Object:
		return f.equalObjects(a.Text, b.Text)
	}
	sign, _ := order(a, b)
	return sign == 0
}

func (f *Frame) equalLists(a, b []byte) bool {
	v, w := format.NewWalk(a), format.NewWalk(b)
	for v.Next() {
		if !w.Next() || !f.read(v.Raw) {
			return false
		}
		x, y := f.parse(v.Raw), f.parse(w.Raw)
		if !f.equal(&x, &y) {
			return false
		}
	}
	return !w.Next()
}

func (f *Frame) equalObjects(a, b []byte) bool {
	if format.Length(a) != format.Length(b) {
		return false
	}
	for v := format.NewWalk(a); v.Next(); {
		if !f.read(b) {
			return false
		}
		other := format.Member(b, v.Name)
		if other == nil {
			return false
		}
		x, y := f.parse(v.Raw), f.parse(other)
		if !f.equal(&x, &y) {
			return false
		}
	}
	return true
}
