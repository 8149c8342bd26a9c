package nearest

import (
	"slices"
	"testing"
)

func TestOf(t *testing.T) {
	names := []string{"filter", "flat_map", "map", "set", "limit", "userId", "n"}
	for _, tt := range []struct{ name, want string }{
		{"fliter", "filter"},
		{"flatmap", "flat_map"},
		{"mpa", "map"},
		{"LIMIT", "limit"},
		{"userid", "userId"},
		{"set", ""},
		{"aggregate", ""},
		{"x", ""},
		{"N", "n"},
		{"nn", "n"},
		{"", ""},
	} {
		if got := Of(tt.name, names); got != tt.want {
			t.Errorf("Of(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSome(t *testing.T) {
	names := []string{"orders-eu", "orders-us", "order", "orders", "logs"}
	for _, tt := range []struct {
		name string
		most int
		want []string
	}{
		{"ordres", 3, []string{"orders", "order"}},
		{"orders-e", 2, []string{"orders-eu", "orders-us"}},
		{"orders-e", 1, []string{"orders-eu"}},
		{"orders", 3, nil},
		{"zebra", 3, nil},
		{"", 3, nil},
	} {
		if got := Some(tt.name, names, tt.most); !slices.Equal(got, tt.want) {
			t.Errorf("Some(%q, %d) = %q, want %q", tt.name, tt.most, got, tt.want)
		}
	}
}
