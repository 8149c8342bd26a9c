package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// A large payload is dumped in part, and said to be.
func TestDump(t *testing.T) {
	got := string(dump(nil, make([]byte, dumped+5)))
	if lines := strings.Count(got, "\n"); lines != dumped/16 || !strings.HasSuffix(got, "\n… and 5 bytes more (-o json has them all)") {
		t.Errorf("got %d lines:\n%s", lines, got)
	}
}

// Log lines may quote what came from elsewhere.
func TestSafeWriter(t *testing.T) {
	var out bytes.Buffer
	line := "ERROR\tno number: \u009b2J\x7f\n"
	n, err := safeWriter{&out}.Write([]byte(line))
	if want := "ERROR\tno number: \\u009b2J\\u007f\n"; err != nil || n != len(line) || out.String() != want {
		t.Errorf("got %q, %d, %v, want %q, %d", out.String(), n, err, want, len(line))
	}
}

// Whatever comes, a terminal is sent nothing that it obeys, JSON stays the JSON that it was, and harmless text as it is.
func FuzzSafe(f *testing.F) {
	for _, seed := range []string{"text\tand\n", "\x1b[31mred\x1b[0m", `{"a":"\u001b"}`, "{\"a\":\"\u0085\u202e\"}", "\xc2\r\n\xff\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := safe(data)
		if !utf8.Valid(got) || bytes.ContainsFunc(got, obeyed) {
			t.Errorf("%q became %q", data, got)
		}
		if !bytes.ContainsFunc(data, obeyed) && utf8.Valid(data) && !bytes.Equal(got, data) {
			t.Errorf("%q, which is harmless, became %q", data, got)
		}
		var was, is any
		if utf8.Valid(data) && !bytes.ContainsRune(data, '\r') && json.Unmarshal(data, &was) == nil {
			if err := json.Unmarshal(got, &is); err != nil || !reflect.DeepEqual(was, is) {
				t.Errorf("%q became %q, which is %v, %v", data, got, is, err)
			}
		}
	})
}
