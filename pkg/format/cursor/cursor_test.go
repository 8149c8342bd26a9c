package cursor

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
)

// compact writes what c stands before without white space, by nothing but the Cursor.
func compact(dst []byte, c *Cursor) []byte {
	switch open := c.Kind(); open {
	case '{', '[':
		dst = append(dst, open)
		n := len(dst)
		for more := c.Enter(); more; more = c.More() {
			if len(dst) > n {
				dst = append(dst, ',')
			}
			if open == '{' {
				dst = append(append(dst, c.Name()...), ':')
			}
			dst = compact(dst, c)
		}
		return append(dst, open+2) // ']' and '}' are two behind
	}
	return append(dst, c.Value()...)
}

// FuzzCursor holds that a Cursor goes through exactly what the standard library's compaction leaves.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, " [ ] ", `{"a" : [ 1 , {"b":"c d\""} ,[[]], {} ] , "e":null }`, "\n\t-0.5e3 ", `"a b"`, `[true,false]`, `{`, `[1,]`, `{"a":1}x`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		c, err := New(doc)
		if _, want := format.Validate(doc); (err == nil) != (want == nil) {
			t.Fatalf("%v, Validate says %v", err, want)
		}
		if err != nil {
			return
		}
		from := c.Offset()
		if lead := len(doc) - len(bytes.TrimLeft(doc, " \n\r\t")); from != lead {
			t.Errorf("begins at %d, want %d", from, lead)
		}
		got := compact(nil, &c)
		var want bytes.Buffer
		if err := json.Compact(&want, doc); err != nil {
			return // strings that are no UTF-8 and the like: it is stricter
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%q: %q, want %q", doc, got, want.Bytes())
		}
		if rest := bytes.TrimSpace(doc[c.Offset():]); len(rest) > 0 {
			t.Errorf("%q: leaves %q", doc, rest)
		}
	})
}

func TestValueOfDeepNesting(t *testing.T) {
	doc := strings.Repeat("[", format.MaxDepth) + strings.Repeat("]", format.MaxDepth)
	c, err := New([]byte(doc))
	if err != nil || string(c.Value()) != doc {
		t.Errorf("the whole is not the value: %v", err)
	}
	if _, err := New([]byte("[" + doc + "]")); err == nil {
		t.Error("one more passes")
	}
}
