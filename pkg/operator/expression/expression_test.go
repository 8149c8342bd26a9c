package expression

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// fields is Names over a JSON document that nothing has changed.
type fields struct {
	projection *format.Projection
	slots      int
}

func (n *fields) Field(p format.Path) Eval {
	n.projection.Want(p, n.slots)
	n.slots++
	return Slot(n.slots - 1)
}

func (n *fields) NoMeta() string { return "" }

// tables are those of every test.
var tables = map[string]map[string][]byte{"customers": {
	"a": []byte(`{"tier":"gold"}`), "7": []byte(`{"tier":"silver"}`), "long": []byte(`"` + strings.Repeat(`\n`, 1<<15) + `"`),
}}

func (n *fields) Table(name string) Lookup {
	rows, ok := tables[name]
	if !ok {
		return nil
	}
	return func(key []byte) []byte { return rows[string(key)] }
}

func (n *fields) Env(name string) string {
	return map[string]string{"REDACT_KEY": "secret", "BROKEN": "secret(", "EMPTY": ""}[name]
}

func (n *fields) Absent(format.Path) (string, bool) { return "", false }

func (n *fields) Whole() Eval {
	n.projection.WantWhole(n.slots)
	n.slots++
	return Slot(n.slots - 1)
}

// evaluate runs src over one document.
func evaluate(t testing.TB, src, doc string) (v record.Value, mismatch bool, err error) {
	t.Helper()
	n := &fields{projection: format.NewProjection()}
	p, faults := Compile(src, n)
	if len(faults) > 0 {
		t.Fatalf("compiling %s: %v", src, faults)
	}
	b := record.NewBatch(n.slots)
	b.Fill(&record.Partition{Stream: "logs", Shard: "shardId-000000000007"}, []record.Record{{
		Data: []byte(doc), Key: []byte("pk"), Sequence: []byte("49"), Subsequence: 3, Arrival: 1_700_000_000_123,
	}})
	b.Now = 1_700_000_002_123
	r := &b.Records[0]
	if err := n.projection.Projector().Project(r.Data, b, b.Row(r)); err != nil {
		t.Fatal(err)
	}
	var f Frame
	v, err = p.Run(&f, b, r)
	return v, f.Mismatch, err
}

const doc = `{"n":7,"f":2.5,"s":"Grüße, \u0057elt","t":true,"no":false,"nul":null,"big":9007199254740993,
"min":-9223372036854775808,"max":9223372036854775807,"huge":18446744073709551616,"inf":1e999,"zero":0,
"list":[1,"two",null,4.0,[5]],"empty":[],"o":{"a":1,"b":{"c":"d"},"":0},"items":[{"p":5,"k":"x"},{"p":15,"k":"y"},{"k":"x"}],
"nums":[3,1,2],"type":"T","count":1,"date":"D","now":"N","len":"L","user-agent":"UA","meta":"own","x.y":"dotted","x.y.z":"far",
"at":"2024-05-01T10:00:00.5+02:00","ms":1714550400123}`

