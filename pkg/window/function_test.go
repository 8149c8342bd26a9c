package window

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestFunctionTable(t *testing.T) {
	names := make([]string, 0, len(Functions()))
	for _, f := range Functions() {
		names = append(names, f.Name)
		if Lookup(f.Name) != f {
			t.Errorf("Lookup(%q) does not find it", f.Name)
		}
		if field, call, ok := strings.Cut(f.Example, " = "); !ok || field == "" || !strings.HasPrefix(call, f.Name+"(") {
			t.Errorf("%s: the example %q is no assignment of a call", f.Name, f.Example)
		}
		if !strings.HasSuffix(strings.TrimSpace(f.Doc), ".") || strings.Contains(f.Doc, "  ") {
			t.Errorf("%s: %q is no sentence", f.Name, f.Doc)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("%v is not sorted, as Lookup needs it", names)
	}
	if Lookup("cuont") != nil {
		t.Error("Lookup finds what is not there")
	}
}

func TestArguments(t *testing.T) {
	tests := []struct {
		function string
		args     Args
		want     string // of the error; empty for none
	}{
		{"quantile", Args{"x": nil, "q": 0.5}, ""},
		{"quantile", Args{"x": nil, "q": int64(1)}, ""},
		{"quantile", Args{"x": nil, "q": 99.0}, "q is a part from 0 to 1: for 99 % write 0.99"},
		{"quantile", Args{"x": nil, "q": -0.1}, "q must be from 0 to 1, such as 0.99"},
		{"quantile", Args{"x": nil, "q": "p99"}, "q must be a number, such as 0.99"},
		{"collect", Args{"x": nil}, ""},
		{"collect", Args{"x": nil, "max": int64(10_000)}, ""},
		{"collect", Args{"x": nil, "max": int64(10_001)}, "max must be a whole number from 1 to 10000"},
		{"collect", Args{"x": nil, "max": int64(0)}, "max must be a whole number from 1 to 10000"},
		{"top_k", Args{"x": nil, "k": int64(10)}, ""},
		{"top_k", Args{"x": nil}, "k must be a whole number from 1 to 1000"},
		{"top_k", Args{"x": nil, "k": 2.5}, "k must be a whole number from 1 to 1000"},
		{"histogram", Args{"x": nil, "bounds": []float64{1}}, ""},
		{"histogram", Args{"x": nil}, "histogram needs 1 to 1,000 bounds, such as histogram(latency_ms, 10, 100, 1000)"},
		{"histogram", Args{"x": nil, "bounds": []float64{2, 2}}, "the bounds of a histogram must ascend, such as 10, 100, 1000"},
	}
	for _, tt := range tests {
		got := ""
		if _, err := Lookup(tt.function).New(tt.args); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s%v: got %q, want %q", tt.function, tt.args, got, tt.want)
		}
	}
}

