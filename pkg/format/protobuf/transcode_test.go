package protobuf_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/record"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTranscoder shows what a message reads as where that is this package's own doing. The fuzz targets hold the rest.
func TestTranscoder(t *testing.T) {
	for name, tc := range map[string]struct{ file, message, payload, want string }{
		"zeros without presence are there": {"reading.proto", "fleet.Reading.Battery", "", `{}`},
		"and in proto3":                    {"shared/place.proto", "test.shared.Place", "", `{"name":""}`},
		"paths of a mask stay":             {"everything.proto", "test.Masked", "0a0e 0a09 7573 6572 5f6e 616d65 0a01 78", `{"mask":"user_name,x"}`},
		"proto2's defaults do not":         {"legacy.proto", "test.legacy.Legacy", "0a0161", `{"id":"a","unpacked":[],"packed":[],"names":{},"Item":[]}`},
		"an enum's number without a name":  {"legacy.proto", "test.legacy.Legacy", "1863", `{"state":99,"Item":[],"unpacked":[],"packed":[],"names":{}}`},
		"required ones may be missing":     {"legacy.proto", "test.legacy.Legacy", "1000", `{"count":0,"Item":[],"unpacked":[],"packed":[],"names":{}}`},
		"unknown fields are passed by":     {"shared/place.proto", "test.shared.Place", "0a0161 9a01 0162 d03e05 a301 0801 a401", `{"name":"a"}`},
		"a known field of a wrong wire":    {"shared/place.proto", "test.shared.Place", "0805", `{"name":""}`},
		"pieces of a message are one":      {"shared/place.proto", "test.shared.Place", "12 09 09 000000000000f03f 12 09 11 0000000000000040", `{"name":"","point":{"lat":1,"lon":2}}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := load(t, tc.file, tc.message).Transcoder().AppendJSON(nil, unhex(t, tc.payload))
			if err != nil || !same(parse(t, got), parse(t, []byte(tc.want))) {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
}

// TestAnyOfUnknownType keeps what it can't read.
func TestAnyOfUnknownType(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	inner := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), []byte("x/no.Such"))
	inner = protowire.AppendBytes(protowire.AppendTag(inner, 2, protowire.BytesType), []byte{1, 2, 3})
	payload := protowire.AppendBytes(protowire.AppendTag(nil, 43, protowire.BytesType), inner)
	doc, err := s.Transcoder().AppendJSON(nil, payload)
	if want := `"any":{"@type":"x/no.Such","value":"AQID"}`; err != nil || !bytes.Contains(doc, []byte(want)) {
		t.Fatalf("got %s, %v, want %s", doc, err, want)
	}
	again, err := s.Transcriber().AppendPayload(nil, doc)
	if err != nil || !bytes.Equal(again, payload) {
		t.Errorf("got %x, %v, want %x", again, err, payload)
	}
}

// TestFaults holds what a payload that is none is told: the field and the byte, and never its text.
func TestFaults(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	for name, tc := range map[string]struct{ payload, want string }{
		"cut in a tag":       {"80", "the message ends early at byte 1"},
		"cut in a number":    {"1080", "field an_int32: the message ends early at byte 2"},
		"cut in a string":    {"7205 6162", "field a_string: the message ends early at byte 4"},
		"cut in a fixed":     {"65 0000", "field a_float: the message ends early at byte 3"},
		"too long a varint":  {"10 ffffffffffffffffffff01", "field an_int32: a varint goes beyond 64 bits at byte 1"},
		"field 0":            {"0000", "there is no field of this number at byte 0"},
		"wire type 6":        {"0e", "field a_bool: there is no such wire type at byte 1"},
		"an end alone":       {"0c", "field a_bool: a group ends that did not begin at byte 1"},
		"no end":             {"a306 0801", "a group does not end at byte 4"},
		"another's end":      {"a306 ac06", "a group ends that did not begin at byte 2"},
		"no UTF-8":           {"7203 61ff62", "field a_string: the string is no UTF-8 at byte 3"},
		"no UTF-8 inside":    {"8a01 05 7203 6162ff", "field inner.a_string: the string is no UTF-8 at byte 7"},
		"in a list":          {"da01 0161 da01 01ff", "field strings[1]: the string is no UTF-8 at byte 7"},
		"in a packed list":   {"c201 02 0180", "field int64s[1]: the message ends early at byte 5"},
		"in a map":           {"f201 06 0a0161 1201ff", "field labels[0]: the string is no UTF-8 at byte 8"},
		"no such time":       {"9202 06 1080a8d6b907", "field at: the Timestamp is outside the years 1 to 9999, or its nanoseconds are no part of a second at byte 3"},
		"no such duration":   {"9a02 0d 0801 10 ffffffffffffffffff01", "field took: the Duration is longer than 10,000 years, or its nanoseconds don't fit its seconds at byte 3"},
		"in an Any":          {"da02 17 0a11 782f 746573742e45766572797468696e67 1202 0880", "field any.a_bool: the message ends early at byte 26"},
		"a message too long": {"8a01 ffffffff0f", "field inner: the message ends early at byte 7"},
	} {
		t.Run(name, func(t *testing.T) {
			payload := unhex(t, tc.payload)
			_, err := s.Transcoder().AppendJSON(nil, payload)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			p := paths(everyPath...)
			row := make([]record.Value, len(everyPath))
			if err := s.FieldReader(p).Project(payload, &record.Batch{}, row); err == nil || err.Error() != tc.want {
				t.Errorf("the FieldReader: got %v, want %s", err, tc.want)
			}
		})
	}
}