// TestRules holds every sentence on expressions of the design: what they give, or that they fail, and what is counted.
func TestRules(t *testing.T) {
	const counted = " (counted)"
	for _, tt := range []struct{ src, want string }{
		// A name before ( is a function; every other name is a field.
		{`type + string(count) + date + now + len`, `"T1DNL"`},
		{`type(type)`, `"string"`},
		{`len("abc")`, `3`},
		{`this["user-agent"]`, `"UA"`},
		{`this["meta"]`, `"own"`},
		{`this["x.y"]`, `"dotted"`},
		{`x.y`, `"dotted"`},
		{`x.y.z`, `null`}, // x.y is there, and has no z
		{`o.b.c`, `"d"`},
		{`o["b"].c`, `"d"`},
		{`o?.b?.c`, `"d"`},
		{`this.o.a`, `1`},
		{`o[""]`, `0`},
		{`meta.stream + "/" + meta.shard`, `"logs/shardId-000000000007"`},
		{`[meta.sequence, meta.subsequence, meta.key, meta.lag]`, `["49",3,"pk",2]`},
		{`meta.arrival`, `"2023-11-14T22:13:20.123Z"`},

		// == and != and in never fail.
		{`missing == nil`, `true`},
		{`nul == nil`, `true`},
		{`missing == nul`, `true`},
		{`missing != "a"`, `true`},
		{`n == nil`, `false`},
		{`n == "7"`, `false`},
		{`n == 7.0`, `true`},
		{`t == true`, `true`},
		{`o == {b: {c: "d"}, "": 0, a: 1.0}`, `true`},
		{`list == [1, "two", nil, 4, [5]]`, `true`},
		{`list == [1, "two"]`, `false`},
		{`missing in [1, nil]`, `true`},
		{`n in missing`, `false`},
		{`n in [1, "7"]`, `false`},
		{`4 in list`, `true`},
		{`"a" in o`, `true`},
		{`"z" in o`, `false`},
		{`n not in [7]`, `false`},
		{`n in 1..7`, `true`},
		{`f in 1..7`, `false`},
		{`s in 1..7`, `false`},
		{`"Gr" in s`, `false`},

		// Ordering and string operators on nil or a wrong type are false, and counted.
		{`missing > 5`, `false` + counted},
		{`missing < 5`, `false` + counted},
		{`!(missing > 5)`, `true` + counted},
		{`s > 5`, `false` + counted},
		{`list > 5`, `false` + counted},
		{`n > 5`, `true`},
		{`1 < f < 3`, `true`},
		{`s > "A"`, `true`},
		{`missing contains "a"`, `false` + counted},
		{`n startsWith "7"`, `false` + counted},
		{`s endsWith missing`, `false` + counted},
		{`nul matches "a"`, `false` + counted},
		{`s contains "üß"`, `true`},
		{`s startsWith "Gr"`, `true`},
		{`s endsWith "Welt"`, `true`},
		{`s matches "^Gr.+t$"`, `true`},
		{`missing != nil && missing > 5`, `false`},

		// A member, index or function of nil is nil; an index past the end is nil.
		{`missing.a.b`, `null`},
		{`nul.a`, `null`},
		{`n.a`, `null`},
		{`missing[0]`, `null`},
		{`list[0]`, `1`},
		{`list[-1]`, `[5]`},
		{`list[5]`, `null`},
		{`list[-6]`, `null`},
		{`list[4][0]`, `5`},
		{`list[n]`, `null`},
		{`s[1]`, `"r"`},
		{`s[99]`, `null`},
		{`o[missing]`, `null`},
		{`lower(missing)`, `null`},
		{`len(nul)`, `null`},
		{`int(missing)`, `null`},
		{`any(missing, # > 1)`, `null`},
		{`missing[1:2]`, `null`},
		{`max(missing, 1)`, `null`},
		{`missing ?? "default"`, `"default"`},
		{`nul ?? missing ?? 3`, `3`},
		{`no ?? true`, `false`},
		{`type(missing)`, `"nil"`},

		// What else fails is the record's error.
		{`int("x")`, `error: int: the string is no integer`},
		{`int("9223372036854775808")`, `error: int: the string is beyond 64-bit integers`},
		{`int(huge)`, `error: int: the number is beyond 64-bit integers`},
		{`float("x")`, `error: float: the string is no number`},
		{`max + 1`, `error: + goes beyond 64-bit integers`},
		{`min - 1`, `error: - goes beyond 64-bit integers`},
		{`-min`, `error: - goes beyond 64-bit integers`},
		{`abs(min)`, `error: - goes beyond 64-bit integers`},
		{`max * 2`, `error: * goes beyond 64-bit integers`},
		{`min * -1`, `error: * goes beyond 64-bit integers`},
		{`min / -1`, `error: / goes beyond 64-bit integers`},
		{`2 ** 63`, `error: ** goes beyond 64-bit integers`},
		{`huge + 1`, `error: + got an integer beyond 64 bits`},
		{`inf * 2`, `error: the result of * is no number`},
		{`n / zero`, `error: division by zero`},
		{`n % zero`, `error: division by zero`},
		{`missing + 1`, `error: + needs numbers, got nil (x ?? 0 gives a default)`},
		{`s + 1`, `error: + needs two numbers or two strings, got a string and a number`},
		{`lower(n)`, `error: lower needs a string, got a number`},
		{`n && t`, `error: && needs true or false, got a number`},
		{`must(missing)`, `error: must got nil`},
		{`must(n)`, `7`},
		{`any(n, # > 1)`, `error: any needs a list, got a number`},
		{`date("soon")`, `error: date: the string is no time in any of the common layouts`},
		{`fromJSON("{")`, `error: fromJSON: the string is not JSON: the document ends early at byte 1`},

		// Logic: nil is false.
		{`!missing`, `true`},
		{`missing || t`, `true`},
		{`t and not no`, `true`},
		{`missing ? 1 : 2`, `2`},
		{`t ? 1 : missing + 1`, `1`},
		{`if t { 1 } else { 2 }`, `1`},

		// Integers of 64 bits are exact.
		{`big`, `9007199254740993`},
		{`big + 0`, `9007199254740993`},
		{`big / 1`, `9007199254740993`},
		{`big == 9007199254740992`, `false`},
		{`big > 9007199254740992.0`, `true`},
		{`huge`, `18446744073709551616`},
		{`huge > max`, `true`},
		{`huge == 18446744073709551616.0`, `true`},
		{`max == 9223372036854775807`, `true`},
		{`max < 9223372036854775808.0`, `true`},
		{`min * 1`, `-9223372036854775808`},
		{`min % -1`, `0`},
		{`[max, big, huge]`, `[9223372036854775807,9007199254740993,18446744073709551616]`},
		{`7 / 2`, `3.5`},
		{`6 / 2`, `3`},
		{`7 % 4 + 2 ** 10 - -1`, `1028`},
		{`2 ** -1`, `0.5`},
		{`(-1) ** 3`, `-1`},
		{`1e21 + 0.0`, `1e+21`},
	} {
		check(t, tt.src, tt.want, counted)
	}
}

