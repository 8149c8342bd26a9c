package protobuf_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"

	"github.com/kstream/kstream/pkg/format/protobuf"
)

// everyPath wants each field of Everything and some inside others.
var everyPath = [][]string{
	{"a_bool"}, {"an_int32"}, {"a_sint32"}, {"a_uint32"}, {"an_int64"}, {"a_sint64"}, {"a_uint64"}, {"a_fixed32"}, {"a_sfixed32"},
	{"a_fixed64"}, {"a_sfixed64"}, {"a_float"}, {"a_double"}, {"a_string"}, {"some_bytes"}, {"colour"}, {"inner"}, {"maybe_int32"},
	{"maybe_string"}, {"text"}, {"message"}, {"tint"}, {"int64s"}, {"unpacked"}, {"doubles"}, {"strings"}, {"inners"},
	{"colours"}, {"labels"}, {"by_id"}, {"by_flag"}, {"by_number"}, {"at"}, {"took"}, {"extra"}, {"value"}, {"list"}, {"name_or_not"},
	{"count_or_not"}, {"bytes_or_not"}, {"any"}, {"empty"}, {"nothing"}, {"times"}, {"values"}, {"legacy"}, {"place"}, {"floats"},
	{"float_or_not"}, {"blobs"}, {"far"},
	{"inner", "an_int32"}, {"inner", "inner", "a_string"}, {"inner", "text"}, {"message", "an_int64"}, {"message", "strings"},
	{"labels", "a"}, {"labels", "b"}, {"labels", ""}, {"by_id", "1"}, {"by_id", "-1", "a_bool"}, {"by_id", "0", "at"}, {"by_flag", "true"},
	{"by_number", "7"}, {"by_number", "07"}, {"extra", "a"}, {"extra", "a", "b"}, {"value", "a"}, {"values", "a"}, {"values", "a", "b"},
	{"any", "@type"}, {"any", "value"}, {"any", "a_string"}, {"legacy", "id"}, {"legacy", "Result", "url"}, {"legacy", "Right"},
	{"legacy", "left"}, {"legacy", "[test.legacy.weight]"}, {"legacy", "[test.legacy.Note.note]", "text"}, {"blobs", "a"},
	{"legacy", "names", "-1"}, {"legacy", "names", "0"},
	{"place", "point", "lat"}, {"at", "seconds"}, {"name_or_not", "value"}, {"strings", "a"}, {"a_string", "a"}, {"missing"},
}

var documents = []string{
	`{}`,
	`{"a_bool":true,"an_int32":-1,"a_sint32":-2,"a_uint32":4294967295,"an_int64":"-9223372036854775808","a_sint64":"-3","a_uint64":"18446744073709551615"}`,
	`{"a_fixed32":1,"a_sfixed32":-1,"a_fixed64":"18446744073709551615","a_sfixed64":"-1","a_float":0.1,"a_double":1e300,"far":1}`,
	`{"a_string":"a\u0000\"ü😀","some_bytes":"AP8=","colour":"GREEN","maybe_int32":0,"maybe_string":""}`,
	`{"inner":{"inner":{"a_string":"x"},"an_int32":5,"text":""},"message":{"an_int64":"9","strings":["a"]}}`,
	`{"int64s":["1","-1"],"unpacked":[1,-2],"doubles":[1.5,"NaN","-Infinity",-0.0],"strings":["a",""],"inners":[{},{"a_bool":true}],"colours":["RED",7,"BELOW"]}`,
	`{"labels":{"a":"1","b":"2","":"3"},"by_id":{"1":{},"-1":{"a_bool":true},"0":{"at":"2024-01-01T00:00:00Z"}},"by_flag":{"true":1.5},"by_number":{"7":"RED"},"blobs":{"a":"AAAA"}}`,
	`{"at":"2024-05-01T10:00:00.120Z","took":"-1.500s","times":["0001-01-01T00:00:00Z","9999-12-31T23:59:59.999999999Z"],"empty":{}}`,
	`{"extra":{"a":{"b":[1,null,"x",true,{"c":1e21}]}},"value":{"a":1},"list":[1,[]],"values":{"a":{"b":null}},"nothing":null}`,
	`{"name_or_not":"","count_or_not":"9007199254740993","bytes_or_not":"AA==","float_or_not":0.5,"floats":[0.1,16777216,1e-7,3e38]}`,
	`{"any":{"@type":"type.googleapis.com/test.Everything","a_string":"in any"}}`,
	`{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"3s"}}`,
	`{"any":{"@type":"x/google.protobuf.Any","value":{"@type":"x/google.protobuf.Empty","value":{}}}}`,
	`{"legacy":{"id":"1","count":0,"state":"OFF","Result":{"url":"u","codes":[1],"deeper":{"id":"2"}},"Item":[{"price":"1"},{}],"Right":{"yes":true},"packed":[1,2],"names":{"-1":"x","0":"y"},"[test.legacy.weight]":"5","[test.legacy.Note.note]":{"text":"n"},"[test.legacy.tags]":["a"]}}`,
}

