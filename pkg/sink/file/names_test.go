package file

import (
	"os"
	"path/filepath"
	"testing"
)

// A file that a sink would go on with, or that is of its row, is found; others, and a folder that is not there, are none.
func TestTaken(t *testing.T) {
	for _, c := range []struct {
		config Config
		there  string
		taken  bool
	}{
		{Config{Path: "out.jsonl"}, "out.jsonl", true},
		{Config{Path: "out.jsonl"}, "other.jsonl", false},
		{Config{Path: "out.jsonl", Compression: Gzip}, "out.jsonl.gz", true},
		{Config{Path: "out.jsonl", Compression: Gzip}, "out.jsonl", false},
		{Config{Path: "out.jsonl", RollSize: 1}, "out-20240501T100000Z-1.jsonl", true},
		{Config{Path: "out.jsonl", RollSize: 1}, "out-20240501T100000Z-2.jsonl.open", true},
		{Config{Path: "out.jsonl", RollSize: 1}, "out.jsonl", false},
		{Config{Path: "no/such/folder/out.jsonl"}, "out.jsonl", false},
		{Config{Path: "no/such/folder/out.jsonl", RollSize: 1}, "out.jsonl", false},
	} {
		dir := t.TempDir()
		there := filepath.Join(dir, c.there)
		if err := os.WriteFile(there, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		c.config.Path = filepath.Join(dir, c.config.Path)
		want := ""
		if c.taken {
			want = there
		}
		if got, err := c.config.Taken(); got != want || err != nil {
			t.Errorf("%+v with %s there: got %q, %v", c.config, c.there, got, err)
		}
	}
}
