package ndjson_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format/ndjson"
)

func split(payload []byte) (parts []string, err error) {
	err = ndjson.Splitter{}.Split(payload, nil, func(part []byte) error {
		parts = append(parts, string(part))
		return nil
	})
	return parts, err
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		payload string
		want    []string
	}{
		{"{\"a\":1}\n{\"a\":2}\n", []string{`{"a":1}`, `{"a":2}`}},
		{`{"a":1}{"a":2}`, []string{`{"a":1}`, `{"a":2}`}},
		{"\r\n{\n \"a\": 1\n}\r\n\r\n{}", []string{"{\n \"a\": 1\n}", "{}"}},
		{" \n", []string{"the payload is empty"}},
		{"{}\n[1]", []string{"the payload is not NDJSON: record 2, at byte 3, is no JSON object"}},
		{"{},{}", []string{"the payload is not NDJSON: record 2, at byte 2, is no JSON object"}},
		{"{}\n{\"a\":01}", []string{"the payload is not NDJSON: a comma or a closing bracket is missing at byte 9, in record 2"}},
		{strings.Repeat(`{"":`, 1<<20), []string{"the payload is not NDJSON: nesting too deep at byte 40000, in record 1"}},
	} {
		got, err := split([]byte(tt.payload))
		if err != nil {
			got = []string{err.Error()}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", tt.payload, diff)
		}
	}
	stop := errors.New("stop")
	if err := (ndjson.Splitter{}).Split([]byte("{}{}"), nil, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("each's error is %v", err)
	}
}

// FuzzSplit holds that payloads come apart as go-json-experiment reads them.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"{}\n{}", "{}{}", `{"a":[{}]} {"b":"}"}`, "{}\n1", "{", "\xef\xbb\xbf{}", `{"a":"\ud800"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := split(payload)
		var want []string
		dec := jsontext.NewDecoder(bytes.NewReader(payload), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		for dec.PeekKind() == '{' {
			v, err := dec.ReadValue()
			if err != nil {
				break
			}
			want = append(want, string(v))
		}
		all := len(bytes.Trim(payload[dec.InputOffset():], " \n\r\t")) == 0 && len(want) > 0
		if all != (err == nil) {
			t.Fatalf("the library reads all: %t, we: %v", all, err)
		}
		if err == nil && !cmp.Equal(want, got) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	payload := []byte(strings.Repeat(`{"ts":"2024-05-01T10:00:00Z","service":"cart","status":502,"latency_ms":35,"tags":["a","b"]}`+"\n", 100))
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			if err := (ndjson.Splitter{}).Split(payload, nil, func([]byte) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("jsontext", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			dec := jsontext.NewDecoder(bytes.NewReader(payload))
			for dec.PeekKind() == '{' {
				if _, err := dec.ReadValue(); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