func check(t *testing.T, src, want, counted string) {
	t.Helper()
	t.Run(src, func(t *testing.T) {
		t.Helper()
		v, mismatch, err := evaluate(t, src, doc)
		got := string(format.Append(nil, &v))
		if err != nil {
			got = "error: " + err.Error()
		}
		if mismatch {
			got += counted
		}
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// TestFunctions holds what each function gives.
func TestFunctions(t *testing.T) {
	tests := []struct{ src, want string }{
		{`lower(s)`, `"grüße, welt"`},
		{`upper("abc-é")`, `"ABC-É"`},
		{`upper("[az]{AZ}")`, `"[AZ]{AZ}"`},
		{`lower("@AZ[")`, `"@az["`},
		{`trim("  a ")`, `"a"`},
		{`trim("xxaxx", "x")`, `"a"`},
		{`trimPrefix("abc", "a") + trimSuffix("abc", "c")`, `"bcab"`},
		{`hasPrefix(s, "Gr") && hasSuffix(s, "t")`, `true`},
		{`indexOf(s, "ß")`, `3`},
		{`indexOf(s, "q")`, `-1`},
		{`lastIndexOf("abab", "ab")`, `2`},
		{`replace("aaa", "a", "b")`, `"bbb"`},
		{`replace("aaa", "a", "b", 2)`, `"bba"`},
		{`repeat("ab", 3)`, `"ababab"`},
		{`split("a,b,c", ",")`, `["a","b","c"]`},
		{`split("a,b,c", ",", 2)`, `["a","b,c"]`},
		{`split("é1", "")`, `["é","1"]`},
		{`split("", ",")`, `[""]`},
		{`join(["a","b"], "-") + join(["c"])`, `"a-bc"`},
		{`join(empty, "-")`, `""`},
		{`join(list, "-")`, `error: join needs a list of strings, got a number`},
		{`string(n) + string(f) + string(t) + string(list)`, `"72.5true[1,\"two\",null,4.0,[5]]"`},
		{`toJSON(s)`, `"\"Grüße, Welt\""`},
		{`fromJSON("{\"a\": [1]}").a[0]`, `1`},
		{`fromBase64(toBase64("hé"))`, `"hé"`},
		{`fromBase64("*")`, `error: fromBase64: the string is no base64`},
		{`int(f) + int("12") + int(-2.9)`, `12`},
		{`float("2.5") + float(1)`, `3.5`},
		{`abs(-3) + abs(2.5) + abs(-0.5)`, `6`},
		{`[round(2.5), floor(-2.5), ceil(2.1), round(7), round(2.345, 2)]`, `[3,-3,3,7,2.35]`},
		{`[round(21.25, 1), round(24.25, 1), round(-0.125, 2), round(1.005, 2), round(2.5, 0), round(1.25, 4), round(4503599627370495.5, 0)]`,
			`[21.3,24.3,-0.13,1.01,3,1.25,4503599627370496]`},
		{`min(3, 1, nums) + max(nums)`, `4`},
		{`max(empty)`, `null`},
		{`mean(nums)`, `2`},
		{`mean(nums, f)`, `2.125`},
		{`min("a")`, `fault: min needs a number or a list, this is a string`},
		{`[len(s), len(list), len(o), len(empty)]`, `[11,5,3,0]`},
		{`[first(nums), last(nums), first(empty)]`, `[3,2,null]`},
		{`[get(o, "a"), get(list, 1), get(list, 9), get(o, 1)]`, `[1,"two",null,null]`},
		{`take(nums, 2)`, `[3,1]`},
		{`reverse(nums)`, `[2,1,3]`},
		{`uniq([1, "1", 1.0, nil, nil])`, `[1,"1",null]`},
		{`sort(nums)`, `[1,2,3]`},
		{`sort(["b","a"], "desc")`, `["b","a"]`},
		{`sort(list)`, `error: sort can't order a string and a number`},
		{`concat(nums, [4], empty)`, `[3,1,2,4]`},
		{`flatten([1,[2,[3]]])`, `[1,2,3]`},
		{`keys(o)`, `["a","b",""]`},
		{`values(o)`, `[1,{"c":"d"},0]`},
		{`toPairs({a: 1})`, `[["a",1]]`},
		{`fromPairs([["a", 1], ["b", nil]])`, `{"a":1,"b":null}`},
		{`fromPairs([1])`, `error: fromPairs needs a list of pairs: [[name, value], …]`},
		{`[type(n), type(f), type(s), type(t), type(o), type(list), type(nul), type(meta.arrival)]`,
			`["int","float","string","bool","map","array","nil","time"]`},

		{`date(at)`, `"2024-05-01T08:00:00.5Z"`},
		{`date("2024-05-01")`, `"2024-05-01T00:00:00Z"`},
		{`date("01.05.2024 10:00", "02.01.2006 15:04", "Europe/Berlin")`, `"2024-05-01T08:00:00Z"`},
		{`date(ms)`, `"2024-05-01T08:00:00.123Z"`},
		{`date(1714550400)`, `"2024-05-01T08:00:00Z"`},
		{`date(1714550400.5)`, `"2024-05-01T08:00:00.5Z"`},
		{`date(99999999999999)`, `error: the time is outside of the years 1678 to 2261`},
		{`date("2024-05-01") + duration("36h")`, `"2024-05-02T12:00:00Z"`},
		{`date("2024-05-02") - date("2024-05-01")`, `86400`},
		{`date("2024-05-02") > date("2024-05-01")`, `true`},
		{`meta.arrival > date("2024-05-01")`, `false`},
		{`unix(date(ms))`, `1714550400.123`},
		{`duration("1h30m")`, `5400`},
		{`string(date(ms)) + "!"`, `"2024-05-01T08:00:00.123Z!"`},

		{`any(items, .p > 10)`, `true`},
		{`any(items, .p > 20)`, `false (counted)`},
		{`all(items, .k in ["x", "y"])`, `true`},
		{`none(nums, # > 3) && one(nums, # == 3)`, `true`},
		{`one(nums, # > 1)`, `false`},
		{`map(filter(items, .p != nil), .p)`, `[5,15]`},
		{`map(nums, # * #index)`, `[0,1,4]`},
		{`find(items, .k == "x").p`, `5`},
		{`find(items, .k == "q")`, `null`},
		{`findLast(items, .k == "x")`, `{"k":"x"}`},
		{`[findIndex(nums, # == 1), findLastIndex(nums, # > 1), findIndex(nums, # > 9)]`, `[1,2,null]`},
		{`count(items, .k == "x")`, `2`},
		{`count([true, false, true])`, `2`},
		{`sum(nums) + sum(items, .p)`, `26`},
		{`sum([1, 0.5])`, `1.5`},
		{`sum(["a"])`, `error: + needs numbers, got a string`},
		{`map(sortBy(items, .k), .k)`, `["x","x","y"]`},
		{`map(sortBy(nums, -#), #)`, `[3,2,1]`},
		{`sortBy(nums, #, "desc")`, `[3,2,1]`},
		{`groupBy(items, .k)`, `{"x":[{"p":5,"k":"x"},{"k":"x"}],"y":[{"p":15,"k":"y"}]}`},
		{`reduce(nums, #acc + #)`, `6`},
		{`reduce(nums, #acc + #, 10)`, `16`},
		{`reduce(empty, #acc + #)`, `null`},
		{`any(items, any(nums, # == 3) && .p == 15)`, `true`},
		{`map(nums, {let y = # + n; y * 2})`, `[20,16,18]`},
		{`(nums | filter(# > 1) | len())`, `2`},
		{`(s | lower() | split(", "))[1]`, `"welt"`},

		{`s[1:3] + s[:1] + s[-2:]`, `"rüGlt"`},
		{`s[9:99] + s[50:60]`, `"lt"`},
		{`nums[1:]`, `[1,2]`},
		{`nums[:-1]`, `[3,1]`},
		{`1..3`, `[1,2,3]`},
		{`3..1`, `[]`},
		{`let a = n + 1; let b = a * 2; a + b`, `24`},
		{`{a: n, "b c": [s[0:1]], d: {e: nil}}`, `{"a":7,"b c":["G"],"d":{"e":null}}`},
		{`this.o`, `{"a":1,"b":{"c":"d"},"":0}`},
		{`len(this) > 20 && this.n == 7`, `true`},
		{`keys(this)[0]`, `"n"`},
	}
	for _, tt := range tests {
		if want, ok := strings.CutPrefix(tt.want, "fault: "); ok {
			checkFault(t, tt.src, want)
			continue
		}
		check(t, tt.src, tt.want, " (counted)")
	}
}

func checkFault(t *testing.T, src, want string) {
	t.Helper()
	_, faults := Compile(src, &fields{projection: format.NewProjection()})
	if len(faults) != 1 || strings.Trim(faults[0].Message+" ("+faults[0].Hint+")", " ()") != strings.Trim(want, " ()") {
		t.Errorf("%s: got %v, want the fault %q", src, faults, want)
	}
}

// TestEveryFunctionIsTested keeps the tables complete.
func TestEveryFunctionIsTested(t *testing.T) {
	paths, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source []byte
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, text...)
	}
	for _, name := range Functions() {
		if !bytes.Contains(source, []byte(name+"(")) {
			t.Errorf("function %s has no test", name)
		}
	}
}
