package window

import (
	"strconv"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// value returns the value of a piece of JSON, or of a time in RFC 3339 behind an @. A number keeps its digits, as the decoder's do.
func value(text string) record.Value {
	switch {
	case text == "" || text == "null":
		return record.Value{Kind: record.Null}
	case text == "true" || text == "false":
		return record.BoolValue(text == "true")
	case text[0] == '"':
		return record.Value{Kind: record.String, Text: []byte(text[1 : len(text)-1])}
	case text[0] == '[':
		return record.Value{Kind: record.List, Text: []byte(text)}
	case text[0] == '{':
		return record.Value{Kind: record.Object, Text: []byte(text)}
	case text[0] == '@':
		t, err := time.Parse(time.RFC3339Nano, text[1:])
		if err != nil {
			panic(err)
		}
		return record.TimeValue(t)
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		v := record.IntValue(n)
		v.Text = []byte(text)
		return v
	}
	f, _ := strconv.ParseFloat(text, 64) // the error is that of an infinity
	v := record.FloatValue(f)
	v.Text = []byte(text)
	return v
}

// in returns the input of a value that came at a time, as the n-th of its shard.
func in(text string, event, n int) *Input {
	return &Input{Value: value(text), Event: record.Millis(event), Sequence: strconv.AppendInt(nil, int64(n), 10), Partition: "shard-0"}
}

// compiled returns an aggregate, which must compile.
func compiled(tb testing.TB, name string, args Args) Aggregate {
	tb.Helper()
	f := Lookup(name)
	if f == nil {
		tb.Fatalf("there is no %s", name)
	}
	a, err := f.New(args)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// minute is the window of most tests.
var minute = Span{Start: 0, End: 60_000}

// shown returns the result of acc over a minute as JSON, or its error.
func shown(acc Accumulator) string {
	v, _, err := acc.Result(nil, minute)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(appendJSON(nil, &v))
}

// reloaded returns acc after it was saved and loaded.
func reloaded(tb testing.TB, a Aggregate, acc Accumulator) Accumulator {
	tb.Helper()
	data := acc.Append(nil)
	loaded, rest, err := a.Load(append(data, "behind"...))
	if err != nil {
		tb.Fatalf("loading what was saved: %v", err)
	}
	if string(rest) != "behind" {
		tb.Fatalf("loading left %q", rest)
	}
	clear(data) // whoever lends bytes reuses them
	return loaded
}

// calls are the aggregates that the tests of every function go over.
func calls(tb testing.TB) map[string]Aggregate {
	x := Args{"x": nil}
	with := func(name string, v any) Args { return Args{"x": nil, name: v} }
	m := map[string]Aggregate{
		"count()":             compiled(tb, "count", Args{}),
		"rate()":              compiled(tb, "rate", Args{}),
		"collect max 3":       compiled(tb, "collect", with("max", int64(3))),
		"top_k 3":             compiled(tb, "top_k", with("k", int64(3))),
		"quantile 0":          compiled(tb, "quantile", with("q", 0.0)),
		"quantile 0.9":        compiled(tb, "quantile", with("q", 0.9)),
		"quantile 1":          compiled(tb, "quantile", with("q", 1.0)),
		"histogram":           compiled(tb, "histogram", with("bounds", []float64{-10, 0, 0.5, 1e9})),
		"argmax":              compiled(tb, "argmax", Args{"x": nil, "by": nil}),
		"argmin":              compiled(tb, "argmin", Args{"x": nil, "by": nil}),
		"count_if(condition)": compiled(tb, "count_if", Args{"condition": nil}),
	}
	for _, name := range []string{"count", "rate", "sum", "avg", "min", "max", "first", "last", "collect", "distinct", "median", "stddev", "variance"} {
		m[name+"(x)"] = compiled(tb, name, x)
	}
	return m
}
