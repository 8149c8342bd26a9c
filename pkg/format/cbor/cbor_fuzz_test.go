package cbor

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"

	"github.com/kstream/kstream/pkg/format"
)

// maxGrowth is how many bytes of JSON come of a byte: a time of two is "1970-01-01T00:00:00Z".
const maxGrowth = 12

// oracle reads what we read, where its own limits allow it.
func oracle(t testing.TB) cbor.DecMode {
	m, err := cbor.DecOptions{
		UTF8: cbor.UTF8DecodeInvalid, MaxNestedLevels: 65535, MaxArrayElements: 1 << 20, MaxMapPairs: 1 << 20, DefaultMapType: nil,
	}.DecMode()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// FuzzTranscoder holds what we read against fxamacker/cbor: what we take is well-formed to it, what it takes and we don't is
// one of the things that JSON can't say, and what both take is the same.
func FuzzTranscoder(f *testing.F) {
	for _, s := range []string{
		"\xa0", in("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), in("\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00"), in("\xc4\x82\x21\x19\x6a\xb3"),
		in("\x86\xf4\xf5\xf6\xf7\xf0\xf8\xff"), in("\x7f\x61a\x60\x62\"\n\xff"), in("\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00"), in("\xf9\x00\x01"),
		"\xbf\x61a\x9f\x01\x02\xff\x61b\xa0\xff", "\xd9\xd9\xf7\xa1\x61a\x01", in("\x9b\xff\xff\xff\xff\xff\xff\xff\xff"), "\xa2\x07\x01\x20\x02", in("\x43\xff\xfe\xfd"),
	} {
		f.Add([]byte(s))
	}
	lib := oracle(f)
	var c Transcoder
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := c.AppendJSON(nil, payload)
		projects(t, payload, doc, err)
		if len(doc) > maxGrowth*len(payload)+32 {
			t.Fatalf("%d bytes of %d", len(doc), len(payload))
		}
		wellFormed := lib.Wellformed(payload)
		var e *format.PayloadError
		if errors.As(err, &e) {
			if wellFormed == nil && !unsayable[e.Problem] {
				t.Fatalf("%q: %v, and is well-formed", payload, err)
			}
			return
		}
		if wellFormed != nil {
			t.Fatalf("%q reads as %s, and is not well-formed: %v", payload, doc, wellFormed)
		}
		if _, err := format.Validate(doc); err != nil {
			t.Fatalf("%q reads as %q: %v", payload, doc, err)
		}
		var want, got any
		d := json.NewDecoder(bytes.NewReader(doc))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if lib.Unmarshal(payload, &want) == nil {
			if diff := differ(got, want); diff != "" {
				t.Fatalf("%q reads as %s: %s", payload, doc, diff)
			}
		}
	})
}

var unsayable = map[string]bool{
	noMap: true, tooDeep: true, "a map has a map or array as a name": true, "a time that is no text": true, "a time that is no number": true,
	"a time beyond what RFC 3339 can write": true, "a bignum that is no byte string": true, "a bignum of more than 1024 bytes": true,
	"a decimal fraction that is not an exponent and a mantissa": true,
}

// differ compares what our JSON holds with what the library made of the payload, and says where they differ.
func differ(got, want any) string {
	switch w := want.(type) {
	case map[any]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%v, want a map", got)
		}
		for k, v := range w {
			if name, ok := k.(string); ok && utf8.ValidString(name) && len(g) == len(w) {
				if diff := differ(g[name], v); diff != "" {
					return name + ": " + diff
				}
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%v, want %v", got, want)
		}
		for i := range w {
			if diff := differ(g[i], w[i]); diff != "" {
				return diff
			}
		}
		return ""
	case float64:
		if n, ok := got.(json.Number); ok {
			f, _ := strconv.ParseFloat(n.String(), 64)
			single := float64(float32(w)) == w && float32(f) == float32(w)
			if f == w || single {
				return ""
			}
		} else if s, ok := got.(string); ok && (s == "NaN") == (w != w) {
			return ""
		}
	case cbor.Tag:
		if w.Number == tagDecimal {
			return ""
		}
		return differ(got, w.Content)
	case time.Time:
		if s, ok := got.(string); ok && (s == w.UTC().Format(time.RFC3339Nano) || w.Nanosecond() != 0) {
			return ""
		}
	default:
		if text(want) == fmt.Sprint(got) {
			return ""
		}
	}
	return fmt.Sprintf("%v, want %v (%T)", got, want, want)
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return string([]rune(v)) // what is no UTF-8 becomes U+FFFD
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case big.Int:
		return v.String()
	case cbor.SimpleValue:
		return strconv.Itoa(int(v))
	}
	return fmt.Sprint(v)
}
