package parquet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	pq "github.com/parquet-go/parquet-go"

	"github.com/kstream/kstream/pkg/format/parquet"
)

func convert(t testing.TB, spool string, o parquet.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := parquet.Convert(strings.NewReader(spool), &out, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read returns a file's columns, each as "name type", and its rows as JSON lines without nulls.
func read(t testing.TB, file []byte) (columns, rows []string) {
	t.Helper()
	f, err := pq.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	fields := f.Schema().Fields()
	for _, c := range fields {
		columns = append(columns, c.Name()+" "+c.Type().String())
	}
	for _, g := range f.RowGroups() {
		r := g.Rows()
		batch := make([]pq.Row, 10)
		for err == nil {
			var n int
			n, err = r.ReadRows(batch)
			for _, row := range batch[:n] {
				rows = append(rows, text(t, fields, row))
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		err = r.Close()
	}
	return columns, rows
}

func text(t testing.TB, fields []pq.Field, row pq.Row) string {
	t.Helper()
	var b strings.Builder
	for i, v := range row {
		if v.IsNull() {
			continue
		}
		var is any
		switch kind := fields[i].Type().String(); {
		case kind == "JSON":
			is = json.RawMessage(v.ByteArray())
		case strings.HasPrefix(kind, "TIMESTAMP") && strings.Contains(kind, "NANOS"):
			is = time.Unix(0, v.Int64()).UTC()
		case strings.HasPrefix(kind, "TIMESTAMP"):
			is = time.UnixMicro(v.Int64()).UTC()
		case v.Kind() == pq.Boolean:
			is = v.Boolean()
		case v.Kind() == pq.Int64:
			is = v.Int64()
		case v.Kind() == pq.Double:
			is = v.Double()
		default:
			is = string(v.ByteArray())
		}
		value, err := json.Marshal(is)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, ",%q:%s", fields[i].Name(), value)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ name, spool, columns, rows string }{
		{"columns in order of appearance", `{"z":1,"a":true}` + "\n" + `{"m":"x","z":-2}`, "z INT(64,true)|a BOOLEAN|m STRING", `{"z":1,"a":true}|{"z":-2,"m":"x"}`},
		{"null is missing", `{"a":null,"b":1}` + "\n{}\n" + `{"b":null}`, "b INT(64,true)", `{"b":1}|{}|{}`},
		{"nothing but nulls", `{"a":null}`, "_rest JSON", `{}`},
		{"no rows", ``, "_rest JSON", ``},
		{"the largest integers", `{"n":9223372036854775807}` + "\n" + `{"n":-9223372036854775808}`, "n INT(64,true)", `{"n":9223372036854775807}|{"n":-9223372036854775808}`},
		{"integers and floats", `{"n":1}` + "\n" + `{"n":0.10}` + "\n" + `{"n":1e21}`, "n DOUBLE", `{"n":1}|{"n":0.1}|{"n":1e+21}`},
		{"an integer that a double would change", `{"n":9007199254740993}` + "\n" + `{"n":0.5}`, "n STRING", `{"n":"9007199254740993"}|{"n":"0.5"}`},
		{"more digits than a double has", `{"n":0.12345678901234567890}`, "n STRING", `{"n":"0.12345678901234567890"}`},
		{"beyond all ranges", `{"n":18446744073709551616}` + "\n" + `{"n":1e400}`, "n STRING", `{"n":"18446744073709551616"}|{"n":"1e400"}`},
		{"a zero of many digits", `{"n":0.000}` + "\n" + `{"n":0e999999999999999999999}`, "n DOUBLE", `{"n":0}|{"n":0}`},
		{"times", `{"t":"2024-05-01T10:00:00Z"}` + "\n" + `{"t":"2024-05-01T12:00:00.5+02:00"}`, "t TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)", `{"t":"2024-05-01T10:00:00Z"}|{"t":"2024-05-01T10:00:00.5Z"}`},
		{"nanoseconds", `{"t":"2024-05-01T10:00:00.123456789Z"}` + "\n" + `{"t":"2024-05-01T10:00:00Z"}`, "t TIMESTAMP(isAdjustedToUTC=true,unit=NANOS)", `{"t":"2024-05-01T10:00:00.123456789Z"}|{"t":"2024-05-01T10:00:00Z"}`},
		{"a far time", `{"t":"9000-01-01T00:00:00Z"}`, "t TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)", `{"t":"9000-01-01T00:00:00Z"}`},
		{"a far time of nanoseconds", `{"t":"9000-01-01T00:00:00.000000001Z"}`, "t STRING", `{"t":"9000-01-01T00:00:00.000000001Z"}`},
		{"a far time beside nanoseconds", `{"t":"9000-01-01T00:00:00Z"}` + "\n" + `{"t":"2000-01-01T00:00:00.000000001Z"}`, "t STRING", `{"t":"9000-01-01T00:00:00Z"}|{"t":"2000-01-01T00:00:00.000000001Z"}`},
		{"a time that is finer than nanoseconds", `{"t":"2024-05-01T10:00:00.0000000001Z"}`, "t STRING", `{"t":"2024-05-01T10:00:00.0000000001Z"}`},
		{"one string that is no time", `{"t":"2024-05-01T10:00:00Z"}` + "\n" + `{"t":"soon"}`, "t STRING", `{"t":"2024-05-01T10:00:00Z"}|{"t":"soon"}`},
		{"nested", `{"o":{"a":[1,null]},"l":[ ]}`, "o JSON|l JSON", `{"o":{"a":[1,null]},"l":[]}`},
		{"of several kinds", `{"v":1}` + "\n" + `{"v":"1"}` + "\n" + `{"v":true}` + "\n" + `{"v":[1]}`, "v JSON", `{"v":1}|{"v":"1"}|{"v":true}|{"v":[1]}`},
		{"escapes", `{"a\u00e9":"\"\n\ud83d\ude00"}`, "aé STRING", `{"aé":"\"\n😀"}`},
		{"no UTF-8", "{\"a\":\"\xff!\"}", "a STRING", `{"a":"` + "\uFFFD" + `!"}`},
		{"names of one spelling", `{"a":1,"A":2,"a.b":3,"_":4,"1":5}`, "a INT(64,true)|A INT(64,true)|a.b INT(64,true)|_ INT(64,true)|1 INT(64,true)", `{"a":1,"A":2,"a.b":3,"_":4,"1":5}`},
		{"one name twice", `{"a":1,"a":2}`, "a INT(64,true)", `{"a":2}`},
		{"no name", `{"":1,"_rest":2}`, "_rest INT(64,true)|__rest JSON", `{"_rest":2,"__rest":{"":1}}`},
		{"lines of Windows, and empty ones", "{\"a\":1}\r\n\n \n{\"a\":2}\r\n", "a INT(64,true)", `{"a":1}|{"a":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, how := range []parquet.Compression{parquet.None, parquet.Gzip, parquet.Zstd} {
				columns, rows := read(t, convert(t, c.spool, parquet.Options{Compression: how}))
				if diff := cmp.Diff(c.columns, strings.Join(columns, "|")); diff != "" {
					t.Errorf("columns (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.rows, strings.Join(rows, "|")); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A spool that is not what Rows writes is an error that names the line, and a compression that there is not is one too.
func TestConvertRefuses(t *testing.T) {
	for _, c := range []struct {
		spool, says string
		how         parquet.Compression
	}{
		{"{}\n{\"a\":", "line 2", parquet.None},
		{"{}\n[]\n", "line 2: the record is no JSON object", parquet.None},
		{strings.Repeat(" ", parquet.MaxRow+2), "line 1: a row has more than 64 MiB", parquet.None},
		{"{}", "lz4", "lz4"},
	} {
		err := parquet.Convert(strings.NewReader(c.spool), io.Discard, parquet.Options{Compression: c.how})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %v, want it to say %q", err, c.says)
		}
	}
	full := errors.New("full")
	if err := parquet.Convert(strings.NewReader(`{"a":1}`), broken{full}, parquet.Options{}); !errors.Is(err, full) {
		t.Errorf("got %v, want what writing says", err)
	}
}

type broken struct{ error }

func (b broken) Write([]byte) (int, error) { return 0, b.error }

// A producer of ever new names makes a file with a bounded number of columns, and loses nothing.
func TestManyNames(t *testing.T) {
	var spool strings.Builder
	const rows = parquet.MaxColumns + 50
	for i := range rows {
		fmt.Fprintf(&spool, "{\"n%d\":%d}\n", i, i)
	}
	fmt.Fprintf(&spool, "{%q:1,\"n0\":7}\n", strings.Repeat("x", parquet.MaxName+1))
	columns, got := read(t, convert(t, spool.String(), parquet.Options{GroupBytes: 1 << 20}))
	if len(columns) != parquet.MaxColumns+1 || columns[parquet.MaxColumns] != "_rest JSON" {
		t.Fatalf("%d columns, the last is %s", len(columns), columns[len(columns)-1])
	}
	if len(got) != rows+1 {
		t.Fatalf("%d rows, want %d", len(got), rows+1)
	}
	if want := fmt.Sprintf(`{"_rest":{"n%d":%[1]d}}`, rows-1); got[0] != `{"n0":0}` || got[rows-1] != want {
		t.Errorf("the first is %s and the last %s, want %s", got[0], got[rows-1], want)
	}
	if !strings.HasPrefix(got[rows], `{"n0":7,"_rest":{"xxx`) {
		t.Errorf("the long name became %.50s", got[rows])
	}
}

// Row groups are as large as they are told to be, huge rows come back whole, and the same rows give the same bytes.
func TestRowGroups(t *testing.T) {
	var spool strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&spool, "{\"i\":%d,\"s\":%q}\n", i, strings.Repeat(string(rune('a'+i%26)), i%97*50))
	}
	fmt.Fprintf(&spool, "{\"i\":1000,\"s\":%q}\n", strings.Repeat("h", 3<<19))
	o := parquet.Options{Compression: parquet.Zstd, GroupBytes: 1 << 18}
	file := convert(t, spool.String(), o)
	if !bytes.Equal(file, convert(t, spool.String(), o)) {
		t.Error("the same rows give other bytes")
	}
	f, err := pq.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.RowGroups()); n < 7 || n > 11 {
		t.Errorf("%d row groups of 256 KiB, in %d bytes of JSON", n, spool.Len())
	}
	_, rows := read(t, file)
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(spool.String()), "\n"), rows); diff != "" {
		t.Errorf("rows differ: %.2000s", diff)
	}
}

// TestBounds holds the smallest and largest values that readers skip row groups and pages by to what is there, and to a size
// that does not grow with the values.
func TestBounds(t *testing.T) {
	huge := strings.Repeat("h", 1<<20)
	spool := fmt.Sprintf("{\"id\":\"b\",\"s\":%[1]q,\"j\":[%[1]q],\"n\":7}\n{\"id\":\"a\",\"s\":\"x\",\"n\":-7}\n{}\n", huge)
	file := convert(t, spool, parquet.Options{})
	if len(file) > 9<<18 {
		t.Errorf("two values of 1 MiB make %d bytes", len(file))
	}
	f, err := pq.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, c := range f.Metadata().RowGroups[0].Columns {
		index := f.ColumnIndexes()[i]
		bounds := "none"
		if s := c.MetaData.Statistics; s.MinValue != nil || s.MaxValue != nil {
			bounds = fmt.Sprintf("%q %q", s.MinValue, s.MaxValue)
		}
		got = append(got, fmt.Sprintf("%s, %q %q %t, %d nulls", bounds, index.MinValues, index.MaxValues, index.NullPages, c.MetaData.Statistics.NullCount))
	}
	want := []string{
		`"a" "b", ["a"] ["b"] [false], 1 nulls`,
		`none, ["" ""] ["\xff" "\xff"] [false false], 1 nulls`,
		`none, ["" ""] ["\xff" ""] [false true], 2 nulls`,
		`"\xf9\xff\xff\xff\xff\xff\xff\xff" "\a\x00\x00\x00\x00\x00\x00\x00", ["\xf9\xff\xff\xff\xff\xff\xff\xff"] ["\a\x00\x00\x00\x00\x00\x00\x00"] [false], 1 nulls`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bounds (-want +got):\n%s", diff)
	}
}

// TestAgainstEncodingJSON holds random rows to what the standard library reads in them: each value of a row is in its
// column, as itself or as its text.
func TestAgainstEncodingJSON(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	atoms := []string{"null", "true", "false", "0", "-1", "17", "9007199254740993", "0.25", "1e3", "1e-7", `""`, `"x"`, `"\u00e9\t"`,
		`"2024-05-01T10:00:00Z"`, `"2024-05-01T10:00:00.000001Z"`, `"2024-05-01T10:00:00.000000001Z"`, `[]`, `{"a":[{"b":null}]}`}
	for range 150 {
		of := make([][]string, 4) // each column draws from a few atoms, so that all types come up
		for i := range of {
			for range 1 + r.IntN(3) {
				of[i] = append(of[i], atoms[r.IntN(len(atoms))])
			}
		}
		var spool []string
		for range 1 + r.IntN(20) {
			var members []string
			for _, i := range r.Perm(len(of))[:r.IntN(len(of)+1)] {
				members = append(members, fmt.Sprintf(`"c%d":%s`, i, of[i][r.IntN(len(of[i]))]))
			}
			spool = append(spool, "{"+strings.Join(members, ",")+"}")
		}
		_, rows := read(t, convert(t, strings.Join(spool, "\n"), parquet.Options{GroupBytes: 1 + r.IntN(500)}))
		var want, got []string
		for _, row := range spool {
			want = append(want, plainly(t, row))
		}
		for _, row := range rows {
			got = append(got, plainly(t, row))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
	}
}

// plainly returns what encoding/json reads in row: without nulls, sorted, and with numbers as their text where they stand
// for themselves.
func plainly(t *testing.T, row string) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(row), &fields); err != nil {
		t.Fatalf("%s: %v", row, err)
	}
	for name, raw := range fields {
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		switch v := v.(type) {
		case nil:
			delete(fields, name)
			continue
		case json.Number:
			// 1e3 and 1000 are one number; the digits of an integer are compared as they are.
			if f, err := v.Float64(); err == nil && f != 9007199254740992 {
				fields[name], _ = json.Marshal(fmt.Sprint(f))
				continue
			}
			fields[name], _ = json.Marshal(v.String())
			continue
		case string:
			if f := json.Number(v); strings.Trim(v, "0123456789.-e") == "" && v != "" {
				n, err := f.Float64()
				if err == nil && n != 9007199254740992 {
					v = fmt.Sprint(n)
				}
			}
			fields[name], _ = json.Marshal(v)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzConvert holds that whatever Rows lets through makes a file with a row for each.
func FuzzConvert(f *testing.F) {
	for _, s := range []string{`{"a":1}`, "{\n \"a\" : [1,\r\n2]}", `{"":{},"A":1e999,"a":-0}`, `{"t":"2024-05-01T10:00:00Z"}`, `[]`, `{"a":"` + "\xff" + `"}`} {
		f.Add([]byte(s), []byte(`{"a":"x","t":"soon"}`))
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var spool []byte
		n := 0
		for _, doc := range [][]byte{one, two} {
			line, err := parquet.Rows{}.AppendPayload(nil, doc)
			if err != nil {
				continue
			}
			if bytes.ContainsAny(line, "\r\n") {
				t.Fatalf("%q has lines", line)
			}
			spool = append(append(spool, line...), '\n')
			n++
		}
		if _, rows := read(t, convert(t, string(spool), parquet.Options{})); len(rows) != n {
			t.Errorf("%d rows, want %d", len(rows), n)
		}
	})
}

func TestRowsRefuse(t *testing.T) {
	for doc, says := range map[string]string{
		`[1]`: "no JSON object", `"x"`: "no JSON object", `{"a":`: "ends early", ``: "",
		`{"a":"` + strings.Repeat("x", parquet.MaxRow) + `"}`: "more than 64 MiB",
	} {
		if _, err := (parquet.Rows{}).AppendPayload(nil, []byte(doc)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: got %v, want it to say %q", doc, err, says)
		}
	}
}
