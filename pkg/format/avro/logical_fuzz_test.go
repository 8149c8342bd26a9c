package avro

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	lib "github.com/twmb/avro"
)

// FuzzLogical holds that dates, times and decimals are those that twmb/avro reads.
func FuzzLogical(f *testing.F) {
	ours, theirs := parsed(f, times), lib.MustParse(times)
	doc := `{"date":"2023-01-01","tm":"01:02:03.4","tu":5,"im":"2023-01-01T00:00:00Z","iu":1,"in":-1,"lm":"2023-01-01T00:00:00","lu":0,"ln":0,` +
		`"dec":-1.5,"fd":12,"big":1e-5,"id":"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63","span":"P1DT1.5S"}`
	for _, doc := range []string{doc, strings.Replace(doc, "-1.5", "12345678901234567890.123", 1), strings.Replace(doc, `"2023-01-01"`, "2147483647", 1)} {
		payload, err := NewEncoder(ours, nil).AppendPayload(nil, []byte(doc))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := NewDecoder(ours).AppendJSON(nil, payload)
		if err != nil {
			return
		}
		var want map[string]any
		if _, err := theirs.Decode(payload, &want); err != nil {
			if strings.Contains(err.Error(), "exceeds 65536 limit") || strings.Contains(err.Error(), "overflows time.Duration") {
				return
			}
			t.Fatalf("the library refuses what reads as %s: %v", doc, err)
		}
		var got map[string]json.RawMessage
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		for name, v := range want {
			agree(t, name, v, string(got[name]))
		}
	})
}

func agree(t *testing.T, name string, want any, got string) {
	t.Helper()
	switch want := want.(type) {
	case *big.Rat:
		if len(got) > 100 { // an exponent may be far out of reach
			return
		}
		if r, ok := new(big.Rat).SetString(got); !ok || r.Cmp(want) != 0 {
			t.Errorf("%s is %s, the library has %s", name, got, want.RatString())
		}
	case time.Time:
		text, err := strconv.Unquote(got)
		if err != nil { // a number: of no year that RFC 3339 has
			if want.Year() >= 0 && want.Year() <= 9999 {
				t.Errorf("%s is %s, the library has %v", name, got, want)
			}
			return
		}
		for _, form := range []string{time.RFC3339Nano, localForm, dateForm} {
			if v, err := time.Parse(form, text); err == nil {
				if !v.Equal(want) {
					t.Errorf("%s is %s, the library has %v", name, got, want)
				}
				return
			}
		}
		t.Errorf("%s is %s, which is no time", name, got)
	case time.Duration:
		v, err := time.Parse(`"`+timeOfDay+`"`, got)
		if want >= 0 && want < 24*time.Hour {
			if err != nil || v.Sub(v.Truncate(24*time.Hour)) != want {
				t.Errorf("%s is %s, the library has %v", name, got, want)
			}
		} else if err == nil {
			t.Errorf("%s is %s, the library has %v", name, got, want)
		}
	}
}
