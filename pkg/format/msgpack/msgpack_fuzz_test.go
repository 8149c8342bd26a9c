package msgpack

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kstream/kstream/pkg/format"
)

// maxGrowth is how many bytes of JSON come of a byte: a fixext1 of three is {"type":-128,"data":"YQ=="}.
const maxGrowth = 10

// FuzzTranscoder holds that what is read is JSON, is bounded, and stays the same through MessagePack and back.
func FuzzTranscoder(f *testing.F) {
	for _, s := range []string{
		"\x80", in("\x93\x01\x90\x81\xa1a\xc0"), in("\xd6\xff\x5f\x5e\x10\x00"), in("\xca\x40\x48\xf5\xc3"), in("\xd4\x05a"),
		in("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), in("\xc4\x03\xff\xfe\xfd"), "\x82\x07\x01\xff\x02", "\xdf\xff\xff\xff\xff", in("\xdd\xff\xff\xff\xff"),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := Transcoder{}.AppendJSON(nil, payload)
		projects(t, payload, doc, err)
		if len(doc) > maxGrowth*len(payload)+16 {
			t.Fatalf("%d bytes of %d", len(doc), len(payload))
		}
		if err != nil {
			return
		}
		if _, err := format.Validate(doc); err != nil {
			t.Fatalf("%q reads as %q: %v", payload, doc, err)
		}
		again(t, doc)
	})
}

// FuzzTranscriber holds that JSON comes back from MessagePack as the canonical form of its numbers and strings.
func FuzzTranscriber(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,-33,1.5,"\u00e9\\",{"b":null}],"c":18446744073709551615}`, `{"a":1e400}`, `{ "a" : [ ] , "b":{"c":[{},[]]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) { again(t, doc) })
}

// again holds that a document that can be written reads as itself, but for the form of what it is written in.
func again(t *testing.T, doc []byte) {
	t.Helper()
	var w Transcriber
	payload, err := w.AppendPayload(nil, doc)
	if err != nil {
		return
	}
	got, err := Transcoder{}.AppendJSON(nil, payload)
	if err != nil {
		t.Fatalf("%q went out as %q, which does not read: %v", doc, payload, err)
	}
	if want := canonical(t, doc); want != nil && !bytes.Equal(canonical(t, got), want) {
		t.Fatalf("%q came back as %q", doc, got)
	}
}

// canonical is the library's view of a document, nil where it refuses what streams have. Numbers of 64 bits that float64
// would round stay out of it: the table has them.
func canonical(t *testing.T, doc []byte) []byte {
	t.Helper()
	v := jsontext.Value(bytes.Clone(doc))
	err := v.Format(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.CanonicalizeRawFloats(true))
	if err != nil {
		return nil
	}
	return v
}
