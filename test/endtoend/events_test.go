package endtoend

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// event is one record that a test puts into a stream.
type event struct{ key, data string }

// events returns records from..to over seven keys. Every third is not to be kept by the chain "filter keep".
func events(from, to int) (es []event) {
	for n := from; n < to; n++ {
		key := fmt.Sprintf("k%d", n%7)
		es = append(es, event{key, fmt.Sprintf(`{"n":%d,"key":%q,"keep":%t}`, n, key, n%3 != 0)})
	}
	return es
}

// kept returns what "filter keep" lets through of events(0, to).
func kept(to int) (lines []string) {
	for _, e := range events(0, to) {
		if strings.Contains(e.data, `"keep":true`) {
			lines = append(lines, e.data)
		}
	}
	return lines
}

func all(to int) (lines []string) {
	for _, e := range events(0, to) {
		lines = append(lines, e.data)
	}
	return lines
}

// sameSet fails the test unless got is want, each line once, and in order for each key.
func sameSet(t *testing.T, want, got []string) {
	t.Helper()
	last := map[string]int{}
	for _, line := range got {
		var e struct {
			N   int
			Key string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if n, seen := last[e.Key]; seen && e.N <= n {
			t.Errorf("key %s: %d comes after %d", e.Key, e.N, n)
		}
		last[e.Key] = e.N
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("wanted (-) and got (+) differ:\n%s", diff)
	}
}

// linesOf returns the lines of the files that the pattern names, in the order of their names; none where there is no file.
func linesOf(t *testing.T, pattern string) (lines []string) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) { // a file may be finished, and renamed, in between
			t.Fatal(err)
		}
		lines = append(lines, splitLines(string(text))...)
	}
	return lines
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
