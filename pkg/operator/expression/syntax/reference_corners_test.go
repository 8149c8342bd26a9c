package syntax

// corners are what the grammar has that people seldom write, right and wrong. FuzzAsExpr begins with them, and so does every
// go test.
var corners = []string{
	// Numbers.
	"0", "00", "08", "1_000", "1__0_", "0x1F", "0XfF", "0o17", "0O7", "0b101", "0B1", "0x", "0b", "0o", "0b2", "0o8", "0x1.8", "0b1e3",
	"1.", "1.e5", ".5", ".5.5", ".5e1", "1e5", "1E+5", "1e-5", "1e", "1e+", "1e999", "1e-999", "12abc", "1.a", "0x1g", "1_x", "_1",
	"9223372036854775807", "9223372036854775808", "0xFFFFFFFFFFFFFFFF", "0x7FFFFFFFFFFFFFFF", "-9223372036854775808", "1..3", "1...3",
	"1....3", "1.5..2.5", ".5..1", "a...b", "1 .. 2 .. 3", "0x1..0x2", "1..", "..1", "5 .a", "5[0]", "5.a", "٣", "1٣", "a٣", "0_x1", ".0x1", "1.0_1", "11E9", "1e21", "1e6", "1e-7", "2.0",

	// Strings.
	`""`, `''`, "``", "`a``b`", "````", "```", "`\\d\n`", "`a\r\nb`", `"a\"b"`, `'a\'b'`, `"\'"`, `'\"'`, `"a'b"`, "\"a\rb\"", "\"a\nb\"", `"\a\b\f\n\r\t\v\\"`,
	`"\x41\101\u0041\u{41}\U00000041"`, `"\xff\377\400\8"`, `"\377"`, `"\400"`, `"\08"`, `"\12"`, `"\u{}"`, `"\u{1F600}"`, `"\u{1F6000}"`,
	`"\u{110000}"`, `"\u{0000041}"`, `"\u{4`, `"\ud83d\ude00"`, `"\U00110000"`, `"\UFFFFFFFF"`, `"\uD8"`, `"\u00"`, `"\x4"`, `"\x4g"`, `"\X41"`, `"\?"`, "\"\\`\"",
	`"\`, `"a`, `'`, "`", `"größe"`, `"\q"`, `b"x"`, `B'x'`, `b "x"`, `ab"x"`, `b"\u0041"`, `b"\xff"`, `b"`, `"a" "b"`, `"a"[0]`, `"a".b`, `{b"x": 1}`,

	// Words, white space, comments.
	"größe", "$env", "_", "a$b", "true", "nil", "false", "True", "true.a", "true(1)", "nil[0]", "-true.a", "-5[0]", "-5.a", "a.true", "a.in", "a?.not", "a.let.if",
	"let", "if", "else", "not", "in", "matches", "a\u00a0+\u2003b", "a\tb", "a // b", "a /* b */ + c", "/* a */", "// a", "a /* b", "a /*/ b", "a /**/ b", "a //", "a\n+\nb",
	"a @ b", "a \\ b", "“a”", "\x00", "a\ufeff", "~a", "", " ", "a b", "a & b", "a &* b", "a <& b", "a === b", "a !== b", "a <> b", "a =* b", "a *& b", "a ! b", "a |& b",

	// Operators, how tightly they bind and to which side.
	"a + b * c ** d ^ e", "a ** b ** c", "(a ** b) ** c", "-a ** b", "(-a) ** b", "2 ** -1", "a - b - c", "a - (b - c)", "a / b % c * d", "- - a", "--a", "!!a", "+-+a", "-!a", "not not a",
	"not a == b", "!a == b", "not (a == b)", "not a in b", "a not in b", "not a not in b", "a not matches b", "a not contains b", "a not startsWith b and c", "a not endsWith b",
	"a not\nin b", "a not /* c */ in b", "a not b", "a not", "a not not in b", "a not == b", "a in b in c", "a + b not in c", "a + b in c + d", "a not in b == c", "a * not b * c", "(a * not b) * c", "a ?? not b ?? c",
	"a == b == c", "a != b < c", "a < b", "a < b < c", "a < b <= c > d >= e", "(a < b) < c", "a < (b < c)", "a < b == c", "a < b in c < d", "1 < x && x < 3", "a < b < c not in d", "a < b | f()",
	"a or b and c", "(a or b) and c", "a || b && c || d", "a and b && c", "a && (b and c)", "a or b || c", "not a and b", "a .. b + c", "(a .. b) .. c", "a .. (b .. c)", "(a ?? b) .. c", "a in 1..3", "a == 1..3",
	"a ?? b", "a ?? b ?? c", "a ?? (b ?? c)", "a ?? b + c", "a + b ?? c", "a + b ?? c + d", "a * b ?? c + d", "a * b ?? c * d", "a ?? b == c", "a == b ?? c", "a ?? b not in c", "a ?? -b", "-a ?? b", "(-a) ?? b", "a ?? b ? c : d", "a ?? b | f()", "a ?? b | f() + c", "a ?? b.c ?? d",

	// Branches, lets, several values.
	"a ? b : c", "a ? b : c ? d : e", "a ? b ? c : d : e", "(a ? b : c) ? d : e", "a ?: b", "a ?: b ?: c", "(a ?: b) ?: c", "a ? : b", "a ? b", "a ? b :", "a ? b : c : d", "a?.5:b", "a ? .5 : b", "a?b:c", "a ? [b] : c", "a ?[b]:c",
	"if a { b } else { c }", "if a { b } else if c { d } else { e }", "if a { b }", "if a { b } else c", "if a { b; c } else { d }", "if a { } else { b }", "if (a) { {b: c} } else { d }", "if a { b } else { c } + 1", "if a { b } else { c } ? d : e",
	"1 + if a { b } else { c }", "(if a { b } else { c }) + 1", "a ? b : if c { d } else { e } ? f : g", "f(if a { b } else { c })", "if let x = a; x { b } else { c }", "if (a, b, c)", "else a",
	"let x = 1; x", "let x = 1; let y = x; x + y", "let x = let y = 1; y; x", "let x = (let y = 1; y); x", "let x = a ? b : let y = 1; y; x", "let x = 1", "let x = 1;", "let x; x", "let = 1; x", "let in = 1; x", "let true = 1; true", "let #x = 1; x",
	"1 + let x = 1; x", "(let x = 1; x) + 1", "-(let x = 1; x)", "(let x = 1; x).a", "f(let x = 1; x, 2)", "[let x = 1; x]", "a ? let x = 1; x : b", "let x = 1; a; b", "a; b", "a;", "a;;", ";a", ";", "(a; b)", "(a;)", "f(a; b)", "map(a, {#; #})",

	// Members and slices.
	"a.b.c", "a . b", "a?.b.c", "a?.b?.c", "(a?.b).c", "a?.[0]", "a?.[0].b", "a?.[1:2]", "a?.b[0]", "a?[0]", "a.", "a?.", "a..b", "a.5", "a.b.5", `a."b"`, "a.(b)", "a[0]", "a[-1]", "a[b][c]", "a[b.c]", "a[b ? c : d]", `a["b"]`, `a["b c"].d`, "a[]", "a[b", "a[b]]", "a[b, c]",
	"a[1:2]", "a[:2]", "a[1:]", "a[:]", "a[::2]", "a[1:2:3]", "a[b ? c : d:e]", "a[b:c ? d : e]", "a[let x = 1; x]", "a[let x = 1; x:]", "(a + b)[1:]", "(a + b).c", "(a ? b : c).d", "(-a).b", "(-1)[0]", "(1).a", "[1, 2][0]", "{a: 1}.a", "f(a).b", "f(a)[0]", "f(a)(b)", "a[0](b)", "(a)(b)", "a.b(c)", "a.b(c).d", "a?.b(c)", "a.b(",

	// Lists and objects.
	"[]", "[1]", "[1,]", "[,]", "[1,,2]", "[1 2]", "[1; 2]", "[", "[1", "]", "{}", "{a: 1}", "{a: 1,}", "{,}", "{a: 1,, b: 2}", "{a}", "{a: }", "{: 1}", "{1: 2, 0x1: 3, 1e: 4}", `{"a b": 1, 'c': 2}`, "{(a): 1}", `{("a"): 1}`, "{(a) + b: 1}", "{(a)(b): 1}", "{in: 1}", `{"in": 1}`, "{true: 1}", "{a: b ? c : d}", "{a:: 1}", "{a: 1}[b]", "{", "}", "{-1: 2}", "{a.b: 1}",

	// Calls, pipes, predicates and elements.
	"f()", "f(a)", "f(a,)", "f(,)", "f(a,,b)", "f(a b)", "f(", "f(a", "f)", "f (a)", "::f(a)", "::true(a)", "a | nil()", "let true = 1; true", "any(a, #true)", "::len(a)", "::f", "::", "a::f()", ":: f (a)", "len(a)", "now()", "in(a, b)", "not(a)", "and(a, b)", "if(a)", "int(a) | f()", "a | f", "a | f()", "a | f(b)", "a | f(b).c", "(a | f(b)).c", "a | f() | g()", "a + b | f()", "a ? b : c | f()", "a | 5", "a |", "| a", "a | | b", "a | not()", "-a | f()", "f(a | g())", "[a | g()]",
	"any(a, # > 1)", "any(a, .b)", "any(a, .b.c[0])", "any(a, #.b)", "any(a, #?.b)", "any(a, ?.b)", "any(a, #[0])", "any(a, . b)", "any(a, .)", "any(a, ..b)", "any(a, #..5)", "any(a, ##)", "any(a, # #)", "any(a, #index > #acc)", "any(a, # index)", "any(a, #1)", "any(a, #in)", "any(a, # in b)", "any(a, {# > 1})", "any(a, {let x = #; x})", "any(a, let x = #; x)", "any(a, #; b)", "any(a, {a: #})", "any(a, ({a: #}))", "any(a, ({a: #}).a)", "any(a, {})", "any(a, {#, #})",
	"any()", "any(a)", "any(a,)", "any(a, #,)", "any(a, #, b)", "any(,)", "any", "any.b", "any[0]", "count(a)", "count(a,)", "count(a, #)", "count()", "sum(a)", "sum(a, #, 1)", "sortBy(a, #)", `sortBy(a, #, "desc")`, `sortBy(a, #, "desc",)`, "sortBy(a, #, #)", "reduce(a, #acc + #)", "reduce(a, #acc + #.b, 0)", "reduce(a, #acc.x)", "reduce(a)",
	"a | any(# > 1)", "a | any()", "a | count()", "a | count(#)", "a | map(.b) | sum()", "a | any", "a | any(b, #)", "a | reduce(#, 0)", "a | reduce(#, 0,)", "any(a | filter(#), #)", "any(a, any(b, # > 1) && #)", "any(a, f(#))", "any(f(#), a)", "all(a, none(b, one(c, filter(d, #))))", "#", ".a", "#a", "f(#)", "-.5", "any(a, -.b)", "any(a, !.b)", "any(a, -.5)", "any(a, .b in .c)", "map(a, [#, .b])", "map(a, # ? .b : .c)", "map(a, .b ?: .c)", "map(a, #)[0]", "find(a, .b).c", "groupBy(a, .b).c",
	"(a", "a)", "((a)", "(a))", "()", "(,)", "a,", "a, b", "a +", "+", "a + * b", "(a +) b", "=", "a = b", "a == = b", "a => b", "a ++ b", "a +++ b", "a ** ** b", "?", "a ?", ":", "a:b", "%", "a % % b", "^", "/", "a / / b",
}
