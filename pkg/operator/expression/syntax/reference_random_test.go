package syntax

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// grammar are what each kind of part may be made of. A word in angle brackets stands for a part, ~ for white space, or
// none, or a comment.
var grammar = map[string][]string{
	"expr": {
		"<value>", "<value>", "<value>", "<value>~<op>~<value>", "<expr>~<op>~<expr>", "<expr>~<op>~<expr>~<op>~<expr>", "<sign>~<expr>", "(<expr>)", "<expr>~?~<expr>~:~<expr>",
		"<expr>~?:~<expr>", "let <name>~=~<expr>;~<expr>", "if <expr>~{~<expr>~}~else~{~<expr>~}", "if <expr>~{~<expr>~}~else if <expr>~{~<expr>~}~else~{~<expr>~}", "<expr>~|~<name>(<args>)",
		"<expr>~|~<over>(<body>)", "<expr>~|~count()",
	},
	"value": {
		"<name>", "<name>", "<number>", "<string>", "<constant>", "<name>.<name>", "<value>.<name>", "<value>?.<name>", "<value>?.[<expr>]", "<value>[<expr>]", "<value>[<expr>:<expr>]", "<value>[:<expr>]",
		"<value>[<expr>:]", "<value>[:]", "(<expr>)", "[<args>]", "{<pairs>}", "<name>(<args>)", "<over>(<expr>,~<body>)", "reduce(<expr>,~<body>,~<expr>)", "#", "#acc", "#index", ".<name>", "::<name>(<args>)",
	},
	"op": {
		"+", "-", "*", "/", "%", "**", "^", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??", "..", " and ", " or ", " in ", " not in ", " contains ", " matches ", " startsWith ", " endsWith ", " not contains ",
	},
	"sign":     {"-", "+", "!", "not "},
	"name":     {"a", "b", "user", "größe", "$x", "_", "len", "in", "not", "let", "count", "date"},
	"over":     {"any", "all", "map", "filter", "sortBy", "sum", "count", "find"},
	"body":     {"<expr>", "<expr>", "{~<expr>~}", "{let <name>~=~<expr>;~<expr>}", "({<pairs>})"},
	"number":   {"0", "1", "42", "1_0", "0x1F", "0b1", "2.5", ".5", "1e3", "1.", "08", "9223372036854775807"},
	"string":   {`"a"`, `'b'`, "`c`", `"\n\u0041"`, `"größe"`, `'"'`, "`a``b`", `""`},
	"constant": {"true", "false", "nil"},
	"args":     {"", "<expr>", "<expr>,~<expr>", "<expr>,~<expr>,"},
	"pairs":    {"", "<name>:~<expr>", "<name>:~<expr>,~<string>:~<expr>", "(<expr>):~<expr>,", "<number>:~<expr>"},
}

// random writes a text of the grammar, whose parts nest at most so deep.
func random(r *rand.Rand, part string, depth int) string {
	choices := grammar[part]
	if part == "expr" && depth <= 0 {
		choices = choices[:1]
	}
	if part == "value" && depth <= 0 {
		choices = choices[:5]
	}
	rest := oneOf(r, choices)
	var b strings.Builder
	for rest != "" {
		switch name, after, ok := strings.Cut(rest[1:], ">"); {
		case rest[0] == '~':
			b.WriteString(oneOf(r, []string{"", " ", "", " ", "\n\t", " /* x */ "}))
			rest = rest[1:]
		case rest[0] == '<' && ok && grammar[name] != nil:
			b.WriteString(random(r, name, depth-1))
			rest = after
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return b.String()
}

func oneOf(r *rand.Rand, choices []string) string { return choices[r.IntN(len(choices))] }

const randomTexts = 1000

// TestAsExprAtRandom holds this package to expr over texts of the grammar, the same ones each time.
func TestAsExprAtRandom(t *testing.T) {
	for seed := range uint64(randomTexts) {
		asExpr(t, random(rand.New(rand.NewPCG(seed, 1)), "expr", 4))
	}
}

// TestAsExprOnWrongTexts does so over texts of the grammar with a slip in them: one word left out, said twice or in the
// place of another.
func TestAsExprOnWrongTexts(t *testing.T) {
	for seed := range uint64(randomTexts) {
		r := rand.New(rand.NewPCG(seed, 2))
		words := cut(random(r, "expr", 4))
		switch i := r.IntN(len(words)); r.IntN(3) {
		case 0:
			words[i] = ""
		case 1:
			words[i] += " " + words[i]
		case 2:
			words[i] = words[r.IntN(len(words))]
		}
		asExpr(t, strings.Join(words, " "))
	}
}

// cut returns the words of a text that has been made of the grammar.
func cut(src string) (words []string) {
	l := &lexer{src: src}
	for {
		t := l.next()
		if words = append(words, src[t.From:t.To]); t.kind == end || t.kind == bad {
			return words
		}
	}
}

// FuzzAsExpr holds this package to expr over any text, and that every text comes to an end, with faults inside of it.
func FuzzAsExpr(f *testing.F) {
	for _, src := range corners {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		_, faults := Parse(src)
		for _, fault := range faults {
			if fault.From < 0 || fault.To < fault.From || fault.To > len(src) || fault.Message == "" {
				t.Errorf("%q: the fault is %+v", src, fault)
			}
		}
		asExpr(t, src)
	})
}
