package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// TestParquetKilledAtAnyMoment is TestKilledAtAnyMoment for files that are made whole: each can be read by itself, every
// record stands in one of them, once and in order, and nothing of their making is left.
func TestParquetKilledAtAnyMoment(t *testing.T) {
	for name, roll := range map[string]string{"one file a run": "", "rolling": "2kB"} {
		t.Run(name, func(t *testing.T) {
			server, r, dir := embedded(t), dice(t), t.TempDir()
			want, wantDead := fillAndReshard(t, server)
			killUntilDone(t, server, r, filepath.Join(dir, "out", "x.parquet"), func() map[string]string {
				return map[string]string{
					"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_FILE_ROLL_SIZE": roll,
					"KSTREAM_OPERATORS": "filter keep | map n, key | encode parquet",
				}
			})
			got := readParquet(t, filepath.Join(dir, "out"))
			checkOnce(t, got, want, wantDead, dir)
		})
	}
}

// readParquet returns the rows of all files, by their numbers, as lines of JSON.
func readParquet(t *testing.T, dir string) (lines []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".parquet") {
			t.Errorf("%s was left", e.Name())
			continue
		}
		names = append(names, e.Name())
	}
	slices.SortFunc(names, cmpNumbers)
	for _, name := range names {
		rows, err := pq.ReadFile[struct {
			N   int64  `parquet:"n,optional"`
			Key string `parquet:"key,optional"`
		}](filepath.Join(dir, name))
		must(t, err)
		for _, r := range rows {
			lines = append(lines, fmt.Sprintf(`{"n":%d,"key":%q}`, r.N, r.Key))
		}
	}
	return lines
}
