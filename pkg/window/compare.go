package window

import (
	"bytes"
	"cmp"
	"math"

	"github.com/kstream/kstream/pkg/record"
)

// compare orders values: false, true, numbers, times, strings, lists, objects. Numbers go by value, whether Int or Float,
// without rounding either; times by time; the others by their bytes, which for strings is the order of code points. Numbers
// may be equal that are written in different ways: 1 and 1.0.
func compare(a, b *record.Value) int {
	if a.Kind == record.Int && b.Kind == record.Int { // what most numbers are
		return compareNumbers(a, b)
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a.Kind {
	case record.Int, record.Float:
		return compareNumbers(a, b)
	case record.Time:
		s, _ := a.Time()
		t, _ := b.Time()
		return s.Compare(t)
	}
	return bytes.Compare(a.Text, b.Text)
}

// compareExactly is compare, but equal only for values that go out as the same bytes.
func compareExactly(a, b *record.Value) int {
	if c := compare(a, b); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Kind, b.Kind); c != 0 || a.Kind != record.Float {
		return c
	}
	if c := bytes.Compare(a.Text, b.Text); c != 0 {
		return c
	}
	f, _ := a.Float()
	g, _ := b.Float()
	return cmp.Compare(math.Float64bits(f), math.Float64bits(g)) // 0 and -0
}

func rank(v *record.Value) int {
	switch v.Kind {
	case record.False:
		return 1
	case record.True:
		return 2
	case record.Int, record.Float:
		return 3
	case record.Time:
		return 4
	case record.String:
		return 5
	case record.List:
		return 6
	case record.Object:
		return 7
	}
	return 0
}

func compareNumbers(a, b *record.Value) int {
	n, whole := a.Int()
	m, wholeToo := b.Int()
	switch {
	case whole && wholeToo:
		return cmp.Compare(n, m)
	case whole:
		g, _ := b.Float()
		return compareMixed(n, g)
	case wholeToo:
		f, _ := a.Float()
		return -compareMixed(m, f)
	}
	f, _ := a.Float()
	g, _ := b.Float()
	return cmp.Compare(f, g)
}

// compareMixed compares exactly: as floats, 2^53 and 2^53+1 would be equal to the same number and not to each other.
func compareMixed(n int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case !(f >= -1<<63): // NaN too, which stands before all numbers
		return 1
	}
	whole := math.Trunc(f)
	if c := cmp.Compare(n, int64(whole)); c != 0 {
		return c
	}
	return cmp.Compare(whole, f)
}
