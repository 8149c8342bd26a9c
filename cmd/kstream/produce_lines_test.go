package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// allLines returns what a feed gives to its end, as "place: data", and its last error.
func allLines(next feed) (got []string, err error) {
	for err == nil {
		var lines []line
		lines, err = next()
		for _, l := range lines {
			text := string(l.data)
			if l.err != nil {
				text = "error"
			}
			got = append(got, l.place+": "+text)
		}
	}
	return got, err
}

func TestReadLines(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		in   io.Reader
		want []string
		err  error
	}{
		{"none", strings.NewReader(""), nil, io.EOF},
		{"three, one empty", strings.NewReader("a\n\nb\r\n"), []string{"line 1: a", "line 2: ", "line 3: b"}, io.EOF},
		{"no end of line", strings.NewReader("a\nb"), []string{"line 1: a", "line 2: b"}, io.EOF},
		{"byte by byte", iotest.OneByteReader(strings.NewReader("one\ntwo\n")), []string{"line 1: one", "line 2: two"}, io.EOF},
		{"one too long", strings.NewReader("a\n" + strings.Repeat("x", maxLine) + "\nb\n"), []string{"line 1: a", "line 2: error", "line 3: b"}, io.EOF},
		{"the last too long", strings.NewReader(strings.Repeat("x", maxLine+1)), []string{"line 1: error"}, io.EOF},
		{"it breaks", io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), []string{"line 1: a"}, broken},
	} {
		got, err := allLines(readLines(t.Context(), []input{{in: c.in}}))
		if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, c.err) {
			t.Errorf("%s: it ends with %v, want %v; lines (-want +got):\n%s", c.name, err, c.err, diff)
		}
	}
}

// Files are read one after the other, packed or not; one that is cut says so, when its lines have been given.
func TestReadFiles(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, "one\ntwo\n")
	must(t, errors.Join(err, z.Close()))
	dir := t.TempDir()
	var inputs []input
	for _, f := range []struct{ name, text string }{
		{"a.jsonl.gz", packed.String()}, {"b.jsonl", "three"}, {"c.gz", packed.String()[:packed.Len()-6]}, {"d.jsonl", "never"},
	} {
		inputs = append(inputs, input{name: filepath.Join(dir, f.name)})
		must(t, os.WriteFile(inputs[len(inputs)-1].name, []byte(f.text), 0o600))
	}
	got, err := allLines(readLines(t.Context(), inputs))
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], dir+"/", "")
	}
	want := []string{"line 1 of a.jsonl.gz: one", "line 2 of a.jsonl.gz: two", "line 1 of b.jsonl: three", "line 1 of c.gz: one", "line 2 of c.gz: two"}
	if diff := cmp.Diff(want, got); diff != "" || err == nil || !strings.Contains(err.Error(), "c.gz: the file is cut") {
		t.Errorf("it ends with %v; lines (-want +got):\n%s", err, diff)
	}
}

// However lines are cut into batches, they are all there, in order, and a batch is bounded.
func TestReadLinesInBatches(t *testing.T) {
	var text strings.Builder
	const n = 5_000
	for i := range n {
		fmt.Fprintf(&text, "%d%s\n", i, strings.Repeat("x", i%300))
	}
	next := readLines(t.Context(), []input{{in: strings.NewReader(text.String())}})
	seen := 0
	for {
		lines, err := next()
		if len(lines) > batchLines {
			t.Fatalf("a batch of %d lines", len(lines))
		}
		for _, l := range lines {
			if want := fmt.Sprintf("%d%s", seen, strings.Repeat("x", seen%300)); string(l.data) != want {
				t.Fatalf("line %d is %q, want %q", seen+1, l.data, want)
			}
			seen++
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if seen != n {
		t.Errorf("%d lines, want %d", seen, n)
	}
}

// A stop does not wait for a line that nobody writes.
func TestReadLinesStop(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	stop, cancel := context.WithCancel(t.Context())
	next := readLines(stop, []input{{in: r}})
	cancel()
	if lines, err := next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, %v after the stop", lines, err)
	}
}
