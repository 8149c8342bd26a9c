package envelope_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/record"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ line, key, data, err string }{
		{`{"key":"a","data":"text"}`, "a", "text", ""},
		{`{"key":"a","data":{"n": 1.0}}`, "a", `{"n": 1.0}`, ""},
		{`{"key":"a","data":null}`, "a", "null", ""},
		{`{"key":"","data_base64":"/wA="}`, "", "\xff\x00", ""},
		{`{"key":{"service":"a"},"partition_key":"b","data":[]}`, "b", "[]", ""},
		{`{"data":"text"}`, "", "", "no key"},
		{`{"key":7,"data":"text"}`, "", "", "its key is 7, and no string"},
		{`{"key":"a"}`, "", "", "no data"},
		{`{"key":"a","data_base64":"?"}`, "", "", "base64"},
		{`{"key":"a",`, "", "", "as JSON"},
		{`[]`, "", "", "as JSON"},
	} {
		got, err := envelope.Parse([]byte(c.line))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got %q, %v; want an error with %q", c.line, got, err, c.err)
			}
			continue
		}
		if err != nil || got.Key != c.key || string(got.Data) != c.data {
			t.Errorf("%s: got %q, %v", c.line, got, err)
		}
	}
}

func TestParseHashKey(t *testing.T) {
	for member, want := range map[string]string{`"340282366920938463463374607431768211455"`: "340282366920938463463374607431768211455", `7`: "7", `null`: "", `""`: "", `"x"`: "x"} {
		got, err := envelope.Parse([]byte(`{"key":"a","data":"x","explicit_hash_key":` + member + `}`))
		if err != nil || got.HashKey != want || got.Key != "a" {
			t.Errorf("%s: got %+v, %v", member, got, err)
		}
	}
}

// What people send as payloads is not taken for an envelope because it has a field of that name.
func TestLooks(t *testing.T) {
	for line, want := range map[string]bool{
		`{"key":"a","data":1}`: true, ` {"partition_key":"a","data_base64":""}`: true, `{"key":"a","data":1,"explicit_hash_key":"7"}`: true,
		`{"key":"a","data":1,"more":2}`: false, `{"key":"a"}`: false, `{"data":"key\"x"}`: false, `"key" "data"`: false, `{"key":"a","data":`: false, "": false,
	} {
		if got := envelope.Looks([]byte(line)); got != want {
			t.Errorf("%s: got %t", line, got)
		}
	}
}

// What Append writes, Parse gives back to the byte.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"", "{}", `{"a": 1}`, "{\"a\":\n1}", ` "text" `, `"text"`, "text", "\xff", "nul\x00", "1e400", `"\ud800"`, " 7", "7\t", "\u2028"} {
		f.Add("key", []byte(s))
	}
	f.Fuzz(func(t *testing.T, key string, data []byte) {
		r := rec("")
		r.Key = []byte(strings.ToValidUTF8(key, "?"))
		line := envelope.Append(nil, partition, r, data)
		letter := envelope.AppendRejected(nil, partition, &record.Rejected{
			Record: record.Record{Key: r.Key, Data: data}, Stage: "1:decode", Err: errors.New("no"), Key: []byte(`{"service":"a"}`),
		})
		for _, text := range [][]byte{line, letter} {
			if !envelope.Looks(text) {
				t.Fatalf("%s is not taken for an envelope", text)
			}
			got, err := envelope.Parse(text)
			if err != nil || got.Key != string(r.Key) || !bytes.Equal(got.Data, data) {
				t.Fatalf("%s: got key %q and data %q, %v; want %q and %q", text, got.Key, got.Data, err, r.Key, data)
			}
		}
	})
}
