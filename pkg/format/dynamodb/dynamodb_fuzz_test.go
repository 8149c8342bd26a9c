package dynamodb

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
)

// FuzzTranscoder holds that what any payload reads as is JSON, and bounded.
func FuzzTranscoder(f *testing.F) {
	for _, s := range []string{
		item(`{"S":"a"}`), item(`{"M":{"a":{"L":[{"N":"1"},{"BOOL":true}]}}}`), item(`{"NS":["1"]}`), `{"dynamodb":{"ApproximateCreationDateTime":1e9,"Keys":{}}}`,
		`{"eventSourceARN":"arn:aws:dynamodb:x:1:table/T/stream/1","dynamodb":{"Keys":{}},"z":[1]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := Transcoder{}.AppendJSON(nil, payload)
		if len(doc) > 2*len(payload)+100 {
			t.Fatalf("%d bytes of %d", len(doc), len(payload))
		}
		if err != nil {
			return
		}
		if _, err := format.Validate(doc); err != nil {
			t.Fatalf("%q reads as %q: %v", payload, doc, err)
		}
	})
}

// FuzzAttributes holds that a document that is written as attribute values reads as itself.
func FuzzAttributes(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":"b","c":[1.50,true,null,{"d":[]}],"e":{"f":"\u00e9\\"}}`, `{"n":99999999999999999999999999999999999999}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		c, err := cursor.New(doc)
		if err != nil || c.Kind() != '{' {
			return
		}
		payload := append([]byte(`{"dynamodb":{"Keys":`), asItem(nil, &c)...)
		got, err := Transcoder{}.AppendJSON(nil, append(payload, "}}"...))
		if err != nil {
			if depthOf(doc) <= maxDepth {
				t.Fatalf("%q: %v", doc, err)
			}
			return
		}
		var want bytes.Buffer
		if json.Compact(&want, doc) == nil && string(got) != `{"keys":`+want.String()+`}` {
			t.Fatalf("%q came back as %q", doc, got)
		}
	})
}

// asItem writes the object that c stands before as attributes, as DynamoDB would.
func asItem(dst []byte, c *cursor.Cursor) []byte {
	dst = append(dst, '{')
	for more := c.Enter(); more; more = c.More() {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(append(dst, c.Name()...), ':')
		dst = asAttribute(dst, c)
	}
	return append(dst, '}')
}

func asAttribute(dst []byte, c *cursor.Cursor) []byte {
	switch c.Kind() {
	case '{':
		return append(asItem(append(dst, `{"M":`...), c), '}')
	case '[':
		dst = append(dst, `{"L":[`...)
		for more := c.Enter(); more; more = c.More() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = asAttribute(dst, c)
		}
		return append(dst, `]}`...)
	case '"':
		return append(append(append(dst, `{"S":`...), c.Value()...), '}')
	case 't', 'f':
		return append(append(append(dst, `{"BOOL":`...), c.Value()...), '}')
	case 'n':
		c.Value()
		return append(dst, `{"NULL":true}`...)
	}
	return append(append(append(dst, `{"N":"`...), c.Value()...), `"}`...)
}

// depthOf is how deep brackets nest, those in strings counted too: it is only ever too much.
func depthOf(doc []byte) (most int) {
	depth := 0
	for _, c := range doc {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		most = max(most, depth)
	}
	return most
}

func BenchmarkTranscoder(b *testing.B) {
	in, err := os.ReadFile("testdata/kinesis.in.json")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		var dst []byte
		for b.Loop() {
			if dst, err = (Transcoder{}).AppendJSON(dst[:0], in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json into any, nothing made of it", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(in, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
