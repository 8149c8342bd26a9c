package format

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kstream/kstream/pkg/record"
)

// seeds are documents at the edges of the grammar.
var seeds = []string{
	`{}`, ` {"a":1,"b":{"c":"d"},"x.y":[1,2]} `, `{"a":-0,"b":{"c":1e400},"x":{"y":null}}`, `[1]`, `"a"`, ``, `{`, `{"a"`,
	`{"a":"\u00e9\ud83d\ude00\n","b":{"c":"\ud800"}}`, `{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e}`, `{"a":tru}`, `{"a":1,}`,
	`{"\u0061":true}`, `{"a":1,"a":2}`, `{"b":{"c":1},"b":{}}`, `{"a":"` + "\x01" + `"}`, `{"a":"` + "\xff" + `"}`, `{"a":1}x`,
	`{"a":9223372036854775808,"b":{"c":-9223372036854775808}}`, `{"a":"long enough for the words of eight bytes \\ and more"}`,
	`{"b.c":5,"x.y":false}`, "\xef\xbb\xbf{}", `{"a":[[[{"b":{"c":1}}]]]}`, `{"a":1 "b":2}`, `{"a" 1}`, `{1:2}`, `{"a":nul`,
}

// lax is JSON as streams have it: names twice and broken UTF-8 are no reason to refuse a record.
var lax = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// FuzzProject holds that a Projector refuses exactly the documents that are no JSON objects to go-json-experiment, and
// that of the others it reads the same fields.
func FuzzProject(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	p := NewProjection()
	p.Want(Path{[]string{"a"}, 1}, 0)
	p.Want(Path{[]string{"b", "c"}, 2}, 1)
	p.Want(Path{[]string{"x.y"}, 1}, 2)
	p.WantWhole(3)
	r := p.Projector()
	b := record.NewBatch(4)
	f.Fuzz(func(t *testing.T, doc []byte) {
		b.Fill(nil, []record.Record{{Data: doc}})
		row := b.Row(&b.Records[0])
		first := r.Project(doc, b, row)
		clear(row)
		err := r.Project(doc, b, row) // now it knows what such documents look like
		if (first == nil) != (err == nil) {
			t.Fatalf("at first: %v, then: %v", first, err)
		}
		var want map[string]jsontext.Value
		dec := jsontext.NewDecoder(bytes.NewReader(doc), lax)
		reads := dec.PeekKind() == '{'
		if reads {
			if _, err := dec.ReadValue(); err != nil {
				reads = false
			} else if _, err := dec.ReadToken(); err == nil || err.Error() != "EOF" {
				reads = false
			}
		}
		if reads != (err == nil) {
			t.Fatalf("library reads: %t, we: %v", reads, err)
		}
		if err != nil || json.Unmarshal(doc, &want) != nil { // a document with names twice has no one meaning to compare
			return
		}
		if end := past(doc, len(doc)-len(bytes.TrimLeft(doc, " \n\r\t"))); len(Trim(doc[end:])) != 0 {
			t.Errorf("past leaves %q", doc[end:])
		}
		walks(t, row[3].Text, want)
		same(t, &row[0], want["a"])
		same(t, &row[2], want["x.y"])
		var inner map[string]jsontext.Value
		switch c, ok := want["b"]; {
		case !ok:
			same(t, &row[1], want["b.c"])
		case c.Kind() != '{':
			same(t, &row[1], nil)
		default:
			if err := json.Unmarshal(c, &inner); err != nil {
				t.Fatal(err)
			}
			same(t, &row[1], inner["c"])
		}
		if got := Trim(doc); !bytes.Equal(row[3].Text, got) {
			t.Errorf("this is %q, want %q", row[3].Text, got)
		}
	})
}

// walks holds that a Walk comes by every member.
func walks(t *testing.T, object []byte, want map[string]jsontext.Value) {
	t.Helper()
	n := 0
	for w := NewWalk(object); w.Next(); n++ {
		if got, ok := want[string(bytes.ToValidUTF8(w.Name, []byte("\ufffd")))]; ok && !bytes.Equal(got, w.Raw) {
			t.Errorf("the member %q is %q, want %q", w.Name, w.Raw, got)
		}
	}
	if n != len(want) {
		t.Errorf("%d members, want %d", n, len(want))
	}
}

// same compares a value with the library's source text of it.
func same(t *testing.T, v *record.Value, want jsontext.Value) {
	t.Helper()
	if want == nil {
		if v.Kind != record.Missing {
			t.Errorf("got %q, want nothing", Append(nil, v))
		}
		return
	}
	got := jsontext.Value(Append(nil, v))
	if !v.Nil() && want.Kind() != got.Kind() {
		t.Errorf("got the kind %v, want %v", got.Kind(), want.Kind())
	}
	if want.Kind() == '"' {
		text, err := jsontext.AppendUnquote(nil, []byte(want))
		if err != nil || !bytes.Equal(text, v.Text) {
			t.Errorf("got %q, want %q (%v)", v.Text, text, err)
		}
		return
	}
	if string(got) != string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzString holds that every text comes back from JSON as it went in, with what is no UTF-8 replaced.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "a\"\\\x00\x1f\n", "é😀", "\xff\xfe", "�", "</script>\u2028"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		quoted := AppendString(nil, text)
		got, err := jsontext.AppendUnquote(nil, quoted)
		if want := bytes.ToValidUTF8(bytes.Clone(text), nil); err != nil || len(want) == len(text) && !bytes.Equal(got, text) {
			t.Fatalf("%q went out as %s, came back as %q (%v)", text, quoted, got, err)
		}
		if end, err := Skip(quoted, 0); err != nil || end != len(quoted) {
			t.Fatalf("Skip(%s) = %d, %v", quoted, end, err)
		}
		b := record.NewBatch(0)
		if v := Parse(quoted, b); !bytes.Equal(v.Text, got) {
			t.Fatalf("Parse(%s) = %q, want %q", quoted, v.Text, got)
		}
	})
}
