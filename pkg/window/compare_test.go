package window

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// TestCompare holds that the order is total: values of one line are equal, and below those of each later line.
func TestCompare(t *testing.T) {
	inf := func(text string) []record.Value { return []record.Value{value(text)} }
	lines := [][]record.Value{
		{value("null"), {}},
		{value("false")},
		{value("true")},
		{record.FloatValue(math.NaN())},
		inf("-1e999"),
		{value("-1e300")},
		{value("-9223372036854775808"), value("-9223372036854775808.0")},
		{value("-1.5")},
		{value("-1"), value("-1.0")},
		{value("-0.5")},
		{value("0"), value("-0"), value("0.0")},
		{value("0.5")},
		{value("9007199254740992"), value("9007199254740992.0")},
		{value("9007199254740993")},
		{value("9223372036854775807")},
		{value("9223372036854775808"), value("9223372036854775808.0")},
		inf("1e999"),
		{value("@1700-01-01T00:00:00Z")},
		{value("@2026-11-23T10:00:00Z"), value("@2026-11-23T11:00:00+01:00")},
		{value(`""`)},
		{value(`"10"`)},
		{value(`"9"`)},
		{value(`"é"`)},
		{value("[1]")},
		{value("{}")},
	}
	for i, line := range lines {
		for j, other := range lines {
			for _, a := range line {
				for _, b := range other {
					if got, want := compare(&a, &b), sign(i-j); got != want {
						t.Errorf("%s and %s: got %d, want %d", appendJSON(nil, &a), appendJSON(nil, &b), got, want)
					}
				}
			}
		}
	}
	negative, zero := record.FloatValue(math.Copysign(0, -1)), record.FloatValue(0)
	if compareExactly(&negative, &zero) == 0 {
		t.Error("0 and -0 go out differently and are the same")
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// TestElementsAreJSON compares what a list's elements look like with the standard library.
func TestElementsAreJSON(t *testing.T) {
	text := ""
	for r := range rune(0x180) {
		text += string(r)
	}
	text += "\u2028\U0001F680"
	v := record.Value{Kind: record.String, Text: []byte(text)}
	var got string
	if err := json.Unmarshal(appendJSON(nil, &v), &got); err != nil || got != text {
		t.Errorf("got %q (%v), want %q", got, err, text)
	}
	v.Text = []byte("a\xffb")
	if got, want := string(appendJSON(nil, &v)), "\"a\uFFFDb\""; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, f := range []float64{0, 1, -1.5, 0.1, 1e21, 123456789e12, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		v := record.FloatValue(f)
		var back float64
		if err := json.Unmarshal(appendJSON(nil, &v), &back); err != nil || back != f {
			t.Errorf("%v goes out as %s (%v)", f, appendJSON(nil, &v), err)
		}
	}
	when := value("@2026-11-23T10:00:00.25Z")
	if got, want := string(appendJSON(nil, &when)), `"2026-11-23T10:00:00.25Z"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
