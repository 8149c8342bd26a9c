package cbor

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
)

var _ format.Transcoder = (*Transcoder)(nil)

// in wraps one value in a map: {"v": value}.
func in(value string) string { return "\xa1\x61v" + value }

func TestAppendJSON(t *testing.T) {
	var c Transcoder
	for _, tt := range []struct{ payload, want string }{
		{"\xa0", `{}`},
		{"\xbf\xff", `{}`},
		{"\xd9\xd9\xf7\xa1\x61a\x01", `{"a":1}`}, // the self-described tag
		{"\xbf\x61a\x9f\x01\x02\xff\x61b\xa0\xff", `{"a":[1,2],"b":{}}`},
		{in("\x17"), `{"v":23}`},
		{in("\x18\xff"), `{"v":255}`},
		{in("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), `{"v":18446744073709551615}`},
		{in("\x20"), `{"v":-1}`},
		{in("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), `{"v":-18446744073709551616}`},
		{in("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), `{"v":-9223372036854775808}`},
		{in("\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00"), `{"v":18446744073709551616}`},
		{in("\xc3\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00"), `{"v":-18446744073709551617}`},
		{in("\xc2\x5f\x41\x01\x41\x00\xff"), `{"v":256}`},
		{in("\xc2\x40"), `{"v":0}`},
		{in("\xc4\x82\x21\x19\x6a\xb3"), `{"v":273.15}`},
		{in("\xc4\x82\x21\x39\x6a\xb2"), `{"v":-273.15}`},
		{in("\xc4\x82\x23\x05"), `{"v":0.0005}`},
		{in("\xc4\x82\x23\x24"), `{"v":-0.0005}`},
		{in("\xc4\x82\x20\x05"), `{"v":0.5}`},
		{in("\xc4\x82\x03\x05"), `{"v":5e3}`},
		{in("\xc4\x82\x03\x00"), `{"v":0}`},
		{in("\xc4\x82\x00\x05"), `{"v":5}`},
		{in("\xc4\x82\x38\x63\x05"), `{"v":5e-100}`},
		{in("\xc4\x82\x21\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00"), `{"v":184467440737095516.16}`},
		{in("\xf9\x3c\x00"), `{"v":1}`},
		{in("\xf9\x00\x01"), `{"v":5.9604645e-08}`},
		{in("\xf9\x7b\xff"), `{"v":65504}`},
		{in("\xf9\xc4\x00"), `{"v":-4}`},
		{in("\xf9\x7c\x00"), `{"v":"Infinity"}`},
		{in("\xf9\x7e\x00"), `{"v":"NaN"}`},
		{in("\xfa\x40\x48\xf5\xc3"), `{"v":3.14}`},
		{in("\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a"), `{"v":1.1}`},
		{in("\x86\xf4\xf5\xf6\xf7\xf0\xf8\xff"), `{"v":[false,true,null,null,16,255]}`},
		{in("\x63\xe2\x82\xac"), `{"v":"€"}`},
		{in("\x7f\x61a\x60\x62\"\n\xff"), `{"v":"a\"\n"}`},
		{in("\x43\xff\xfe\xfd"), `{"v":"//79"}`},
		{in("\x5f\x41\xff\x42\xfe\xfd\xff"), `{"v":"//79"}`},
		{in("\xc0\x74" + "2013-03-21T20:04:00Z"), `{"v":"2013-03-21T20:04:00Z"}`},
		{in("\xc0\x78\x1b" + "2013-03-21T22:04:00.5+02:00"), `{"v":"2013-03-21T20:04:00.5Z"}`},
		{in("\xc0\x6a" + "2013-03-21"), `{"v":"2013-03-21"}`},
		{in("\xc1\x1a\x51\x4b\x67\xb0"), `{"v":"2013-03-21T20:04:00Z"}`},
		{in("\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00"), `{"v":"2013-03-21T20:04:00.5Z"}`},
		{in("\xc1\x20"), `{"v":"1969-12-31T23:59:59Z"}`},
		{in("\xc1\xfb\xbf\xe0\x00\x00\x00\x00\x00\x00"), `{"v":"1969-12-31T23:59:59.5Z"}`},
		{in("\xd8\x20\x61u"), `{"v":"u"}`}, // a tag that says no more than what it is
		{"\xa6\x07\x01\x20\x02\xf6\x03\xf5\x04\x41a\x05\xc1\x00\x06", `{"7":1,"-1":2,"null":3,"true":4,"YQ==":5,"1970-01-01T00:00:00Z":6}`},
	} {
		got, err := c.AppendJSON([]byte("before"), []byte(tt.payload))
		if err != nil || string(got) != "before"+tt.want {
			t.Errorf("%q: %s, %v, want %s", tt.payload, got, err, tt.want)
		}
	}
}

func TestNoCBOR(t *testing.T) {
	var c Transcoder
	for _, tt := range []struct {
		payload, problem string
		offset           int
	}{
		{"", endsEarly, 0},
		{"\x01", noMap, 0},
		{"\x81\x01", noMap, 0},
		{"\xc1\x01", noMap, 0},
		{in(""), endsEarly, 3},
		{in("\x19\x01"), endsEarly, 5},
		{in("\x65abc"), endsEarly, 7},
		{in("\x7b\xff\xff\xff\xff\xff\xff\xff\xffsecret"), endsEarly, 18},
		{in("\x9f\x01"), endsEarly, 5},
		{in("\x7f\x61a"), endsEarly, 6},
		{in("\x1c"), "a byte that begins no value", 3},
		{in("\x1f"), "a byte that begins no value", 3},
		{in("\xff"), "a break where a value is due", 3},
		{in("\x82\x01\xff"), "a break where a value is due", 5},
		{"\xa1\xff\x01", "a break where a value is due", 1},
		{"\xbf\x01\xff", "a break where a value is due", 2},
		{in("\xf8\x14"), "a simple value in two bytes that has one", 3},
		{in("\x01") + "\xa0", "something stands behind the map", 4},
		{in("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "a map or array has more members than the payload has bytes,", 12},
		{"\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x01", "a map or array has more members than the payload has bytes,", 9},
		{"\xa1\x80\x01", "a map has a map or array as a name", 1},
		{in("\x7f\x41a\xff"), "a string in chunks with a chunk that is none of it", 4},
		{in("\x7f\x7f\x61a\xff\xff"), "a string in chunks with a chunk that is none of it", 4},
		{in("\xc0\x01"), "a time that is no text", 3},
		{in("\xc1\x61a"), "a time that is no number", 3},
		{in("\xc1\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), "a time beyond what RFC 3339 can write", 3},
		{in("\xc1\xf9\x7e\x00"), "a time beyond what RFC 3339 can write", 3},
		{in("\xc2\x01"), "a bignum that is no byte string", 3},
		{in("\xc2\x59\x04\x01" + strings.Repeat("\xff", 1025)), "a bignum of more than 1024 bytes", 3},
		{in("\xc4\x81\x01"), "a decimal fraction that is not an exponent and a mantissa", 3},
		{in("\xc4\x82\x61a\x01"), "a decimal fraction that is not an exponent and a mantissa", 3},
		{in("\xc4\x82\x01\x61a"), "a decimal fraction that is not an exponent and a mantissa", 3},
		{in(strings.Repeat("\x81", format.MaxDepth) + "\x01"), tooDeep, 3 + format.MaxDepth},
		{in(strings.Repeat("\xd8\x20", 20_000)), tooDeep, 3 + 2*format.MaxDepth},
	} {
		_, err := c.AppendJSON(nil, []byte(tt.payload))
		var e *format.PayloadError
		if !errors.As(err, &e) || e.Problem != tt.problem || e.Offset != tt.offset {
			t.Errorf("%.20q: %v, want %s at byte %d", tt.payload, err, tt.problem, tt.offset)
		}
	}
}

// TestCostGrowsWithThePayload holds the bound that Transcoder states.
func TestCostGrowsWithThePayload(t *testing.T) {
	var c Transcoder
	for value, n := range map[string]int{
		"\xf5": 20_000, "\xc1\x00": 4_000, "\xc4\x82\x38\x28\x01": 4_000, "\xc4\x82\x38\x29\x01": 4_000, "\xfa\x80\x00\x00\x01": 4_000,
		"\x78\x04\x01\x01\x01\x01": 4_000, "\x58\x01a": 4_000, "\xc2\x43\xff\xff\xff": 4_000, "\xc1\xf9\x00\x11": 4_000,
	} {
		payload := "\xbf\x61v\x9f" + strings.Repeat(value, n) + "\xff\xff"
		got, err := c.AppendJSON(nil, []byte(payload))
		if most := maxGrowth*len(payload) + 8; err != nil || len(got) > most {
			t.Errorf("%q: %d bytes of %d, %v", value, len(got), len(payload), err)
		}
	}
}

// TestFewBytesCostLittle holds what payloads cost that promise much at their begin.
func TestFewBytesCostLittle(t *testing.T) {
	var c Transcoder
	for _, payload := range []string{"\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x01", in("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01"), in("\x7b\xff\xff\xff\xff\xff\xff\xff\xff"), in("\xc2\x5b\xff\xff\xff\xff\xff\xff\xff\xff"), in("\x5f\x5b\x7f\xff\xff\xff\xff\xff\xff\xff")} {
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
