package avro

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	lib "github.com/twmb/avro"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// bare are the schemas that the library reads without logical types, so that its values can be compared one by one.
var bare = []string{
	kitchen,
	`{"type":"map","values":["null","long",{"type":"map","values":"bytes"}]}`,
	`{"type":"record","name":"N","fields":[{"name":"v","type":["null","N",{"type":"array","items":"N"}]},{"name":"s","type":"string"}]}`,
	`["null",{"type":"record","name":"P","fields":[{"name":"a","type":"float"}]},{"type":"map","values":"int"}]`,
}

// FuzzDecode holds that of each payload we read what twmb/avro reads, and nothing of what it refuses; that a projection
// reads the same fields, and refuses the same payloads; and that writing it again and reading that gives the same.
func FuzzDecode(f *testing.F) {
	var ours []*Schema
	var theirs []*lib.Schema
	for i, text := range bare {
		ours, theirs = append(ours, parsed(f, text)), append(theirs, lib.MustParse(text))
		f.Add(byte(i), []byte{})
	}
	full, err := theirs[0].Encode(map[string]any{"nothing": nil, "b": true, "i": int32(-7), "l": int64(math.MinInt64), "f": float32(0.1),
		"d": 1e300, "s": "é\xff", "raw": []byte{0, 255}, "fix": []byte("abc"), "e": "B", "list": []any{nil, int64(5), "x"},
		"map": map[string]any{"k": []any{1.5, math.Inf(1)}}, "next": nil, "same": "A", "nulls": []any{map[string]any{}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(byte(0), full)
	f.Add(byte(1), []byte("\x03\x0a\x04kk\x02\x05\x00"))
	f.Add(byte(2), []byte("\x02\x04\x01\x02\x00\x00\x00"))
	f.Add(byte(3), []byte("\x02\x00\x00\xc0\x7f"))
	f.Fuzz(func(t *testing.T, which byte, payload []byte) {
		i := int(which) % len(ours)
		doc, err := NewDecoder(ours[i]).AppendJSON(nil, payload)
		var want any
		rest, wantErr := theirs[i].Decode(payload, &want)
		if wantErr == nil && (len(rest) > 0 || !fields(want)) {
			wantErr = fmt.Errorf("%d bytes left, or no record", len(rest))
		}
		if (err == nil) != (wantErr == nil) && !strict(err, wantErr) {
			t.Fatalf("got %v, the library %v", err, wantErr)
		}
		projects(t, ours[i], payload, doc, err)
		if err != nil {
			return
		}
		var got any
		dec := json.NewDecoder(strings.NewReader(string(doc)))
		dec.UseNumber()
		if err := dec.Decode(&got); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		if d := cmp.Diff(render(want), got); d != "" {
			t.Fatalf("the library (-) and we (+) differ:\n%s", d)
		}
		again, err := NewEncoder(ours[i], nil).AppendPayload(nil, doc)
		if err != nil {
			t.Fatalf("%s does not go back: %v", doc, err)
		}
		if second, err := NewDecoder(ours[i]).AppendJSON(nil, again); err != nil || !bytes.Equal(second, doc) {
			t.Fatalf("read again it is %s, it was %s (%v)", second, doc, err)
		}
	})
}

// strict tells where the library and we may differ: it bounds depth and some sizes otherwise, and takes any byte for true.
func strict(err, wantErr error) bool {
	both := fmt.Sprint(err, wantErr)
	return strings.Contains(both, "depth") || strings.Contains(both, "nesting") || strings.Contains(both, "a block of") || strings.Contains(both, "neither 0 nor 1")
}

func fields(v any) bool { _, ok := v.(map[string]any); return ok }

// render is what a value of the library's reads as in JSON.
func render(v any) any {
	switch v := v.(type) {
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case [3]byte:
		return base64.StdEncoding.EncodeToString(v[:])
	case int32, int64:
		return json.Number(fmt.Sprint(v))
	case float32:
		return renderFloat(float64(v), 32)
	case float64:
		return renderFloat(v, 64)
	case string:
		return valid(v)
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, render(e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[valid(k)] = render(e)
		}
		return out
	}
	return v
}

func renderFloat(f float64, bits int) any {
	text := string(appendFloat(nil, f, bits))
	if text[0] == '"' {
		return text[1 : len(text)-1]
	}
	return json.Number(text)
}

func valid(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		out, i = utf8.AppendRune(out, r), i+n
	}
	return string(out)
}

// projected are fields of all of the schemas, and of none.
var projected = []format.Path{
	{Names: []string{"l"}, Dotted: 1}, {Names: []string{"map", "k"}, Dotted: 2}, {Names: []string{"next", "s"}, Dotted: 2},
	{Names: []string{"next"}, Dotted: 1}, {Names: []string{"v", "v"}, Dotted: 1}, {Names: []string{"no", "such"}, Dotted: 2},
	{Names: []string{"e"}, Dotted: 1}, {Names: []string{"d"}, Dotted: 1}, {Names: []string{"list"}, Dotted: 1}, {Names: []string{"a"}, Dotted: 1},
}

func projects(t *testing.T, s *Schema, payload, doc []byte, docErr error) {
	t.Helper()
	p := format.NewProjection()
	for slot, path := range projected {
		p.Want(path, slot)
	}
	b := record.NewBatch(len(projected))
	b.Fill(nil, []record.Record{{Data: payload}, {Data: doc}})
	row, want := b.Row(&b.Records[0]), b.Row(&b.Records[1])
	err := NewProjector(s, p).Project(payload, b, row)
	if (err == nil) != (docErr == nil) && !strings.Contains(fmt.Sprint(docErr), "more JSON") {
		t.Fatalf("the projection: %v, the record: %v", err, docErr)
	}
	if err != nil || docErr != nil {
		return
	}
	if err := p.Projector().Project(doc, b, want); err != nil {
		t.Fatal(err)
	}
	for i := range row {
		if row[i].Kind != want[i].Kind {
			t.Errorf("the field %v is of the kind %v, want %v", projected[i].Names, row[i].Kind, want[i].Kind)
		}
		if got, want := format.Append(nil, &row[i]), format.Append(nil, &want[i]); !bytes.Equal(got, want) {
			t.Errorf("the field %v is %s, want %s", projected[i].Names, got, want)
		}
	}
}
