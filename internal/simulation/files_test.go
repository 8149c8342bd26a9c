package simulation

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// read returns the lines of all files of a row, in order. Each has to be whole and finished.
func read(t *testing.T, dir, base string) (lines []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, base+"*"))
	must(t, err)
	slices.SortFunc(names, func(a, b string) int { return number(a) - number(b) })
	for _, name := range names {
		text := unpack(t, name)
		if len(names) > 1 && text == "" {
			t.Errorf("%s is empty", name)
		}
		if text != "" && !strings.HasSuffix(text, "\n") {
			t.Errorf("%s ends within a line", name)
		}
		for line := range strings.Lines(text) {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// number is what a row's files are ordered by: x-20060102T150405Z-9.jsonl comes before …-10.jsonl.
func number(name string) (n int) {
	if _, rest, rolls := strings.Cut(name, "Z-"); rolls {
		if _, err := fmt.Sscanf(rest, "%d", &n); err != nil {
			return -1
		}
	}
	return n
}

func unpack(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	var r io.Reader = bytes.NewReader(data)
	switch {
	case strings.HasSuffix(name, ".open"):
		t.Errorf("%s was left open", name)
	case len(data) == 0:
	case strings.HasSuffix(name, ".gz"):
		r, err = gzip.NewReader(r)
		must(t, err)
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		must(t, err)
		defer z.Close()
		r = z
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Errorf("%s is not whole: %v", name, err)
	}
	return string(text)
}
