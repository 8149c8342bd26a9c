package msgpack

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
)

var (
	_ format.Transcoder  = Transcoder{}
	_ format.Transcriber = (*Transcriber)(nil)
)

// in wraps one value in a map: {"v": value}.
func in(value string) string { return "\x81\xa1v" + value }

func TestAppendJSON(t *testing.T) {
	for _, tt := range []struct{ payload, want string }{
		{"\x80", `{}`},
		{"\xde\x00\x00", `{}`},
		{"\xdf\x00\x00\x00\x01\xa1a\x01", `{"a":1}`},
		{"\x82\xa7compact\xc3\xa6schema\x00", `{"compact":true,"schema":0}`},
		{in("\xc0"), `{"v":null}`},
		{in("\xc2"), `{"v":false}`},
		{in("\x7f"), `{"v":127}`},
		{in("\xe0"), `{"v":-32}`},
		{in("\xff"), `{"v":-1}`},
		{in("\xcc\xff"), `{"v":255}`},
		{in("\xcd\xff\xff"), `{"v":65535}`},
		{in("\xce\xff\xff\xff\xff"), `{"v":4294967295}`},
		{in("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), `{"v":18446744073709551615}`},
		{in("\xcf\x00\x20\x00\x00\x00\x00\x00\x01"), `{"v":9007199254740993}`},
		{in("\xd0\x80"), `{"v":-128}`},
		{in("\xd1\x80\x00"), `{"v":-32768}`},
		{in("\xd2\x80\x00\x00\x00"), `{"v":-2147483648}`},
		{in("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), `{"v":-9223372036854775808}`},
		{in("\xca\x40\x48\xf5\xc3"), `{"v":3.14}`},
		{in("\xcb\x40\x09\x1e\xb8\x51\xeb\x85\x1f"), `{"v":3.14}`},
		{in("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"), `{"v":"NaN"}`},
		{in("\xca\xff\x80\x00\x00"), `{"v":"-Infinity"}`},
		{in("\xa0"), `{"v":""}`},
		{in("\xa4a\"\nb"), `{"v":"a\"\nb"}`},
		{in("\xd9\x03\xe2\x82\xac"), `{"v":"€"}`},
		{in("\xda\x00\x02\xff!"), `{"v":"` + "\ufffd" + `!"}`},
		{in("\xdb\x00\x00\x00\x01z"), `{"v":"z"}`},
		{in("\xc4\x03\xff\xfe\xfd"), `{"v":"//79"}`},
		{in("\xc5\x00\x01a"), `{"v":"YQ=="}`},
		{in("\xc6\x00\x00\x00\x00"), `{"v":""}`},
		{in("\x93\x01\x90\x81\xa1a\xc0"), `{"v":[1,[],{"a":null}]}`},
		{in("\xdc\x00\x01\x01"), `{"v":[1]}`},
		{in("\xdd\x00\x00\x00\x02\x01\x02"), `{"v":[1,2]}`},
		{in("\xd6\xff\x5f\x5e\x10\x00"), `{"v":"2020-09-13T12:26:40Z"}`},
		{in("\xd7\xff\x77\x35\x94\x00\x5f\x5e\x10\x00"), `{"v":"2020-09-13T12:26:40.5Z"}`},
		{in("\xc7\x0c\xff\x3b\x9a\xc9\xff\xff\xff\xff\xff\xff\xff\xff\xff"), `{"v":"1969-12-31T23:59:59.999999999Z"}`},
		{in("\xd4\x05a"), `{"v":{"type":5,"data":"YQ=="}}`},
		{in("\xd8\x80abcdefghijklmnop"), `{"v":{"type":-128,"data":"YWJjZGVmZ2hpamtsbW5vcA=="}}`},
		{in("\xc8\x00\x01\x01a"), `{"v":{"type":1,"data":"YQ=="}}`},
		{"\x87\x07\x01\xff\x02\xc0\x03\xc3\x04\xca\x3f\x00\x00\x00\x05\xc4\x01a\x06\xd6\xff\x00\x00\x00\x00\x07",
			`{"7":1,"-1":2,"null":3,"true":4,"0.5":5,"YQ==":6,"1970-01-01T00:00:00Z":7}`},
	} {
		got, err := Transcoder{}.AppendJSON([]byte("before"), []byte(tt.payload))
		if err != nil || string(got) != "before"+tt.want {
			t.Errorf("%q: %s, %v, want %s", tt.payload, got, err, tt.want)
		}
	}
}

func TestNoMessagePack(t *testing.T) {
	for _, tt := range []struct {
		payload, problem string
		offset           int
	}{
		{"", "the payload ends early", 0},
		{"\x01", "its value is no map, so it has no fields,", 0},
		{"\x91\x01", "its value is no map, so it has no fields,", 0},
		{`{"a":1}`, "its value is no map, so it has no fields,", 0},
		{in(""), "the payload ends early", 3},
		{in("\xcd\x01"), "the payload ends early", 5},
		{in("\xa5abc"), "the payload ends early", 7},
		{in("\xdb\xff\xff\xff\xffsecret"), "the payload ends early", 14},
		{in("\xc1"), "a byte that begins no value", 3},
		{in("\x01") + "\x80", "something stands behind the map", 4},
		{in("\xdd\xff\xff\xff\xff\x01"), "a map or array has more members than the payload has bytes,", 8},
		{"\xdf\x80\x00\x00\x00", "a map or array has more members than the payload has bytes,", 5},
		{"\x81\x90\x01", "a map has a map or array as a name", 1},
		{"\x81\xd4\x05a\x01", "a map has an extension as a name", 1},
		{in("\xd4\xffa"), "a timestamp of a wrong length", 3},
		{in("\xd7\xff\xff\xff\xff\xff\x5f\x5e\x10\x00"), "a timestamp beyond what RFC 3339 can write", 3},
		{in(strings.Repeat("\x91", format.MaxDepth-1) + "\xd4\x05a"), "nesting too deep", 3 + format.MaxDepth - 1},
		{in(strings.Repeat("\x91", format.MaxDepth)), "nesting too deep", 3 + format.MaxDepth - 1},
	} {
		_, err := Transcoder{}.AppendJSON(nil, []byte(tt.payload))
		var e *format.PayloadError
		if !errors.As(err, &e) || e.Problem != tt.problem || e.Offset != tt.offset {
			t.Errorf("%.20q: %v, want %s at byte %d", tt.payload, err, tt.problem, tt.offset)
		}
	}
}

func TestAppendPayload(t *testing.T) {
	long, list := strings.Repeat("a", 300), "["+strings.Repeat("1,", 69_999)+"1]"
	for _, tt := range []struct{ doc, want string }{
		{` { } `, "\x80"},
		{`{"v":[]}`, in("\x90")},
		{`{"v":[[],{},[1,{"a":[2, 3]}]] }`, in("\x93\x90\x80\x92\x01\x81\xa1a\x92\x02\x03")},
		{`{"v":[true,false,null]}`, in("\x93\xc3\xc2\xc0")},
		{`{"v":-0}`, in("\xcb\x80\x00\x00\x00\x00\x00\x00\x00")},
		{`{"v":1.0}`, in("\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00")},
		{`{"v":1e2}`, in("\xcb\x40\x59\x00\x00\x00\x00\x00\x00")},
		{`{"v":[127,128,255,256,65535,65536,4294967295,4294967296,18446744073709551615]}`,
			in("\x99\x7f\xcc\x80\xcc\xff\xcd\x01\x00\xcd\xff\xff\xce\x00\x01\x00\x00\xce\xff\xff\xff\xff\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xcf\xff\xff\xff\xff\xff\xff\xff\xff")},
		{`{"v":[-32,-33,-128,-129,-32768,-32769,-2147483648,-2147483649,-9223372036854775808]}`,
			in("\x99\xe0\xd0\xdf\xd0\x80\xd1\xff\x7f\xd1\x80\x00\xd2\xff\xff\x7f\xff\xd2\x80\x00\x00\x00\xd3\xff\xff\xff\xff\x7f\xff\xff\xff\xd3\x80\x00\x00\x00\x00\x00\x00\x00")},
		{`{"\u0076":"\"a\\","w":"[,{"}`, "\x82\xa1v\xa3\"a\\\xa1w\xa3[,{"},
		{`{"v":"` + long[:31] + `"}`, in("\xbf" + long[:31])},
		{`{"v":"` + long[:255] + `"}`, in("\xd9\xff" + long[:255])},
		{`{"v":"` + long + `"}`, in("\xda\x01\x2c" + long)},
		{`{"v":"` + strings.Repeat("a", 70_000) + `"}`, in("\xdb\x00\x01\x11\x70" + strings.Repeat("a", 70_000))},
		{`{"v":` + list + `}`, in("\xdd\x00\x01\x11\x70" + strings.Repeat("\x01", 70_000))},
		{`{"v":` + list[:198] + `]}`, in("\xdc\x00\x63" + strings.Repeat("\x01", 99))},
	} {
		var w Transcriber
		got, err := w.AppendPayload([]byte("before"), []byte(tt.doc))
		if err != nil || string(got) != "before"+tt.want {
			t.Errorf("%.80s: %.80q, %v, want %.80q", tt.doc, got, err, tt.want)
		}
	}
}

func TestDoesNotFit(t *testing.T) {
	for _, tt := range []struct{ doc, want string }{
		{`{"a":{"b c":[0,{"d":18446744073709551616}]}}`, `writing the field a.b c[1].d as MessagePack: an integer beyond 64 bits`},
		{`{"a":1,"b":-9223372036854775809}`, `writing the field b as MessagePack: an integer beyond 64 bits`},
		{`{"a":[[1],[1e309]]}`, `writing the field a[1][0] as MessagePack: a number beyond the range of float64`},
		{`[1]`, format.ErrNotObject.Error()},
		{`{"a":`, `the payload is not JSON: the document ends early at byte 5`},
	} {
		var w Transcriber
		if _, err := w.AppendPayload(nil, []byte(tt.doc)); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.doc, err, tt.want)
		}
	}
	long := bytes.Repeat([]byte("a"), 10_000)
	var w Transcriber
	if _, err := w.AppendPayload(nil, []byte(`{"`+string(long)+`":1e999}`)); len(err.Error()) > 400 {
		t.Errorf("the error has %d bytes", len(err.Error()))
	}
}

// TestCostGrowsWithThePayload holds the bound that Transcoder states.
func TestCostGrowsWithThePayload(t *testing.T) {
	for _, payload := range []string{
		in("\xdc\x4e\x20" + strings.Repeat("\xc2", 20_000)),
		in("\xda\x4e\x20" + strings.Repeat("\x01", 20_000)),
		in("\xdc\x0f\xa0" + strings.Repeat("\xca\x80\x00\x00\x01", 4_000)),
		in("\xdc\x0f\xa0" + strings.Repeat("\xd4\x80a", 4_000)),
		in("\xdc\x0f\xa0" + strings.Repeat("\xd6\xff\x00\x00\x00\x00", 4_000)),
		"\xde\x4e\x20" + strings.Repeat("\xc2\xc2", 20_000),
	} {
		got, err := Transcoder{}.AppendJSON(nil, []byte(payload))
		if most := maxGrowth*len(payload) + 8; err != nil || len(got) > most {
			t.Errorf("%.12q…: %d bytes of %d, %v", payload, len(got), len(payload), err)
		}
	}
}

// TestFewBytesCostLittle holds what payloads cost that promise much at their begin.
func TestFewBytesCostLittle(t *testing.T) {
	var c Transcoder
	for _, payload := range []string{"\xdf\xff\xff\xff\xff", in("\xdd\xff\xff\xff\xff\x01"), in("\xdb\xff\xff\xff\xff"), in("\xc6\xff\xff\xff\xff"), in("\xc9\xff\xff\xff\xff\x05")} {
		var before, after runtime.MemStats
		const rounds = 10
		runtime.ReadMemStats(&before)
		for range rounds {
			if _, err := c.AppendJSON(nil, []byte(payload)); err == nil {
				t.Errorf("%q: no error", payload)
			}
		}
		runtime.ReadMemStats(&after)
		if cost := (after.TotalAlloc - before.TotalAlloc) / rounds; cost > 8<<10 {
			t.Errorf("%q: %d bytes of memory", payload, cost)
		}
	}
}

// TestDeepAndLong holds that what is deep and long is written in one pass: a pass for each level would take minutes.
func TestDeepAndLong(t *testing.T) {
	doc := `{"v":` + strings.Repeat("[", format.MaxDepth-1) + `"` + strings.Repeat("a", 1<<20) + `"` + strings.Repeat("]", format.MaxDepth-1) + `}`
	var w Transcriber
	payload, err := w.AppendPayload(nil, []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := (Transcoder{}).AppendJSON(nil, payload); err != nil || string(got) != doc {
		t.Errorf("%d bytes came back as %d, %v", len(doc), len(got), err)
	}
}
