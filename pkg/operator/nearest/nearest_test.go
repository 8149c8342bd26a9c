package nearest

import "testing"

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
