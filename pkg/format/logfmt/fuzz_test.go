package logfmt_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/logfmt"
)

// FuzzAppendJSON holds that what any payload reads as is JSON of a bounded length, and comes back the same from the encoder.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{
		`level=info msg="a \"b\"\n" status=502`, `a= b c=null "d e"="f"`, "a=1\n", "=", `a="`, `a=\x00 b="\x00\u12"`, `a.b=1 a.c="2" =`, "\xff",
	} {
		f.Add([]byte(s))
	}
	d, again, e := logfmt.New(), logfmt.New(), logfmt.NewEncoder()
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := d.AppendJSON(nil, payload)
		if err != nil {
			return
		}
		if _, err := format.Validate(doc); err != nil || len(doc) > 10*len(payload)+10 {
			t.Fatalf("%q is %q: %v", payload, doc, err)
		}
		line, err := e.AppendPayload(nil, doc)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := again.AppendJSON(nil, line); err != nil || !bytes.Equal(back, doc) {
			t.Fatalf("%q is written as %q, which is %q, %v", doc, line, back, err)
		}
	})
}

// FuzzSlog reads what log/slog writes.
func FuzzSlog(f *testing.F) {
	f.Add("status", "a \"b\"", int64(-7))
	f.Add("user agent", "\x00\x7f\u2028\U0010ffff", int64(1))
	f.Add("", "1", int64(0))
	d := logfmt.New()
	f.Fuzz(func(t *testing.T, name, text string, n int64) {
		if !utf8.ValidString(name) || !utf8.ValidString(text) || name == "n" || name == "msg" || name == "level" {
			return
		}
		var line bytes.Buffer
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, text, 0)
		r.AddAttrs(slog.Int64("n", n), slog.String(name, text))
		if err := slog.NewTextHandler(&line, nil).Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		doc, err := d.AppendJSON(nil, line.Bytes())
		if err != nil {
			t.Fatalf("%q: %v", line.Bytes(), err)
		}
		var got map[string]any
		dec := json.NewDecoder(bytes.NewReader(doc))
		dec.UseNumber()
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got["n"] != json.Number(slog.Int64Value(n).String()) {
			t.Errorf("n is %v, want %d", got["n"], n)
		}
		if v, ok := got[name].(string); ok && v != text || !ok && !unquoted(text, got[name]) && name != "" {
			t.Errorf("%q is %v, want %q, in %q", name, got[name], text, line.Bytes())
		}
	})
}

// unquoted reports whether v is what a text reads as that slog does not quote, though it looks like something else.
func unquoted(text string, v any) bool {
	switch v := v.(type) {
	case json.Number:
		return v.String() == text
	case bool:
		return text == "true" && v || text == "false" && !v
	}
	return v == nil && text == "null"
}
