package lookup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format"
)

// TestForms holds which files are tables, and what the rows are.
func TestForms(t *testing.T) {
	for _, tt := range []struct{ name, file, key, look, want string }{
		{"CSV", "id,tier,limit\n7,gold,10\n8,silver,\n", "id", "8", `{"id":8,"tier":"silver","limit":null}`},
		{"CSV with a mark and CRLF", "\xef\xbb\xbfid,tier\r\n7,gold\r\n", "id", "7", `{"id":7,"tier":"gold"}`},
		{"CSV, a key of text", "id,tier\n007,gold\n", "id", "007", `{"id":"007","tier":"gold"}`},
		{"CSV, the last column", "tier,customer id\n\"go,ld\",a b\n", "customer id", "a b", `{"tier":"go,ld","customer id":"a b"}`},
		{"CSV of a header", "id,tier\n", "id", "7", ""},
		{"lines", "{\"id\":7,\"t\":1}\n{\"id\": 8.0, \"t\":2}\n\n", "id", "8", `{"id": 8.0, "t":2}`},
		{"one line", `{"id":"a\u0062","t":1}`, "id", "ab", `{"id":"a\u0062","t":1}`},
		{"objects without lines", `{"id":1} {"id":2}{"id":3}`, "id", "3", `{"id":3}`},
		{"a list", ` [ {"id":7,"t":1}, {"id":7,"t":2} ] `, "id", "7", `{"id":7,"t":2}`},
		{"an empty list", `[]`, "id", "7", ""},
		{"an object of rows", `{"7":{"t":1},"8":{"t":2}}`, "id", "8", `{"t":2}`},
		{"an object of rows, one by the key's name", `{"id":{"t":1}}`, "id", "id", `{"t":1}`},
		{"an object of values", `{"7":"gold","8":[1]}`, "", "7", `"gold"`},
		{"true as a key", `[{"id":true}]`, "id", "true", `{"id":true}`},
		{"a key beyond 64 bits", `[{"id":1e30}]`, "id", "1e+30", `{"id":1e30}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := Open(Config{Path: write(t, tt.file), Key: tt.key})
			if err != nil {
				t.Fatal(err)
			}
			if got := string(table.Row([]byte(tt.look))); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := table.Row([]byte("nobody")); got != nil {
				t.Errorf("a miss gave %s", got)
			}
		})
	}
}

// TestFaults holds what is said of a file that is no table.
func TestFaults(t *testing.T) {
	for _, tt := range []struct{ name, file, key, want string }{
		{"empty", " \n", "id", "it is empty"},
		{"no key in CSV", "ident,tier\n7,gold\n", "id", "its rows have no field id; they have ident, tier"},
		{"no key in a row", `[{"id":1},{"x":1,"y":2}]`, "id", "its rows have no field id; they have x, y"},
		{"no key said", `[{"id":1}]`, "", "its rows need a key"},
		{"a row without a value", "id,tier\n7,gold\n,silver\n", "id", "row 2 has nothing in the field id"},
		{"a list for a key", `{"id":[1]}` + "\n" + `{"id":2}`, "id", "row 1 has a list or an object in the field id, which can be no key"},
		{"rows that are none", `[{"id":1},5]`, "id", "row 2 is no object"},
		{"plain values and a key", `{"7":"gold"}`, "id", errMember.Error()},
		{"broken JSON", `[{"id":1}`, "id", "it is not JSON: the document ends early at byte 9"},
		{"a broken line", "{\"id\":1}\n{\"id\":}\n", "id", "it is not JSON: no value at byte 15"},
		{"something behind", `[{"id":1}] x`, "id", "it is not JSON: something stands behind the document at byte 11"},
		{"a short line of CSV", "id,tier\n7\n", "id", "the record at byte 8 has 1 fields, and there are 2 columns"},
		{"no UTF-8", "id,tier\n7,\xff\n", "id", "it is no UTF-8 text: byte 0xff at 10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(Config{Path: write(t, tt.file), Key: tt.key})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestFiles holds what is said of what is no file to read.
func TestFiles(t *testing.T) {
	long := write(t, "")
	if err := os.Truncate(long, MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		t.TempDir():                            "it is no regular file",
		"/dev/null":                            "it is no regular file",
		filepath.Join(t.TempDir(), "none.csv"): "no such file or directory",
		long:                                   "it is longer than 64 MiB, which is what a table may take",
	} {
		if _, err := Open(Config{Path: path, Key: "id"}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
	var key *KeyError
	if _, err := Open(Config{Path: write(t, "a,b\n1,2\n"), Key: "c"}); !errors.As(err, &key) || !cmp.Equal(key.Names, []string{"a", "b"}) {
		t.Errorf("got %v, want a KeyError", err)
	}
}

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRefresh holds when a file is read again, what is said, and what holds meanwhile.
func TestRefresh(t *testing.T) {
	path := write(t, "id,v\n1,a\n")
	now := time.Now().Add(time.Hour) // long behind what the files' own times are
	stamp := now.Add(-time.Minute)
	set := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		stamp = stamp.Add(time.Millisecond)
		if err := os.Chtimes(path, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
	var said []string
	table, err := Open(Config{Name: "t", Path: path, Key: "id", Notice: func(msg string) { said = append(said, strings.ReplaceAll(msg, path, "FILE")) }})
	if err != nil {
		t.Fatal(err)
	}
	table.Refresh(now)
	holds := func(after time.Duration, want string) {
		t.Helper()
		now = now.Add(after)
		table.Refresh(now)
		if got := string(table.Row([]byte("1"))); got != `{"id":1,"v":"`+want+`"}` {
			t.Errorf("the row is %s, want %s", got, want)
		}
	}
	set("id,v\n1,b\n")
	holds(Interval/2, "a") // nobody has looked
	holds(Interval/2, "b")
	set("id,v\n1\n")
	holds(Interval, "b")
	holds(Interval, "b")
	set("id,v\n1\n")
	holds(Interval, "b")
	set("id,v\n1,c\n")
	holds(Interval, "c")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	holds(Interval, "c")
	holds(Interval, "c")
	set("id,v\n1,d\n")
	holds(Interval, "d")
	want := []string{
		"table t stays as it was: FILE can't be read again: the record at byte 5 has 1 fields, and there are 2 columns",
		"table t is up to date again: FILE has been read",
		"table t stays as it was: FILE can't be read again: no such file or directory",
		"table t is up to date again: FILE has been read",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// TestRacy holds that a file that was read in the moment it was written is read again, though its size and time stay: file
// systems count time in ticks.
func TestRacy(t *testing.T) {
	path := write(t, "id,v\n1,a\n")
	stamp := time.Now().Add(time.Minute)
	at := func(text string) {
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, stamp, stamp)); err != nil {
			t.Fatal(err)
		}
	}
	table, err := Open(Config{Path: path, Key: "id"})
	if err != nil {
		t.Fatal(err)
	}
	at("id,v\n1,b\n")
	table.Refresh(stamp.Add(Interval / 2))
	at("id,v\n1,c\n")
	table.Refresh(stamp.Add(2 * Interval))
	if got := string(table.Row([]byte("1"))); got != `{"id":1,"v":"c"}` {
		t.Errorf("the row is %s, want that of the last file", got)
	}
}

// TestTogether has many goroutines use a table that changes: each row that they see is one of a whole file.
func TestTogether(t *testing.T) {
	path := write(t, `{"a":{"v":0},"b":{"v":0}}`)
	table, err := Open(Config{Path: path, Key: "id", Notice: func(msg string) { t.Error(msg) }})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(time.Hour)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				table.Refresh(now.Add(time.Duration(i) * Interval))
				if row := table.Row([]byte("a")); row == nil || table.Len() != 2 {
					t.Errorf("the row is %s", row)
				}
			}
		})
	}
	for i := range 50 {
		stamp := now.Add(time.Duration(i) * time.Millisecond)
		next := path + ".next"
		if err := errors.Join(os.WriteFile(next, []byte(`{"a":{"v":1},"b":{"v":1}}`), 0o600), os.Chtimes(next, stamp, stamp), os.Rename(next, path)); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}

// FuzzParse holds that no file takes the process down, and that every row is JSON.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"id,v\n1,a\n", `[{"id":1}]`, `{"id":1}` + "\n" + `{"id":2}`, `{"1":{"v":2}}`, "id\n\"a\"\"\n", `{"id":"\ud800"}`} {
		f.Add([]byte(seed), "id")
		f.Add([]byte(seed), "")
	}
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		rows, err := parse(data, key)
		if err != nil {
			return
		}
		for k, row := range rows {
			if _, err := format.Validate(row); err != nil {
				t.Errorf("row %q is %q: %v", k, row, err)
			}
		}
	})
}
