package accesslog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/accesslog"
)

// FuzzAppendJSON holds that what any payload reads as is a JSON object of a bounded length.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{
		`::1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326 "-" "a\"b\x22" "x"`, ` - [`, `a b c [1e5] "" - -`, `a b c [] "" 1 1`,
		`a b c [10/Oct/2000:13:55:36] "\" 1 1`, `a b c [10/Oct/2000:13:55:36] "" 1 1 "`, "a b [c [10/Oct/2000:13:55:36] \"A \" 1 1 ",
	} {
		f.Add([]byte(s))
	}
	d := accesslog.New()
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := d.AppendJSON(nil, payload)
		if err != nil {
			return
		}
		if raw, err := format.Validate(doc); err != nil || raw[0] != '{' || len(doc) > 8*len(payload)+200 {
			t.Fatalf("%q is %q: %v", payload, doc, err)
		}
	})
}

// escaped writes text as nginx does.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, `\x%02X`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func quoted(text string) string { return `"` + escaped(text) + `"` }

// FuzzLine writes lines as nginx does and reads them.
func FuzzLine(f *testing.F) {
	f.Add("frank", "/a?b=\"c\"", uint16(200), uint64(1)<<63, "http://a/", "Mozilla/5.0 \x00\t\\ é")
	f.Add("[ [b] ", "/ HTTP/1.0", uint16(0), uint64(0), "-", "")
	d := accesslog.New()
	f.Fuzz(func(t *testing.T, user, path string, status uint16, size uint64, referer, agent string) {
		if !utf8.ValidString(strings.Join([]string{user, path, referer, agent}, " ")) || user == "" || path == "" || user == `""` {
			return
		}
		line := fmt.Sprintf("192.0.2.1 - %s [10/Oct/2000:13:55:36 -0700] %s %d %d %s %s",
			escaped(user), quoted("GET "+path+" HTTP/1.1"), status, size, quoted(referer), quoted(agent))
		doc, err := d.AppendJSON(nil, []byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var got struct {
			User, Path, Protocol, Referer string
			Status                        uint16
			Bytes                         uint64
			Agent                         string `json:"user_agent"`
		}
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatal(err)
		}
		same := func(got, want string) bool { return got == want || got == "" && (want == "-" || want == `""`) }
		if !same(got.User, user) || !same(got.Path, path) || got.Protocol != "HTTP/1.1" || got.Status != status || got.Bytes != size ||
			!same(got.Referer, referer) || !same(got.Agent, agent) {
			t.Fatalf("%s is %s", line, doc)
		}
	})
}
