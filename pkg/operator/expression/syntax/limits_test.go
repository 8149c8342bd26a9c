package syntax

import (
	"strings"
	"testing"
)

// TestLimits holds that no text takes the stack, or a tree that is far larger than its text.
func TestLimits(t *testing.T) {
	const deep, wide = "nests deeper than 1000", "more than 10000 parts"
	nested := func(open, inner, shut string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
	}
	for _, tt := range []struct{ name, src, want string }{
		{"brackets", nested("(", "a", ")", 1<<16), deep},
		{"open brackets", strings.Repeat("(", 1<<16), deep},
		{"signs", nested("-", "a", "", 1<<16), deep},
		{"negations", nested("not ", "a", "", 1<<16), deep},
		{"lists", nested("[", "a", "]", 1<<16), deep},
		{"objects", nested("{a: ", "a", "}", 1<<16), deep},
		{"calls", nested("f(", "a", ")", 1<<16), deep},
		{"predicates", nested("any(a, ", "#", ")", 1<<16), deep},
		{"indexes", nested("a[", "0", "]", 1<<16), deep},
		{"branches", nested("a ? b : ", "c", "", 1<<16), deep},
		{"else if", nested("if a { b } else ", "{ c }", "", 1<<16), deep},
		{"lets", nested("let a = b; ", "a", "", 1<<16), deep},
		{"powers", nested("a ** ", "a", "", 1<<16), deep},
		{"as deep as may be", nested("(", "a", ")", MaxDepth-1), ""},
		{"one deeper", nested("(", "a", ")", MaxDepth), deep},

		{"sums", nested("a + ", "a", "", 1<<16), wide},
		{"members", nested("", "a", ".a", 1<<16), wide},
		{"pipes", "(a" + nested("", "", " | f()", 1<<16) + ")", wide},
		{"long lists", "[" + nested("1, ", "1", "", 1<<16) + "]", wide},
		{"long objects", "{" + nested("a: 1, ", "a: 1", "", 1<<16) + "}", wide},
		{"as long as may be", "[" + nested("1, ", "1", "", MaxNodes-2) + "]", ""},
		{"one longer", "[" + nested("1, ", "1", "", MaxNodes-1) + "]", wide},
		// What stands in the tree twice counts twice.
		{"doubled by ?:", nested("(", "a", " ?: b)", 40), wide},
		{"doubled by chains", nested("(a < ", "b", " < c)", 40), wide},
		{"not doubled", nested("(a < ", "b", ")", 40), ""},
	} {
		_, faults := Parse(tt.src)
		if got := said(faults); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestTextIsLinear holds that writing a tree down takes no more than its nodes do, however its predicates nest.
func TestTextIsLinear(t *testing.T) {
	src := strings.Repeat("map(a, ", MaxDepth/2) + "({b: 1})" + strings.Repeat(")", MaxDepth/2)
	tree, faults := Parse(src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got := Text(tree); got != src {
		t.Errorf("got %.40s… of %d bytes, want %d", got, len(got), len(src))
	}
}

func TestUnquote(t *testing.T) {
	for _, tt := range []struct {
		quoted, want string
		ok           bool
	}{
		{`"a b"`, "a b", true},
		{`'it''s'`, "", false},
		{`'a"b'`, `a"b`, true},
		{"`a``b\\n`", "a`b\\n", true},
		{`"\t\"\u{1F600}\x41\101"`, "\t\"\U0001F600AA", true},
		{"\"a\rb\"", "a\nb", true},
		{`""`, "", true},
		{`"a" `, "", false},
		{`b"a"`, "", false},
		{`"a`, "", false},
		{`a`, "", false},
		{"", "", false},
		{"\"\xff\"", "", false},
	} {
		if got, ok := Unquote(tt.quoted); ok != tt.ok || ok && got != tt.want {
			t.Errorf("Unquote(%q) = %q, %t, want %q, %t", tt.quoted, got, ok, tt.want, tt.ok)
		}
	}
}
