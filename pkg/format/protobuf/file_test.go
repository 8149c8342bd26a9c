package protobuf_test

import (
	"testing"

	"github.com/kstream/kstream/pkg/format/protobuf"
)

// Payloads of a registry say by number which message of the file they are: Confluent's by place, Glue's by name.
func TestFile(t *testing.T) {
	f, err := protobuf.ParseFile([]byte(`syntax = "proto3"; package a;
message Order { message Line { int32 n = 1; } map<string, Line> lines = 1; }
message Item { string sku = 1; }`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		indexes []int
		want    string
	}{
		{[]int{0}, "a.Order"}, {[]int{1}, "a.Item"}, {[]int{0, 0}, "a.Order.Line"}, {[]int{2}, ""}, {[]int{1, 0}, ""},
	} {
		if s, err := f.At(c.indexes); (err == nil) != (c.want != "") || err == nil && s.Message() != c.want {
			t.Errorf("at %v: got %v, %v, want %q", c.indexes, s, err, c.want)
		}
	}
	// a.Item, a.Order, a.Order.Line, a.Order.LinesEntry
	for n, want := range []string{"a.Item", "a.Order", "a.Order.Line"} {
		if s, err := f.Sorted(n); err != nil || s.Message() != want {
			t.Errorf("%d: got %v, %v, want %s", n, s, err, want)
		}
	}
	if _, err := f.Sorted(4); err == nil {
		t.Error("there is a fifth message")
	}
	first, _ := f.At([]int{1})
	if again, _ := f.Sorted(0); first != again {
		t.Error("one message has two schemas")
	}
}