// TestResults gives each function inputs that come in the order of their times: one a second, as the n-th of its shard.
func TestResults(t *testing.T) {
	tests := []struct{ call, inputs, want string }{
		{"count()", "1 null 2", "3"},
		{"count()", "", "0"},
		{"count(x)", "1 null [] 2", "3"},
		{"count_if(condition)", "true false null true", "2"},
		{"sum(x)", "", "null"},
		{"sum(x)", "null", "null"},
		{"sum(x)", "1 2 null 3", "6"},
		{"sum(x)", "1 2.0", "3"},
		{"sum(x)", "0.1 0.2", "0.30000000000000004"}, // the float nearest to the sum of these two floats
		{"sum(x)", "0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1", "1"},
		{"sum(x)", "1e16 1 -1e16", "1"},
		{"sum(x)", "1e308 1e308 -1e308", "1e+308"},
		{"sum(x)", "5e-324 5e-324", "1e-323"},
		{"sum(x)", "-0.0", "0"},
		{"sum(x)", "9223372036854775807 1 -1", "9223372036854775807"},
		{"sum(x)", "-9223372036854775808 -1 1", "-9223372036854775808"},
		{"sum(x)", "9223372036854775807 1", "error: the sum 9223372036854775808 is beyond a 64-bit integer"},
		{"sum(x)", "-9223372036854775808 -1", "error: the sum -9223372036854775809 is beyond a 64-bit integer"},
		{"sum(x)", "9223372036854775807 1 0.5", "9223372036854776000"},
		{"sum(x)", "9007199254740993 0.25 -9007199254740992", "1.25"},
		{"sum(x)", "1e308 1e308", "error: the sum is beyond the range of 64-bit floats"},
		{"avg(x)", "null", "null"},
		{"avg(x)", "1 2", "1.5"},
		{"avg(x)", "9223372036854775807 9223372036854775807", "9223372036854776000"},
		{"avg(x)", "1e308 1e308", "1e+308"},
		{"avg(x)", "1 null 3", "2"},
		{"min(x)", "null", "null"},
		{"min(x)", "3 1.50 2", "1.50"},
		{"min(x)", "1.0 1", "1"},
		{"max(x)", "9007199254740992.0 9007199254740993", "9007199254740993"},
		{"max(x)", `2 "10" "9"`, `"9"`},
		{"max(x)", "@2026-11-23T10:00:00Z @2026-11-23T09:00:00Z 5", `"2026-11-23T10:00:00Z"`},
		{"max(x)", "-1 1e999", "1e999"},
		{"first(x)", `null "a" "b"`, `"a"`},
		{"last(x)", `"a" {"b":1} null`, `{"b":1}`},
		{"last(x)", "", "null"},
		{"collect(x)", `1 "a\u0001" null [2]`, `[1,"a\\u0001",[2]]`},
		{"collect(x)", "", "[]"},
		{"collect max 3", "1 2 3 4 5", "[1,2,3]"},
		{"distinct(x)", `1 1.0 1e0 "1" true null true`, "3"},
		{"distinct(x)", "12345678901234567891 12345678901234567892 10000000000000000000 1e19 -9223372036854775809 -9223372036854775808", "5"},
		{"distinct(x)", "", "0"},
		{"median(x)", "3 1 2", "2"},
		{"median(x)", "4 1 2 3", "2"},
		{"median(x)", "-0.0", "0"},
		{"median(x)", "", "null"},
		{"quantile 0.9", "1 2 3 4 5 6 7 8 9 10 11", "10"},
		{"quantile 1", "5 9.5", "9.5"},
		{"top_k 3", `"a" "b" "a" 1 1.0 1 null`, `[{"value":1,"count":3},{"value":"a","count":2},{"value":"b","count":1}]`},
		{"top_k 3", "4 3 2 1", `[{"value":1,"count":1},{"value":2,"count":1},{"value":3,"count":1}]`},
		{"top_k 3", "12345678901234567891 12345678901234567892 12345678901234567892", `[{"value":12345678901234567892,"count":2},{"value":12345678901234567891,"count":1}]`},
		{"top_k 3", "", "[]"},
		{"stddev(x)", "2 4 4 4 5 5 7 9", "2.138089935299395"},
		{"variance(x)", "1 2 3 4", "1.6666666666666667"},
		{"variance(x)", "5", "null"},
		{"variance(x)", "1e200 -1e200", "error: the variance is beyond the range of 64-bit floats"},
		{"stddev(x)", "1e200 1e200", "0"},
		{"stddev(x)", "1e200 -1e200", "1.414213562373095e+200"},
		{"stddev(x)", "-9223372036854775808 9223372036854775807", "13043817825332783000"},
		{"variance(x)", "1000000000000000.5 1000000000000001.5", "0.5"},
		{"rate()", "1 2 null", "0.05"},
		{"rate(x)", "30 null 60", "1.5"},
		{"rate(x)", "", "null"},
		{"rate(x)", "1.5 1.5", "0.05"},
		{"histogram", "-11 -10 0 0.4 1000000000", `[{"from":null,"to":-10,"count":1},{"from":-10,"to":0,"count":1},{"from":0,"to":0.5,"count":2},` +
			`{"from":0.5,"to":1000000000,"count":0},{"from":1000000000,"to":null,"count":1}]`},
	}
	aggregates := calls(t)
	for _, tt := range tests {
		a := aggregates[tt.call]
		acc := a.New()
		for i, text := range strings.Fields(tt.inputs) {
			input := in(text, 1000*i, i)
			if err := a.Accepts(input); err != nil {
				t.Errorf("%s of %s: %v", tt.call, text, err)
			}
			acc.Add(input)
		}
		if got := shown(acc); got != tt.want {
			t.Errorf("%s of %s: got %s, want %s", tt.call, tt.inputs, got, tt.want)
		}
	}
}

