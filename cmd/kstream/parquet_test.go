package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pq "github.com/parquet-go/parquet-go"
)

// TestParquetKilledAtAnyMoment is TestKilledAtAnyMoment for files that are made whole: each can be read by itself, every
// record stands in one of them, once and in order, and nothing of their making is left.
func TestParquetKilledAtAnyMoment(t *testing.T) {
	for name, roll := range map[string]string{"one file a run": "", "rolling": "2kB"} {
		t.Run(name, func(t *testing.T) {
			seed := rand.Uint64()
			r := rand.New(rand.NewPCG(seed, 0))
			server := embedded(t)
			want, wantDead := fillAndReshard(t, server)
			dir := t.TempDir()
			variables := map[string]string{
				"KSTREAM_STREAM": "in", "KSTREAM_UNTIL": "now", "KSTREAM_SINK": "file", "KSTREAM_FILE_PATH": filepath.Join(dir, "out", "x.parquet"),
				"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_CHECKPOINT_INTERVAL": "5ms", "KSTREAM_POLL_INTERVAL": "0s",
				"KSTREAM_FILE_ROLL_SIZE": roll, "KSTREAM_HTTP_ADDR": "none", "KSTREAM_OPERATORS": "filter keep | map n, key | encode parquet",
			}
			kills := 0
			for !runOrKill(t, server, variables, 1+r.IntN(5)) {
				if kills++; kills == 6 {
					variables["KSTREAM_POLL_INTERVAL"] = "" // enough of it
				}
			}
			t.Logf("seed %d, %d kills", seed, kills)
			got := readParquet(t, filepath.Join(dir, "out"))
			checkOrder(t, got)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("wanted (-) and written (+) differ:\n%s", diff)
			}
			if diff := cmp.Diff(wantDead, deadLetters(t, filepath.Join(dir, "state", "dead-letters.jsonl"))); diff != "" {
				t.Errorf("wanted (-) and written (+) dead letters differ:\n%s", diff)
			}
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
