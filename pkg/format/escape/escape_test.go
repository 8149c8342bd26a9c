package escape_test

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format/escape"
)

func TestAppend(t *testing.T) {
	for text, want := range map[string]string{
		``: "", `a`: "a", `\n\t\r\b\f\v\a`: "\n\t\r\b\f\v\a", `\"\\\/\'`: `"\/'`, `\x22\x5C`: `"\`, `\u00e9\U0001F600`: "é😀",
		`\xc3\xa9`: "é", `\xc3`: `\xc3`, `\xc3\x41`: `\xc3A`, `\xF0\x9F\x98\x80\x80`: "😀" + `\x80`, `\x1`: `\x1`, `\xzz`: `\xzz`,
		`\ud83d\ude00`: "😀", `\ud83d`: `\ud83d`, `\ud83d\u0041`: `\ud83dA`, `\UFFFFFFFF`: `\UFFFFFFFF`, `C:\dir`: `C:\dir`, `\`: `\`, `a\`: `a\`,
	} {
		if got := string(escape.Append(nil, []byte(text))); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestEnd(t *testing.T) {
	for text, want := range map[string]int{`"`: 0, ``: -1, `\"`: -1, `\\"`: 2, `\\\"x"`: 5, `a\"b\\"c"`: 6} {
		if got := escape.End([]byte(text), 0); got != want {
			t.Errorf("%s ends at %d, want %d", text, got, want)
		}
	}
	if got := escape.End([]byte(`\"`), 1); got != 1 {
		t.Errorf("a backslash ahead of the text takes its quote: %d", got)
	}
	if got := escape.End([]byte(strings.Repeat(`\"`, 1<<20)), 0); got != -1 {
		t.Errorf("ends at %d", got)
	}
}

// FuzzAppend holds that everything that Go quotes comes back, and that no text grows.
func FuzzAppend(f *testing.F) {
	for _, s := range []string{"", "é\"\\\n\x00\x7f", "\U0010ffff", `\x41\u0041`, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := escape.Append(nil, []byte(text)); len(got) > len(text) {
			t.Fatalf("%q grows to %q", text, got)
		}
		if !utf8.ValidString(text) {
			return
		}
		for _, quoted := range []string{strconv.Quote(text), strconv.QuoteToASCII(text)} {
			end := escape.End([]byte(quoted), 1)
			if end != len(quoted)-1 {
				t.Fatalf("%s ends at %d", quoted, end)
			}
			if got := string(escape.Append(nil, []byte(quoted[1:end]))); got != text {
				t.Fatalf("%s is %q", quoted, got)
			}
		}
	})
}
