package logfmt_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/logfmt"
)

func TestAppendJSON(t *testing.T) {
	d := logfmt.New()
	for _, tt := range []struct{ payload, want string }{
		{`level=info msg="a \"b\"\n" status=502 ok=true took=1.50ms n=9007199254740993`,
			`{"level":"info","msg":"a \"b\"\n","status":502,"ok":true,"took":"1.50ms","n":9007199254740993}`},
		{`debug a= b="" c=null d="null" e="1"`, `{"debug":true,"a":"","b":"","c":null,"d":"null","e":"1"}`},
		{" \n\t a=1  b=2 \r\n\n", `{"a":1,"b":2}`},
		{`a=b=c path=C:\x x=y"z" u=http://a/?b=c`, `{"a":"b=c","path":"C:\\x","x":"y\"z\"","u":"http://a/?b=c"}`},
		{`"a b"="c" "d" ""=e`, `{"a b":"c","d":true,"":"e"}`},
		{`user.id=7 user.name="Ada" a=1 a=2`, `{"user.id":7,"user.name":"Ada","a":1,"a":2}`},
		{`größe="\u00e9\xc3\xa9\xff"`, `{"größe":"éé\\xff"}`},
		{`a=1 =2`, "the payload is not logfmt: a value without a name at byte 4"},
		{`a="1`, "the payload is not logfmt: the closing quote is missing: it opens at byte 2"},
		{`a="1"b`, "the payload is not logfmt: something stands behind a closing quote, at byte 5"},
		{`"a"b=1`, "the payload is not logfmt: something stands behind a closing quote, at byte 3"},
		{"a=1\nb=2", "the payload is not logfmt: a second line at byte 4"},
		{"connection reset by peer", "the payload is not logfmt: there is no name=value in it"},
		{" \n", "the payload is empty"},
		{"a=\xff", "the payload is no UTF-8 text: byte 0xff at 2"},
	} {
		got, err := d.AppendJSON(nil, []byte(tt.payload))
		if err != nil {
			got = []byte(err.Error())
		}
		if string(got) != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.payload, got, tt.want)
		}
	}
}

func TestAppendPayload(t *testing.T) {
	e := logfmt.NewEncoder()
	for _, tt := range []struct{ doc, want string }{
		{`{"level":"info","msg":"a \"b\"\n","status":502,"ok":true,"none":null,"price":1.50}`,
			`level=info msg="a \"b\"\n" status=502 ok=true none=null price=1.50`},
		{`{"user":{"id":7,"name":{"first":"Ada L"}},"tags":[1,2],"list":["a", 1],"empty":{}}`,
			`user.id=7 user.name.first="Ada L" tags=[1,2] list="[\"a\", 1]" empty={}`},
		{`{"a":"","b":"1","c":"true","d":"null","e":"x=y","f":"C:\\x"}`, `a="" b="1" c="true" d="null" e="x=y" f="C:\\x"`},
		{`{"user agent":"curl/8","":1,"a=b":2,"a\"b":3}`, `"user agent"=curl/8 ""=1 "a=b"=2 "a\"b"=3`},
		{strings.Repeat(`{"a":`, 17) + `1` + strings.Repeat(`}`, 17), strings.Repeat("a.", 15) + `a="{\"a\":1}"`},
		{`{"` + strings.Repeat("n", 65) + `":{"b":1}}`, strings.Repeat("n", 65) + `="{\"b\":1}"`},
		{`{}`, ``},
		{`[]`, "the payload is no JSON object, so it has no fields"},
		{`{`, "encoding logfmt: the payload is not JSON: the document ends early at byte 1"},
	} {
		got, err := e.AppendPayload([]byte("> "), []byte(tt.doc))
		if err != nil {
			got = append(got, err.Error()...)
		}
		if string(got) != "> "+tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.doc, got, tt.want)
		}
	}
}

// A name is repeated for all that is below it.
func TestEncoderIsBounded(t *testing.T) {
	e := logfmt.NewEncoder()
	for name, doc := range map[string]string{
		"long name": `{"` + strings.Repeat("n", 1<<16) + `":{"":1` + strings.Repeat(`,"":1`, 1<<14) + `}}`,
		"deep":      strings.Repeat(`{"a":1,"b":`, 9000) + `1` + strings.Repeat(`}`, 9000),
		"both":      strings.Repeat(`{"nnn":`, 15) + `{"":1` + strings.Repeat(`,"":1`, 1<<14) + `}` + strings.Repeat(`}`, 15),
	} {
		got, err := e.AppendPayload(nil, []byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if want := 14 * len(doc); len(got) > want {
			t.Errorf("%s: %d bytes make %d", name, len(doc), len(got))
		}
	}
}

// What a payload costs grows with its length, and not faster.
func TestHostile(t *testing.T) {
	const n = 1 << 16
	for _, tt := range []struct{ head, unit string }{
		{"a=", `"`}, {`a="`, `\`}, {`a="`, `\"`}, {`a="`, `\x01`}, {"", "a=1 "}, {"", `"" `}, {"a=1 ", "\x01"}, {"a=", "1"}, {"a=", "\x7f"},
	} {
		payload := []byte(tt.head + strings.Repeat(tt.unit, n) + `"`)
		d := logfmt.New()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		dst, err := d.AppendJSON(make([]byte, 0, 8*len(payload)), payload)
		runtime.ReadMemStats(&after)
		if want := uint64(16*len(payload) + 1<<16); after.TotalAlloc-before.TotalAlloc > want || len(dst) > 8*len(payload) {
			t.Errorf("%q and so on, %d bytes: allocates %d bytes and appends %d (%v)", tt.head+tt.unit, len(payload), after.TotalAlloc-before.TotalAlloc, len(dst), err)
		}
	}
}
