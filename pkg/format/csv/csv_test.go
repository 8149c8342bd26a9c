package csv_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format/csv"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

var abc = csv.Config{Names: []string{"a", "b", "c"}}

func decoder(t testing.TB, cfg csv.Config) *csv.Decoder {
	t.Helper()
	d, err := csv.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAppendJSON(t *testing.T) {
	typed := abc
	typed.Types = map[string]scalar.Type{"a": scalar.String, "b": scalar.Number, "c": scalar.Bool}
	tabs := abc
	tabs.Delimiter = '\t'
	header := csv.Config{Header: true, Types: typed.Types}
	for _, tt := range []struct {
		name    string
		cfg     csv.Config
		payload string
		want    string // JSON, or what the error says
	}{
		{"inferred", abc, "1.50,true,x y\n", `{"a":1.50,"b":true,"c":"x y"}`},
		{"64 bits and beyond", abc, "9007199254740993,12345678901234567890123,-0.10\r\n", `{"a":9007199254740993,"b":12345678901234567890123,"c":-0.10}`},
		{"no numbers", abc, "007,+1,12e4", `{"a":"007","b":"+1","c":"12e4"}`},
		{"nothing", abc, `,"",`, `{"a":null,"b":"","c":null}`},
		{"quotes", abc, `"a ""b""","x,y","1` + "\n" + `2"`, `{"a":"a \"b\"","b":"x,y","c":"1\n2"}`},
		{"quoted number", abc, `"1","2",3`, `{"a":1,"b":2,"c":3}`},
		{"BOM and blank lines", abc, "\xef\xbb\xbf\n\r\n1,2,3\n\n", `{"a":1,"b":2,"c":3}`},
		{"types", typed, "1,+007,Yes", `{"a":"1","b":7,"c":true}`},
		{"types of nothing", typed, `,"",""`, `{"a":"","b":null,"c":null}`},
		{"types that don't fit", typed, "1,x,true", "field 2 (b), at byte 2: the text is no number"},
		{"tabs", tabs, "1\tx,y\t", `{"a":1,"b":"x,y","c":null}`},
		{"header", header, "a,\"x\"\"y\",c\n1,2,no\n", `{"a":"1","x\"y":2,"c":false}`},
		{"header's fields are not shown", header, "a,b\n1,secret\n", "field 2, at byte 6: the text is no number"},
		{"header alone", header, "a,b\n", "the payload is a header without a record"},
		{"header twice the same", header, "a,a\n1,2\n", "the header's field 2, at byte 2: there is a column of that name already"},
		{"header without name", header, "a,,b\n1,2,3\n", "the header's field 2, at byte 2: a column needs a name"},
		{"few", abc, "1,2\n", "the record at byte 0 has 2 fields, and there are 3 columns"},
		{"many", abc, "1,2,3,4\n", "the record at byte 0 has more fields than the 3 columns"},
		{"second record", abc, "1,2,3\n4,5,6\n", "the payload is not CSV: a second record at byte 6"},
		{"open quote", abc, `1,"2,3`, "the payload is not CSV: the field's closing quote is missing: it opens at byte 2"},
		{"quote inside", abc, `1,2",3`, "the payload is not CSV: a quote inside of a field that does not begin with one at byte 3"},
		{"behind quotes", abc, `1,"2"x,3`, "the payload is not CSV: something stands behind a field's closing quote, at byte 5"},
		{"empty", abc, "\n", "the payload is empty"},
		{"no UTF-8", abc, "1,\xff,3", "the payload is no UTF-8 text: byte 0xff at 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decoder(t, tt.cfg).AppendJSON(nil, []byte(tt.payload))
			if err != nil {
				got = []byte(err.Error())
			}
			if string(got) != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	header := csv.Config{Header: true}
	d := decoder(t, header)
	for _, tt := range []struct {
		payload string
		want    []string
	}{
		{"a,b\n1,x\n2,\"y\nz\"\n", []string{`{"a":1,"b":"x"}`, `{"a":2,"b":"y\nz"}`}},
		{"a,b\n3,z\n", []string{`{"a":3,"b":"z"}`}},
		{"b,a\r\n\r\n3,z", []string{`{"b":3,"a":"z"}`}},
		{"b,a\n", nil},
		{"b,a", nil},
		{"b,abc\n1,2", []string{`{"b":1,"abc":2}`}},
		{"b,a\n1,2,3", []string{"the record at byte 4 has more fields than the 2 columns"}},
		{"b,a\n1,2", []string{`{"b":1,"a":2}`}},
	} {
		var got []string
		b := record.NewBatch(0)
		if err := d.Split([]byte(tt.payload), b, func(part []byte) error {
			got = append(got, string(part))
			return nil
		}); err != nil {
			got = []string{err.Error()}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.payload, diff)
		}
	}
}

// A long name over many records would take the square of what came in.
func TestSplitIsBounded(t *testing.T) {
	payload := strings.Repeat("n", 1<<17) + "\n" + strings.Repeat("1\n", 1<<16)
	b := record.NewBatch(0)
	out := 0
	err := decoder(t, csv.Config{Header: true}).Split([]byte(payload), b, func(part []byte) error {
		out += len(part)
		return nil
	})
	if want := 1<<20 + 17*len(payload); err == nil || out > want {
		t.Fatalf("%d bytes and the error %v, want an error before %d", out, err, want)
	}
	if !strings.Contains(err.Error(), "the names in its header are too long") {
		t.Error(err)
	}
}

func TestNew(t *testing.T) {
	for name, cfg := range map[string]csv.Config{
		"no names": {}, "both": {Header: true, Names: []string{"a"}}, "twice": {Names: []string{"a", "a"}},
		"no name": {Names: []string{""}}, "quote": {Header: true, Delimiter: '"'}, "line": {Header: true, Delimiter: '\n'},
		"type": {Names: []string{"a"}, Types: map[string]scalar.Type{"b": scalar.Bool}},
	} {
		if _, err := csv.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Nobody has so many columns, and each takes memory.
func TestColumnsAreBounded(t *testing.T) {
	var header strings.Builder
	for i := range 1 << 16 {
		fmt.Fprintf(&header, "%x,", i)
	}
	payload := []byte(header.String() + "x\n" + strings.Repeat(",", 1<<16))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decoder(t, csv.Config{Header: true}).AppendJSON(nil, payload)
	runtime.ReadMemStats(&after)
	if want := "the header's field 16385, at byte 77552: there are more than 16384 columns"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d bytes are allocated", n)
	}
}
