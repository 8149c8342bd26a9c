package csv_test

import (
	"bytes"
	stdlib "encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// texts has every column be a string.
var texts = csv.Config{Names: []string{"a", "b"}, Types: map[string]scalar.Type{"a": scalar.String, "b": scalar.String}}

// FuzzSplit holds that payloads read as encoding/csv reads them, and that what is one of them as JSON, inferred, comes back
// as the same text from the encoder.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\"a\"\"\",\"b\nc\"\r\n\r\n,\n", "a,b\rc\r", "\xef\xbb\xbfa,b", "\"\",\"\"", "a,\"b", "a\"b,c", "\"a\"b,c", "1e5,007\n-,true", " a , b ",
	} {
		f.Add([]byte(s))
	}
	typed, inferred := decoder(f, texts), decoder(f, csv.Config{Names: texts.Names})
	e := encoder(f, csv.EncoderConfig{Columns: paths([]string{"a"}, []string{"b"})})
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := split(t, typed, payload)
		want, theirs := library(payload)
		if _, notText := format.Text(payload); notText != nil || len(want) == 0 && theirs == nil {
			if err == nil {
				t.Fatal("no error")
			}
			return
		}
		if (err == nil) != (theirs == nil) {
			t.Fatalf("we: %v, the library: %v", err, theirs)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, rows(t, got)); diff != "" {
			t.Fatalf("(-library +ours)\n%s", diff)
		}
		again, err := split(t, inferred, payload)
		if err != nil {
			t.Fatal(err)
		}
		var lines []byte
		for _, doc := range again {
			if lines, err = e.AppendPayload(lines, []byte(doc)); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, '\n')
		}
		if back, err := split(t, typed, lines); err != nil || !cmp.Equal(back, got) {
			t.Fatalf("%q comes back as %q, %v, want %q", lines, back, err, got)
		}
	})
}

func split(t *testing.T, d *csv.Decoder, payload []byte) (parts []string, err error) {
	t.Helper()
	err = d.Split(payload, record.NewBatch(0), func(part []byte) error {
		if _, err := format.Validate(part); err != nil {
			t.Errorf("%q: %v", part, err)
		}
		parts = append(parts, string(part))
		return nil
	})
	return parts, err
}

func library(payload []byte) (rows [][]string, err error) {
	r := stdlib.NewReader(bytes.NewReader(bytes.TrimPrefix(payload, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = len(texts.Names)
	return r.ReadAll()
}

// rows reads what we made. encoding/csv reads CRLF in a field as LF.
func rows(t *testing.T, parts []string) (rows [][]string) {
	t.Helper()
	for _, part := range parts {
		var row struct{ A, B string }
		if err := json.Unmarshal([]byte(part), &row); err != nil {
			t.Fatal(err)
		}
		lf := strings.NewReplacer("\r\n", "\n")
		rows = append(rows, []string{lf.Replace(row.A), lf.Replace(row.B)})
	}
	return rows
}
