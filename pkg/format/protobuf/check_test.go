package protobuf_test

import (
	"strings"
	"testing"
)

// TestCheck says before the first record which fields no record can have.
func TestCheck(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	for path, want := range map[string]string{
		"an_int32":                    "",
		"inner/inner/message":         "",
		"labels/anything":             "",
		"by_id/-5/a_bool":             "",
		"extra/any/thing":             "",
		"value/any":                   "",
		"any/a_string":                "",
		"legacy/Result/url":           "",
		"place/point/lat":             "",
		"legacy/[test.legacy.weight]": "",
		"anInt32":                     `test.Everything has no field "anInt32": is it an_int32?`,
		"inner/colur":                 `test.Everything has no field "colur": is it colour?`,
		"by_id/x":                     `the keys of by_id are int64, which "x" is not`,
		"by_id/1/nope":                `test.Everything has no field "nope"`,
		"strings/a":                   "strings of test.Everything is a list, and has elements instead of fields",
		"a_string/a":                  "a_string of test.Everything is one value, and has no fields",
		"at/seconds":                  "at of test.Everything is one value, and has no fields",
		"labels/a/b":                  "a of test.Everything is one value, and has no fields",
	} {
		got := ""
		if err := s.Check(strings.Split(path, "/")); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if err := load(t, "everything.proto", "google.protobuf.Struct").Check([]string{"any", "thing"}); err != nil {
		t.Errorf("a Struct: %v", err)
	}
}
