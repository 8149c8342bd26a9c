package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWindowsKilledAtAnyMoment kills the daemon while it counts, lets it go on with another number of tasks, and adds up the
// results against the input: each window of each key stands in the file once, with every record in it.
func TestWindowsKilledAtAnyMoment(t *testing.T) {
	server, r, dir := embedded(t), dice(t), t.TempDir()
	kept, _ := fillAndReshard(t, server)
	killUntilDone(t, server, r, filepath.Join(dir, "out", "x.jsonl"), func() map[string]string {
		return map[string]string{
			"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_STATE_MEMORY": "1MiB", "KSTREAM_PARALLELISM": fmt.Sprint(1 + r.IntN(4)),
			"KSTREAM_OPERATORS": "timestamp n, unit s | filter keep | key_by key | window tumbling 1m | aggregate records = count(), sum = sum(n)",
		}
	})
	got := readOutput(t, filepath.Join(dir, "out"), "none")
	slices.Sort(got)
	if diff := cmp.Diff(minutes(t, kept), got); diff != "" {
		t.Errorf("wanted (-) and written (+) differ:\n%s", diff)
	}
}

// minutes is what the chain has to make of the lines: n is the record's time in seconds.
func minutes(t *testing.T, lines []string) (results []string) {
	t.Helper()
	type window struct {
		key   string
		start int
	}
	counts, sums := map[window]int{}, map[window]int{}
	for _, line := range lines {
		var rec struct {
			N   int
			Key string
		}
		must(t, json.Unmarshal([]byte(line), &rec))
		w := window{rec.Key, rec.N / 60 * 60}
		counts[w]++
		sums[w] += rec.N
	}
	at := func(seconds int) string { return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339) }
	for w := range counts {
		results = append(results, fmt.Sprintf(`{"key":%q,"window_start":%q,"window_end":%q,"records":%d,"sum":%d}`,
			w.key, at(w.start), at(w.start+60), counts[w], sums[w]))
	}
	slices.Sort(results)
	return results
}