// FuzzTranscoder holds the reading of any bytes against the library, the FieldReader against the Transcoder field by field,
// and the Transcriber against both: what it writes reads as the same again.
func FuzzTranscoder(f *testing.F) {
	s, o := load(f, "everything.proto", "test.Everything"), newOracle(f, "everything.proto", "test.Everything")
	for _, doc := range documents {
		f.Add(o.write(f, doc))
	}
	f.Fuzz(func(t *testing.T, payload []byte) { checkPayload(t, s, o, payload) })
}

func checkPayload(t fataler, s *protobuf.Schema, o *oracle, payload []byte) {
	doc, err := s.Transcoder().AppendJSON(nil, payload)
	if most := 2<<20 + 64*len(payload); len(doc) > most {
		t.Fatalf("%d bytes read as %d", len(payload), len(doc))
	}
	want, oracleErr := o.read(payload)
	if err != nil {
		if fault := (*protobuf.Fault)(nil); !errors.As(err, &fault) || oracleErr == nil && !strings.Contains(err.Error(), "too deep") {
			t.Fatalf("%x: %v; the library reads %s", payload, err, want)
		}
		return
	}
	if !json.Valid(doc) {
		t.Fatalf("%x is no JSON: %s", payload, doc)
	}
	if oracleErr == nil && !same(parse(t, doc), parse(t, want)) {
		t.Fatalf("%x\ngot  %s\nwant %s", payload, doc, want)
	}
	checkReader(t, s, payload, doc, everyPath)
	again, err := s.Transcriber().AppendPayload(nil, doc)
	if err != nil {
		if strings.Contains(err.Error(), "required") {
			return
		}
		t.Fatalf("%s can't be written: %v", doc, err)
	}
	back, err := s.Transcoder().AppendJSON(nil, again)
	if err != nil || !same(parse(t, back), parse(t, doc)) {
		t.Fatalf("%s became %s, %v", doc, back, err)
	}
}

// TestScattered reads payloads whose fields come in any order, several times and in pieces, on two levels: what senders may
// do, and what merging two messages makes.
func TestScattered(t *testing.T) {
	s, o := load(t, "everything.proto", "test.Everything"), newOracle(t, "everything.proto", "test.Everything")
	var pieces [][]byte
	for _, doc := range documents {
		for b := o.write(t, doc); len(b) > 0; {
			_, _, n := protowire.ConsumeField(b)
			pieces = append(pieces, b[:n:n])
			b = b[n:]
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		var payload []byte
		for range rapid.IntRange(0, 30).Draw(r, "fields") {
			piece := rapid.SampledFrom(pieces).Draw(r, "piece")
			switch n := rapid.SampledFrom([]protowire.Number{0, 17, 22, 28, 48, 49}).Draw(r, "inside"); n {
			case 0:
				payload = append(payload, piece...)
			default:
				payload = protowire.AppendBytes(protowire.AppendTag(payload, n, protowire.BytesType), piece)
			}
		}
		checkPayload(r, s, o, payload)
	})
}

// FuzzTranscriber holds what any document becomes against the library.
func FuzzTranscriber(f *testing.F) {
	s, o := load(f, "everything.proto", "test.Everything"), newOracle(f, "everything.proto", "test.Everything")
	for _, doc := range documents {
		f.Add([]byte(doc))
	}
	for _, doc := range []string{
		`{"an_int32":1.0e1,"an_int64":"5.0","a_uint64":1e19,"some_bytes":"_-8","took":"0.000000001s","a_float":"Infinity","a_double":"1e5"}`,
		`{"an_int32":0.5,"a_string":"\ud83d","at":"2024-05-01T10:00:00+01:00","colours":["RED",null]}`,
		`{"labels":{"b":"1","a":"2","\u0061":"3"},"by_flag":{"false":1},"by_id":{"-5":null},"values":{"x":null},"nothing":null,"value":null}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		want, oracleErr := o.rewrite(doc)
		payload, err := s.Transcriber().AppendPayload(nil, doc)
		if err != nil {
			for _, ours := range []string{"has no field", "is required", "too deep", "base64"} { // stricter than the library
				if strings.Contains(err.Error(), ours) {
					return
				}
			}
			if oracleErr == nil {
				t.Fatalf("%s: %v; the library reads %s", doc, err, want)
			}
			return
		}
		got, err := o.read(payload)
		if oracleErr == nil && (err != nil || !same(parse(t, got), parse(t, want))) {
			t.Fatalf("%s became %x\ngot  %s, %v\nwant %s", doc, payload, got, err, want)
		}
		if _, err := s.Transcoder().AppendJSON(nil, payload); err != nil {
			t.Fatalf("%s became %x, and that: %v", doc, payload, err)
		}
	})
}
