package accesslog_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/accesslog"
)

func TestAppendJSON(t *testing.T) {
	d := accesslog.New()
	const head = `{"remote_addr":"::1","time":"2000-10-10T20:55:36Z",`
	const line = `::1 - - [10/Oct/2000:13:55:36 -0700] `
	for _, tt := range []struct{ name, payload, want string }{
		{"common", `127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326` + "\n",
			`{"remote_addr":"127.0.0.1","user":"frank","time":"2000-10-10T20:55:36Z","method":"GET","path":"/apache_pb.gif","protocol":"HTTP/1.0","status":200,"bytes":2326}`},
		{"combined", `127.0.0.1 id frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"`,
			`{"remote_addr":"127.0.0.1","ident":"id","user":"frank","time":"2000-10-10T20:55:36Z","method":"GET","path":"/a?b=c","protocol":"HTTP/1.0","status":200,"bytes":2326,` +
				`"referer":"http://www.example.com/start.html","user_agent":"Mozilla/4.08 [en] (Win98; I ;Nav)"}`},
		{"dashes", line + `"-" 408 - "-" "-"`, head + `"status":408,"bytes":0}`},
		{"no status", line + `"-" 000 0`, head + `"status":0,"bytes":0}`},
		{"rest of nginx", line + `"GET / HTTP/2.0" 200 5 "-" "curl/8" "10.0.0.1, 10.0.0.2" 0.005`,
			head + `"method":"GET","path":"/","protocol":"HTTP/2.0","status":200,"bytes":5,"user_agent":"curl/8","rest":"\"10.0.0.1, 10.0.0.2\" 0.005"}`},
		{"rest of common", line + `"GET / HTTP/2.0" 200 5 1234`, head + `"method":"GET","path":"/","protocol":"HTTP/2.0","status":200,"bytes":5,"rest":"1234"}`},
		{"escapes of Apache", line + `"GET /\"a\" HTTP/1.1" 200 5 "-" "a\\b\tc\xc3\xa9"`,
			head + `"method":"GET","path":"/\"a\"","protocol":"HTTP/1.1","status":200,"bytes":5,"user_agent":"a\\b\tcé"}`},
		{"escapes of nginx", line + `"GET /\x22a\x22 HTTP/1.1" 200 5 "-" "a\x5Cb\xF0\x9F\x98\x80"`,
			head + `"method":"GET","path":"/\"a\"","protocol":"HTTP/1.1","status":200,"bytes":5,"user_agent":"a\\b😀"}`},
		{"TLS at an HTTP port", line + `"\x16\x03\x01\x02\xfc" 400 157`, head + `"request":"\u0016\u0003\u0001\u0002\\xfc","status":400,"bytes":157}`},
		{"HTTP/0.9", line + `"GET /" 200 5`, head + `"method":"GET","path":"/","status":200,"bytes":5}`},
		{"path with spaces", line + `"GET /a b HTTP/1.1" 200 5`, head + `"method":"GET","path":"/a b","protocol":"HTTP/1.1","status":200,"bytes":5}`},
		{"user with spaces and brackets", `::1 - A [B] [ [10/Oct/2000:13:55:36 -0700] "" 200 5`, `{"remote_addr":"::1","user":"A [B] [","time":"2000-10-10T20:55:36Z","status":200,"bytes":5}`},
		{"no user", `::1 - "" [2000-10-10T20:55:36+00:00] "" 200 99999999999999999999`, `{"remote_addr":"::1","time":"2000-10-10T20:55:36Z","status":200,"bytes":99999999999999999999}`},

		{"no time", `::1 - - "GET / HTTP/1.1" 200 5`, "the payload is no access log: there is no time in brackets and request in quotes behind it up to the end at byte 30"},
		{"no bracket", `::1 - - 10/Oct/2000:13:55:36] "GET / HTTP/1.1" 200 5`, "the payload is no access log: the time has no opening bracket before its closing one at byte 28"},
		{"two fields", `::1 - [10/Oct/2000:13:55:36 -0700] "" 200 5`, "the payload is no access log: address, identity and user do not stand before the time at byte 5"},
		{"open time", `::1 - - [10/Oct/2000`, "the payload is no access log: there is no time in brackets and request in quotes behind it up to the end at byte 20"},
		{"number as time", `::1 - - [1e5] "" 200 5`, "the payload is no access log: the time is neither 10/Oct/2000:13:55:36 -0700 nor RFC 3339 at byte 9"},
		{"no request", line + `200 5`, "the payload is no access log: there is no time in brackets and request in quotes behind it up to the end at byte 42"},
		{"open request", line + `"GET / HTTP/1.1 200 5`, "the payload is no access log: the closing quote of the request is missing: it opens at byte 37"},
		{"no number", line + `"GET / HTTP/1.1" 2x0 5`, "the payload is no access log: the status is no number at byte 54"},
		{"no bytes", line + `"GET / HTTP/1.1" 200`, "the payload is no access log: the number of bytes is missing at byte 57"},
		{"open agent", line + `"GET / HTTP/1.1" 200 5 "-" "curl`, "the payload is no access log: the closing quote of the user agent is missing: it opens at byte 64"},
		{"two lines", "a\nb", "the payload is no access log: a second line at byte 2"},
		{"empty", "\n", "the payload is empty"},
		{"no UTF-8", "\xff", "the payload is no UTF-8 text: byte 0xff at 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := d.AppendJSON([]byte("> "), []byte(tt.payload))
			if err != nil {
				got = []byte("> " + err.Error())
			}
			if string(got) != "> "+tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What a payload costs grows with its length, and not faster.
func TestHostile(t *testing.T) {
	const n = 1 << 16
	const head = `a b c [10/Oct/2000:13:55:36 +0000] "`
	for _, tt := range []struct{ head, unit string }{
		{"", " ["}, {"", `] "`}, {"a b ", " [] "}, {head, `\`}, {head, `\"`}, {head, "\x01"}, {head + `" 1 `, "1"}, {head + `" 1 1 "`, `\xF0`}, {head + `" 1 1 `, `"`},
	} {
		payload := []byte(tt.head + strings.Repeat(tt.unit, n) + `"`)
		d := accesslog.New()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		dst, err := d.AppendJSON(make([]byte, 0, 8*len(payload)), payload)
		runtime.ReadMemStats(&after)
		if want := uint64(16*len(payload) + 1<<16); after.TotalAlloc-before.TotalAlloc > want || len(dst) > 8*len(payload) {
			t.Errorf("%q and so on, %d bytes: allocates %d bytes and appends %d (%v)", tt.head+tt.unit, len(payload), after.TotalAlloc-before.TotalAlloc, len(dst), err)
		}
	}
}
