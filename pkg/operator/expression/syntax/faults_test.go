package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// TestFaults holds what a person reads of an expression that is none: which bytes of it, what is wrong, and what to try.
func TestFaults(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"a = 5", "2-3: = sets a field and can't stand here // == compares"},
		{"a === 5", "4-5: = can't stand here // == compares, != is unequal, <= and >= order"},
		{"a => b", "2-3: => is not part of the language // at least is >=; inside of any(list, # > 1) the element is #"},
		{"a <> b", "3-4: > can't stand here // != is unequal"},
		{"a & b", "2-3: & can't stand here // && is and"},
		{"a ! b", "2-3: ! can't stand here // != is unequal"},
		{"a AND b", `2-5: "AND" can't stand here // did you mean and?`},
		{"a IS nil", `2-4: "IS" can't stand here // x == nil asks for what is missing`},
		{"status >= 500 error", `14-19: "error" can't stand here // an operator is missing in front of it`},
		{"f(a b)", `4-5: "b" can't stand here // an operator or , is missing in front of it`},
		{"f(a", "3-3: the expression ends too early // ) is missing here"},
		{"(a", "2-2: the expression ends too early // ) is missing here"},
		{"x in (1, 2)", "7-8: , can't stand here // several values are a list: [a, b]"},
		{"[1 2", "3-4: 2 can't stand here // an operator or , is missing in front of it"},
		{"[1, 2", "5-5: the expression ends too early // ] is missing here"},
		{"{a: 1", "5-5: the expression ends too early // } is missing here"},
		{"{a}", `2-3: } can't stand here // such as: {name: a, "two words": b}`},
		{"{in: 1}", `1-3: "in" can't stand here // a name that is a word of the language stands in quotes: {"in": a}`},
		{"{-1: 2}", "1-2: - can't stand here // a name has to stand here"},
		{"a.", `2-2: the expression ends too early // a name has to stand here; one in quotes stands in brackets: user["first name"]`},
		{"a.b.5", "3-5: .5 can't stand here // an element of a list is taken in brackets: list[5]"},
		{`a."b c"`, `2-7: this string can't stand here // a name has to stand here; one in quotes stands in brackets: user["first name"]`},
		{"a[1", "3-3: the expression ends too early // ] is missing here"},
		{"a[1 2]", "4-5: 2 can't stand here // an operator or ] is missing in front of it"},
		{"a[]", "2-3: ] can't stand here // a value is missing in front of it"},
		{`a "x"`, "2-5: this string can't stand here // an operator is missing in front of it"},
		{"'it''s'", `4-7: this string can't stand here // a quote in a string is \'`},
		{"NOT a", `4-5: "a" can't stand here // did you mean not?`},
		{`any(a, . == "b")`, "9-11: == can't stand here // the element itself is #, a member of it #.name or .name"},
		{"a[0](b)", "4-5: ( can't stand here // an operator is missing in front of it"},
		{"(a))", "3-4: ) can't stand here // it closes nothing"},
		{"a, b", "1-2: , can't stand here"},
		{"a * / b", "4-5: / can't stand here // a value is missing in front of it"},
		{"a +", "3-3: the expression ends too early // a value is missing here"},
		{"not", "3-3: the expression ends too early // a value is missing here"},
		{"", "0-0: the expression ends too early // a value is missing here"},
		{"in == 5", `0-2: "in" can't stand here // a field of that name is this["in"]`},
		{"in(a)", `0-2: in is no function // it stands between two values: a in "b"`},
		{"else", `0-4: "else" can't stand here // a field of that name is this["else"]`},
		{"let x", "5-5: the expression ends too early // a let gives a value a name for what stands behind it: let x = a + b; x * 2"},
		{"let 5 = 1; x", "4-5: 5 can't stand here // a let gives a value a name for what stands behind it: let x = a + b; x * 2"},
		{"let x = 5", "9-9: the expression ends too early // a let gives a value a name for what stands behind it: let x = a + b; x * 2"},
		{"x + let y = 1; y", `4-7: "let" can't stand here // it begins an expression, or stands in brackets; a field of that name is this["let"]`},
		{"if a { b }", "10-10: the expression ends too early // such as: if a > 5 { b } else { c }, or a > 5 ? b : c"},
		{"if a { b } else { c } + 1", "22-23: + can't stand here"},
		{"a : b", "2-3: : can't stand here // such as: a > 5 ? b : c"},
		{"a ? b", "5-5: the expression ends too early // such as: a > 5 ? b : c"},
		{"a not b", `2-5: "not" can't stand here // not stands in front of a value, or of in, contains, startsWith, endsWith and matches`},
		{"# > 1", "0-1: # can't stand here // it is the element inside of any(…), filter(…), map(…) and their like"},
		{"len(.a)", "4-5: . can't stand here // it is the element inside of any(…), filter(…), map(…) and their like"},
		{"any(a)", "5-6: an argument is missing // such as: any(list, # > 1)"},
		{"any(a, .b, .c)", "9-10: any takes at most 2 arguments"},
		{"map(a, {x: #})", "9-10: : can't stand here // an object here stands in brackets: map(list, ({name: #}))"},
		{"map(a, #; #)", "8-9: ; can't stand here // a let in a predicate may stand in braces: map(list, {let x = #; x * x})"},
		{"a ?? b == c", "7-9: ?? and == need brackets to say which comes first // such as: (a ?? b) == c"},
		{"a ?? b not in c", "7-13: ?? and not in need brackets to say which comes first // such as: (a ?? b) not in c"},
		{"(a | b)", "6-7: ) can't stand here // a function takes its arguments in brackets: lower(name)"},
		{"(a | 5)", "5-6: 5 can't stand here // behind | stands a function with its brackets: (name | lower())"},
		{"::5", "2-3: 5 can't stand here // a function has to stand here: ::len(list)"},
		{"a; b; c", "1-2: an expression is one value: what stands before the ; does nothing"},
		{"a.lower() + b.upper(c)", "2-7: values have no methods // functions take their value in brackets: lower(name)\n14-19: values have no methods // functions take their value in brackets: lower(name)"},
		{`b"x"`, `0-4: byte strings are not part of the language // write "…"`},
		{"12abc", "0-5: 12abc is no number"},
		{"0x", "0-2: 0x is no number"},
		{"1e", "0-2: 1e is no number"},
		{"99999999999999999999", "0-20: the number is beyond 64-bit integers"},
		{"1e999", "0-5: the number is beyond 64-bit floats"},
		{`"a\d"`, "2-4: \\d is no escape // a backslash itself is \\\\; a string in back quotes has no escapes: `\\d+`"},
		{`"\ud83d\ude00"`, `1-7: \ud83d is half of a character // write it whole: "\u{1F600}"`},
		{`"\U00110000"`, `1-11: \U00110000 is beyond the last character`},
		{`"a`, "0-2: this string is never closed"},
		{"'a\nb", "0-2: this string is never closed // a string ends on its line, but for one in `…`"},
		{"`a", "0-2: this string is never closed"},
		{"a /* b", "2-4: this comment is never closed"},
		{"a @ b", "2-3: @ is not part of the language"},
		{"“a”", `0-3: “ is not part of the language // a string stands in "…", '…' or back quotes`},
		{"a\u200bb", "1-4: the character U+200B is not part of the language"},
		{`größe == "ä" ö`, `16-18: "ö" can't stand here // an operator is missing in front of it`},
	} {
		_, faults := Parse(tt.src)
		if got := said(faults); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.src, got, tt.want)
		}
	}
}

func said(faults []Fault) string {
	var lines []string
	for _, f := range faults {
		line := fmt.Sprintf("%d-%d: %s", f.From, f.To, f.Message)
		if f.Hint != "" {
			line += " // " + f.Hint
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// TestReadingGoesOn holds that what is read but not part of the language does not hide what is wrong behind it, and leaves a
// tree for whoever looks for more.
func TestReadingGoesOn(t *testing.T) {
	const src = `a.lower() == b"x"; lowr(b)`
	tree, faults := Parse(src)
	if len(faults) != 3 || tree == nil || Text(tree) != "lowr(b)" {
		t.Errorf("got %v and the tree %v", faults, tree)
	}
	if tree, faults = Parse(src + " +"); len(faults) != 4 || tree != nil {
		t.Errorf("got %v and the tree %v, want one more fault and no tree", faults, tree)
	}
}