func TestOrderIsTimeThenPosition(t *testing.T) {
	at := func(text string, event int, sequence string, subsequence uint32, partition string) *Input {
		i := in(text, event, 0)
		i.Sequence, i.Subsequence, i.Partition = []byte(sequence), subsequence, partition
		return i
	}
	inputs := []*Input{ // in their order, each differing from the one before in what counts less
		at(`"c"`, -5, "99", 0, "a"),
		at(`"b"`, 1, "9", 7, "b"),
		at(`"h"`, 1, "10", 0, "b"), // 10 is after 9
		at(`"a"`, 1, "10", 2, "a"),
		at(`"e"`, 1, "10", 2, "b"),
		at(`"f"`, 1, "10", 2, "b"),
	}
	a := calls(t)["collect(x)"]
	acc := a.New()
	for _, i := range []int{3, 5, 0, 4, 1, 2} {
		acc.Add(inputs[i])
	}
	if got, want := shown(acc), `["c","b","h","a","e","f"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestArgTies(t *testing.T) {
	for name, want := range map[string]string{"argmax": `"second"`, "argmin": `"third"`} {
		acc := calls(t)[name].New()
		for _, i := range []struct {
			x, by string
			event int
		}{
			{`"later"`, "7.0", 30}, {`"second"`, "7", 20}, {`"none"`, "null", 1}, {"null", "99", 2}, {"null", "-99", 3},
			{`"fourth"`, "1", 50}, {`"third"`, "1.0", 40},
		} {
			input := in(i.x, i.event, i.event)
			input.By = value(i.by)
			acc.Add(input)
		}
		if got := shown(acc); got != want {
			t.Errorf("%s gives %s, want %s", name, got, want)
		}
	}
}

func TestAccepts(t *testing.T) {
	tests := []struct{ call, value, want string }{
		{"sum(x)", "1", ""},
		{"sum(x)", "null", ""},
		{"sum(x)", `"1"`, "sum needs a number, got a string"},
		{"avg(x)", "true", "avg needs a number, got true"},
		{"stddev(x)", "[1]", "stddev needs a number, got a list"},
		{"rate(x)", "@2026-11-23T10:00:00Z", "rate needs a number, got a time"},
		{"sum(x)", "1e999", "sum needs a number, got one beyond the range of 64-bit floats"},
		{"median(x)", "1.7e308", "median counts numbers up to " + strconv.FormatFloat(scale.MaxIndexableValue(), 'e', 2, 64)},
		{"quantile 0.9", `{}`, "quantile needs a number, got an object"},
		{"min(x)", "[1]", "min needs numbers, strings, times or booleans, which have an order, got a list"},
		{"max(x)", "{}", "max needs numbers, strings, times or booleans, which have an order, got an object"},
		{"argmax", "[1]", "argmax needs numbers, strings, times or booleans, which have an order, got a list"},
		{"count_if(condition)", "1", "count_if needs true or false, got a number"},
		{"count(x)", "{}", ""},
		{"first(x)", "{}", ""},
		{"distinct(x)", "[]", ""},
		{"max(x)", "1e999", ""},
	}
	aggregates := calls(t)
	for _, tt := range tests {
		got := ""
		if err := aggregates[tt.call].Accepts(&Input{Value: value(tt.value), By: value(tt.value)}); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s of %s: got %q, want %q", tt.call, tt.value, got, tt.want)
		}
	}
}
