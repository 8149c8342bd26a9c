package avro

import (
	"bytes"
	"strings"
	"testing"

	lib "github.com/twmb/avro"
)

// TestEncode holds what forms of a value are taken besides those that decoding gives, by what they read as again.
func TestEncode(t *testing.T) {
	for _, tt := range []struct{ schema, doc, want string }{
		{`"int"`, "3.0", "3"},
		{`"long"`, "1e3", "1000"},
		{`"double"`, "3", "3"},
		{`"float"`, "0.30000000000000004", "0.3"},
		{`"bytes"`, `""`, `""`},
		{`"string"`, `"\u00e9\n"`, `"é\n"`},
		{`["null","string"]`, `null`, `null`},
		{`["null","double","long"]`, `9007199254740993`, `9007199254740993`},
		{`["null","double","long"]`, `1e-7`, `1e-07`},
		{`["double",` + dec3 + `]`, `0.1`, `0.100`},
		{`["double",` + dec3 + `]`, `0.1234`, `0.1234`},
		{`["double",` + millis + `]`, `5`, `5`},
		{`[` + millis + `,"string"]`, `"2023-11-14T22:13:20Z"`, `"2023-11-14T22:13:20Z"`},
		{`["bytes","string"]`, `"YWI="`, `"YWI="`},
		{`["null",` + millis + `]`, `"2023-11-14T23:13:20.1239+01:00"`, `"2023-11-14T22:13:20.123Z"`},
		{millis, "0", `"1970-01-01T00:00:00Z"`},
		{local, `"2023-11-14T23:13:20+01:00"`, `"2023-11-14T23:13:20"`},
		{day, `"2023-11-14T23:30:00-05:00"`, `"2023-11-14"`},
		{day, `"2023-11-14"`, `"2023-11-14"`},
		{dec3, `1.2300`, `1.230`},
		{dec3, `"00012"`, `12.000`},
		{dec3, `0e-1000000`, `0.000`},
		{dec3, `12e2`, `1200.000`},
		{bigDec, `1.50`, `1.50`},
		{bigDec, `-1e-3`, `-0.001`},
		{span, `"P1Y1W2DT1H1M1.5S"`, `"P12M9DT3661.5S"`},
		{`["null",{"type":"map","values":"long"},{"type":"record","name":"A","fields":[{"name":"a","type":"int"}]}]`, `{"a":1}`, `{"a":1}`},
		{`[{"type":"record","name":"A","fields":[{"name":"a","type":"int"}]},{"type":"record","name":"B","fields":[{"name":"a","type":"int"},{"name":"b","type":"int","default":7}]}]`, `{"a":1,"b":2}`, `{"a":1,"b":2}`},
		{`{"type":"array","items":["null","int"]}`, ` [ 1 , null ] `, `[1,null]`},
	} {
		s := parsed(t, single(tt.schema))
		payload, err := NewEncoder(s, nil).AppendPayload(nil, []byte(` {"v":`+tt.doc+`} `))
		if err != nil {
			t.Errorf("%s: %s: %v", tt.schema, tt.doc, err)
			continue
		}
		doc, err := NewDecoder(s).AppendJSON(nil, payload)
		if want := `{"v":` + tt.want + `}`; string(doc) != want || err != nil {
			t.Errorf("%s: %s reads again as %s (%v), want %s", tt.schema, tt.doc, doc, err, want)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	const head = "the record does not fit the Avro schema: "
	for _, tt := range []struct{ schema, doc, want string }{
		{`"int"`, `{"v":"secret"}`, "field v is a string, and the schema has int"},
		{`"int"`, `{"v":null}`, "field v is null, and the schema has int"},
		{`"int"`, `{}`, "field v is missing"},
		{`"int"`, `{"v":1,"w":2}`, "field w is not in the schema"},
		{`"int"`, `{"v":2147483648}`, "field v is a number that is no int of 32 bits"},
		{`"long"`, `{"v":9223372036854775808}`, "field v is a number that is no long of 64 bits"},
		{`"long"`, `{"v":0.5}`, "field v is a number that is no long of 64 bits"},
		{`"double"`, `{"v":1e400}`, "field v is out of the range of double"},
		{`"float"`, `{"v":1e39}`, "field v is out of the range of float"},
		{`"bytes"`, `{"v":"secret!"}`, "field v is not base64, which bytes is written in"},
		{`{"type":"fixed","name":"a.F","size":2}`, `{"v":"YQ=="}`, "field v is of 1 bytes, and fixed a.F of 2"},
		{`{"type":"enum","name":"E","symbols":["A"]}`, `{"v":"secret"}`, "field v is no symbol of enum E"},
		{`["null","int"]`, `{"v":"secret"}`, "field v is a string, and the schema has int"},
		{`["null","int","boolean"]`, `{"v":"secret"}`, "field v is a string that fits none of the union's 3 types"},
		{`["int","boolean"]`, `{"v":null}`, "field v is null that fits none of the union's 2 types"},
		{`{"type":"array","items":{"type":"map","values":"int"}}`, `{"v":[{},{"secret":true}]}`, "field v.1.* is a boolean, and the schema has int"},
		{`["null","R"]`, `{"v":{"v":{"w":1}}}`, "field v.v.w is not in the schema"},
		{dec3, `{"v":1.2345}`, "field v has more than 3 digits behind the point, which is the schema's scale"},
		{dec3, `{"v":1e1000000000}`, "field v has more than 30 digits"},
		{dec3, `{"v":"secret"}`, "field v is no decimal number"},
		{fixDec, `{"v":0.9999999999}`, "field v has more than 9 digits behind the point, which is the schema's scale"},
		{bigDec, `{"v":` + strings.Repeat("9", maxDigits+1) + `}`, "field v has more than 9800 digits"},
		{millis, `{"v":"secret"}`, "field v is a string that is no timestamp-millis"},
		{nanos, `{"v":"3000-01-01T00:00:00Z"}`, "field v is a string that is no timestamp-nanos"},
		{id16, `{"v":"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c6z"}`, "field v is a string that is no uuid"},
		{span, `{"v":"P1.5M"}`, "field v is a string that is no duration"},
	} {
		s := parsed(t, single(tt.schema))
		out, err := NewEncoder(s, nil).AppendPayload(nil, []byte(tt.doc))
		if err == nil || err.Error() != head+tt.want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %s: got %x, %v, want %s", tt.schema, tt.doc, out, err, tt.want)
		}
	}
	s := parsed(t, single(`"int"`))
	for _, doc := range []string{``, `[]`, `{"v":1}x`, `{"v":`} {
		if _, err := NewEncoder(s, nil).AppendPayload(nil, []byte(doc)); err == nil {
			t.Errorf("%q is taken", doc)
		}
	}
}

// TestDefaults holds that what a record does not have is written as the library writes it.
func TestDefaults(t *testing.T) {
	const text = `{"type":"record","name":"D","fields":[
		{"name":"a","type":"int","default":7},{"name":"b","type":["string","null"],"default":"x"},{"name":"c","type":"bytes","default":"\u00ff"},
		{"name":"d","type":{"type":"array","items":["null","long","float"]},"default":[null,1,2]},{"name":"e","type":{"type":"map","values":"double"},"default":{"k":1.5}},
		{"name":"f","type":{"type":"record","name":"I","fields":[{"name":"x","type":"boolean"},{"name":"y","type":["null","int"],"default":null}]},"default":{"x":true}},
		{"name":"g","type":["null","D"],"default":null},{"name":"h","type":{"type":"enum","name":"E","symbols":["A","B"]},"default":"B"},
		{"name":"i","type":{"type":"fixed","name":"F","size":2},"default":"ab"},{"name":"j","type":"null","default":null}]}`
	s := parsed(t, text)
	want, err := lib.MustParse(text).Encode(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewEncoder(s, nil).AppendPayload(nil, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewDecoder(s).AppendJSON(nil, got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewDecoder(s).AppendJSON(nil, want)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("got %s, the library's is %s (%v)", a, b, err)
	}
	if want := `{"a":7,"b":"x","c":"/w==","d":[null,1,2],"e":{"k":1.5},"f":{"x":true,"y":null},"g":null,"h":"B","i":"YWI=","j":null}`; string(a) != want {
		t.Errorf("got  %s\nwant %s", a, want)
	}
	// A field that may be null may be missing, default or not.
	opt := parsed(t, single(`["string","null"]`))
	if got, err := NewEncoder(opt, nil).AppendPayload(nil, []byte("{}")); string(got) != l(1) || err != nil {
		t.Errorf("got %x %v", got, err)
	}
}
