package protobuf_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/protobuf"
)

// TestTranscriberFaults holds what a document that does not fit is told.
func TestTranscriberFaults(t *testing.T) {
	everything, legacy := load(t, "everything.proto", "test.Everything"), load(t, "legacy.proto", "test.legacy.Legacy")
	for _, tc := range []struct {
		schema    *protobuf.Schema
		doc, want string
	}{
		{everything, `{"an_int32":"x"}`, `field an_int32: wants an integer, and has what is no number`},
		{everything, `{"an_int32":true}`, `field an_int32: wants a number, and has true`},
		{everything, `{"an_int32":2147483648}`, `field an_int32: the number does not fit int32`},
		{everything, `{"a_uint32":-1}`, `field a_uint32: the number does not fit uint32`},
		{everything, `{"an_int64":9223372036854775808}`, `field an_int64: the number does not fit int64`},
		{everything, `{"a_uint64":18446744073709551616}`, `field a_uint64: the number goes beyond 64 bits`},
		{everything, `{"an_int64":1.5}`, `field an_int64: wants an integer, and the number has a fraction`},
		{everything, `{"an_int64":15e-1}`, `field an_int64: wants an integer, and the number has a fraction`},
		{everything, `{"an_int64":1e400}`, `field an_int64: the number goes beyond 64 bits`},
		{everything, `{"a_float":1e39}`, `field a_float: the number is none, or beyond the range of a float of 32 bits`},
		{everything, `{"a_double":"high"}`, `field a_double: wants a number, and has a string that is none`},
		{everything, `{"a_bool":1}`, `field a_bool: wants true or false, and has a number`},
		{everything, `{"a_string":5}`, `field a_string: wants a string, and has a number`},
		{everything, `{"some_bytes":"a*"}`, `field some_bytes: wants bytes as a string of base64, and the string is none`},
		{everything, `{"some_bytes":"AA\nAA"}`, `field some_bytes: wants bytes as a string of base64, and the string is none`},
		{everything, `{"colour":"GRENE"}`, `field colour: has a name that the enum does not: is it GREEN?`},
		{everything, `{"colour":"SOMETHING"}`, `field colour: has a name that the enum does not: there are BELOW, GREEN, RED, UNKNOWN`},
		{everything, `{"colour":4294967296}`, `field colour: wants an enum's number of 32 bits`},
		{everything, `{"anInt32":1}`, `test.Everything has no field "anInt32": is it an_int32?`},
		{everything, `{"inner":{"inners":[{},{"nope":1}]}}`, `field inner.inners[1]: test.Everything has no field "nope"`},
		{everything, `{"inner":{"inners":{}}}`, `field inner.inners: wants a list, and has an object`},
		{everything, `{"inner":[]}`, `field inner: wants an object, and has a list`},
		{everything, `{"strings":["a",null]}`, `field strings[1]: wants a string, and has null`},
		{everything, `{"labels":{"a":null}}`, `field labels["a"]: wants a value, and has null`},
		{everything, `{"labels":{"a":1}}`, `field labels["a"]: wants a string, and has a number`},
		{everything, `{"by_id":{"x":{}}}`, `field by_id: the map's keys are int64, which "x" is not`},
		{everything, `{"text":"a","number":1}`, `field number: the oneof choice has text too, and may have one only`},
		{everything, `{"at":"yesterday"}`, `field at: wants a time as RFC 3339 (2006-01-02T15:04:05Z) of the years 1 to 9999`},
		{everything, `{"at":1700000000}`, `field at: wants a time as RFC 3339, and has a number`},
		{everything, `{"took":"1h"}`, `field took: wants a span of time: "1.5s", or a number of seconds, of at most 9 decimals and 10,000 years`},
		{everything, `{"any":{"a":1}}`, `field any: wants an object with "@type", the URL of its type`},
		{everything, `{"any":{"@type":"x/test.Everything","nope":1}}`, `field any: test.Everything has no field "nope"`},
		{everything, `{"any":{"@type":"x/no.Such","a":1}}`, `field any: an Any of this type has "@type" and "value" only`},
		{everything, `{"@type":"x"}`, `test.Everything has no field "@type"`},
		{legacy, `{"count":1}`, `field id: is required and missing`},
		{legacy, `{"id":null}`, `field id: is required and missing`},
		{legacy, `{"id":"a","Result":{"deeper":{}}}`, `field Result.deeper.id: is required and missing`},
	} {
		payload, err := tc.schema.Transcriber().AppendPayload([]byte("before"), []byte(tc.doc))
		if fault := (*protobuf.Fault)(nil); !errors.As(err, &fault) || err.Error() != tc.want {
			t.Errorf("%s\ngot  %v\nwant %s", tc.doc, err, tc.want)
		}
		if string(payload) != "before" {
			t.Errorf("%s: %q is left behind", tc.doc, payload)
		}
	}
	if _, err := everything.Transcriber().AppendPayload(nil, []byte(`[1]`)); !errors.Is(err, format.ErrNotObject) {
		t.Errorf("a list: %v", err)
	}
	if _, err := everything.Transcriber().AppendPayload(nil, []byte(`{"a`)); err == nil {
		t.Error("half a document has no error")
	}
	long := `{"` + strings.Repeat("x", 1000) + `":1}`
	if _, err := everything.Transcriber().AppendPayload(nil, []byte(long)); err == nil || len(err.Error()) > 200 {
		t.Errorf("a long name: %v", err)
	}
}

// TestTranscriberIsDeterministic holds that the order of members is none of the payload's.
func TestTranscriberIsDeterministic(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	var want []byte
	for i, doc := range []string{
		`{"a_string":"x","far":9,"an_int32":5,"labels":{"b":"2","a":"1","c":"3"},"number":7}`,
		`{"number":7,"labels":{"c":"3","a":"0","\u0061":"1","b":"2"},"an_int32":5e0,"a_string":"\u0078","far":"9","colour":0,"inner":null}`,
	} {
		got, err := s.Transcriber().AppendPayload(nil, []byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, want %x", doc, got, want)
		}
	}
}

// TestTranscriberAccepts shows forms that only this package takes.
func TestTranscriberAccepts(t *testing.T) {
	everything, masked := load(t, "everything.proto", "test.Everything"), load(t, "everything.proto", "test.Masked")
	for _, tc := range []struct {
		schema    *protobuf.Schema
		doc, want string
	}{
		{everything, `{"took":1.5}`, "9a02 08 0801 10 80cab5ee01"},
		{masked, `{"mask":"user_name,x"}`, "0a0e 0a09 757365725f6e616d65 0a01 78"},
		{everything, `{"an_int32":0,"a_string":"","a_bool":false,"a_double":0,"some_bytes":"","colour":"UNKNOWN","strings":[],"labels":{}}`, ""},
		{everything, `{"maybe_int32":0,"text":""}`, "900100 a20100"},
	} {
		got, err := tc.schema.Transcriber().AppendPayload(nil, []byte(tc.doc))
		if want := unhex(t, tc.want); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, %v, want %x", tc.doc, got, err, want)
		}
	}
}
