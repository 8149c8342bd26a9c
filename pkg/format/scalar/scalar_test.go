package scalar_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct{ text, inferred, number, boolean string }{
		{"", "null", "null", "null"},
		{"1", "1", "1", "true"},
		{"-0", "-0", "-0", ""},
		{"9223372036854775808", "9223372036854775808", "9223372036854775808", ""},
		{"1.50", "1.50", "1.50", ""},
		{"1.5e3", "1.5e3", "1.5e3", ""},
		{"1e-05", "1e-05", "1e-05", ""},
		{"-1E+6", "-1E+6", "-1E+6", ""},
		{"12e4", `"12e4"`, "12e4", ""},
		{"-12e4", `"-12e4"`, "-12e4", ""},
		{"007", `"007"`, "7", ""},
		{"-00", `"-00"`, "-0", ""},
		{"+1", `"+1"`, "1", ""},
		{".5", `".5"`, "0.5", ""},
		{" 1 ", `" 1 "`, "1", "true"},
		{"-", `"-"`, "", ""},
		{"+-1", `"+-1"`, "", ""},
		{"1.", `"1."`, "", ""},
		{"1e", `"1e"`, "", ""},
		{"1.2.3.4", `"1.2.3.4"`, "", ""},
		{"10:00", `"10:00"`, "", ""},
		{"0x10", `"0x10"`, "", ""},
		{"NaN", `"NaN"`, "", ""},
		{"true", "true", "", "true"},
		{"True", `"True"`, "", "true"},
		{"NO", `"NO"`, "", "false"},
		{"null", `"null"`, "", ""},
		{`"`, `"\""`, "", ""},
	} {
		for kind, want := range map[scalar.Type]string{scalar.Inferred: tt.inferred, scalar.Number: tt.number, scalar.Bool: tt.boolean} {
			got, err := scalar.Append([]byte("x"), []byte(tt.text), kind)
			if (err != nil) != (want == "") || string(got) != "x"+want {
				t.Errorf("%q as type %d: got %s, %v, want %s", tt.text, kind, got, err, want)
			}
		}
	}
	for name, want := range map[string]scalar.Type{"string": scalar.String, "number": scalar.Number, "bool": scalar.Bool} {
		if got, ok := scalar.TypeOf(name); !ok || got != want {
			t.Errorf("%s is type %d, %t", name, got, ok)
		}
	}
	if _, ok := scalar.TypeOf("date"); ok {
		t.Error("date is a type")
	}
}

// FuzzAppend holds that nothing is lost by inferring, that what is a number is one to encoding/json, and that numbers keep
// their digits.
func FuzzAppend(f *testing.F) {
	for _, s := range []string{"", "1", "-0.50e-7", "007", "true", "12e4", "+.5", "\xff", "9223372036854775808"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out := scalar.AppendInferred(nil, text)
		v, err := format.Of(out, record.NewBatch(0))
		if err != nil {
			t.Fatal(err)
		}
		if got := format.AppendText(nil, &v); !bytes.Equal(got, bytes.ToValidUTF8(text, []byte("\ufffd"))) && bytes.Equal(text, bytes.ToValidUTF8(text, nil)) {
			t.Fatalf("%q comes back as %q", text, got)
		}
		number, err := scalar.Append(nil, text, scalar.Number)
		if err != nil {
			var n json.Number
			if json.Unmarshal(text, &n) == nil && len(text) > 0 && text[0] != '"' && !bytes.Contains(text, []byte("null")) {
				t.Fatalf("%q is no number: %v", text, err)
			}
			return
		}
		if !json.Valid(number) || len(number) > len(text)+4 {
			t.Fatalf("%q is the number %q", text, number)
		}
	})
}
