package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// TestKilledAtAnyMoment kills the daemon, as the kernel or a power cut would, at calls chosen at random, over a stream
// that is split and merged, and lets it go on each time. In the files every record stands once, in order for its key,
// and what could not be handled stands once among the dead letters.
func TestKilledAtAnyMoment(t *testing.T) {
	for _, c := range []struct{ name, compression, roll string }{
		{"one file", "none", ""},
		{"rolling", "none", "2kB"},
		{"rolling and compressed", "gzip", "1kB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, r, dir := embedded(t), dice(t), t.TempDir()
			want, wantDead := fillAndReshard(t, server)
			killUntilDone(t, server, r, filepath.Join(dir, "out", "x.jsonl"), func() map[string]string {
				return map[string]string{
					"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_OPERATORS": "filter keep | map n, key",
					"KSTREAM_FILE_COMPRESSION": c.compression, "KSTREAM_FILE_ROLL_SIZE": c.roll,
				}
			})
			got := readOutput(t, filepath.Join(dir, "out"), c.compression)
			checkOnce(t, got, want, wantDead, dir)
		})
	}
}

// fillAndReshard puts records into a stream that is split and merged on the way, and returns what has to come out of it.
func fillAndReshard(t *testing.T, server *kinesislocal.Server) (want, dead []string) {
	t.Helper()
	must(t, server.CreateStream("in", 2))
	n := 0
	padding := strings.Repeat("x", 10_000) // so that a run takes many pages, and has many moments to be killed at
	put := func(count int) {
		for range count {
			key := fmt.Sprintf("k%d", n%7)
			data := fmt.Sprintf(`{"n":%d,"key":%q,"keep":%t,"padding":%q}`, n, key, n%3 != 0, padding)
			switch {
			case n%50 == 49:
				data = fmt.Sprintf(`{"n":%d,`, n)
				dead = append(dead, data)
			case n%3 != 0:
				want = append(want, fmt.Sprintf(`{"n":%d,"key":%q}`, n, key))
			}
			if _, _, err := server.Put("in", key, []byte(data)); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	put(300)
	left, right, err := server.Split("in", "shardId-000000000000")
	must(t, err)
	put(300)
	_, err = server.Merge("in", left, right)
	must(t, err)
	put(300)
	slices.Sort(want)
	slices.Sort(dead)
	return want, dead
}

// dice returns a source of chance, whose seed a failure prints.
func dice(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// killUntilDone runs the daemon over the stream "in" into file, kills it at calls that r chooses, and lets it go on until it has come
// to the end of the stream. more are the other variables of each start.
func killUntilDone(t *testing.T, server *kinesislocal.Server, r *rand.Rand, file string, more func() map[string]string) {
	t.Helper()
	const enough = 7 // kills
	variables := map[string]string{
		"KSTREAM_STREAM": "in", "KSTREAM_UNTIL": "now", "KSTREAM_SINK": "file", "KSTREAM_FILE_PATH": file, "KSTREAM_HTTP_ADDR": "none",
		"KSTREAM_CHECKPOINT_INTERVAL": "5ms", "KSTREAM_POLL_INTERVAL": "0s",
	}
	for kills := 0; ; kills++ {
		call := 1 + r.IntN(5)
		if kills == enough {
			variables["KSTREAM_POLL_INTERVAL"], call = "", never
		}
		maps.Copy(variables, more())
		if runOrKill(t, server, variables, call) {
			t.Logf("%d kills", kills)
			return
		}
	}
}

// checkOnce holds what was written to want: each line once, those of a key in order, and the dead letters in the state folder of dir.
func checkOnce(t *testing.T, got, want, wantDead []string, dir string) {
	t.Helper()
	checkOrder(t, got)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted (-) and written (+) differ:\n%s", diff)
	}
	if diff := cmp.Diff(wantDead, deadLetters(t, filepath.Join(dir, "state", "dead-letters.jsonl"))); diff != "" {
		t.Errorf("wanted (-) and written (+) dead letters differ:\n%s", diff)
	}
}

// never is a call that no run comes to.
const never = 1 << 30

// runOrKill runs the daemon, kills it at that call for records, and reports whether it came to its end before.
func runOrKill(t *testing.T, server *kinesislocal.Server, variables map[string]string, call int) (ended bool) {
	t.Helper()
	var stderr bytes.Buffer
	c := process(t, variables, "run")
	c.Stderr = &stderr
	var killed atomic.Bool
	started := make(chan struct{})
	fault, err := server.Inject(kinesislocal.Fault{Operation: "GetRecords", After: call, Times: 1, Do: func(kinesislocal.Call) {
		killed.Store(true)
		<-started
		_ = c.Process.Signal(syscall.SIGKILL) // it may have ended in this moment
	}})
	must(t, err)
	defer fault.Remove()
	must(t, c.Start())
	close(started)
	err = c.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return true
	case killed.Load() && errors.As(err, &exit) && exit.ExitCode() == -1:
		return false
	}
	t.Fatalf("the daemon ended with %v:\n%s", err, stderr.String())
	return false
}

// readOutput returns the lines of all files, which must be whole and finished.
func readOutput(t *testing.T, dir, compression string) (lines []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.SortFunc(names, cmpNumbers) // x-…-9 comes before x-…-10
	for _, name := range names {
		if strings.HasSuffix(name, ".open") {
			t.Errorf("%s was left open", name)
		}
		f, err := os.Open(filepath.Join(dir, name))
		must(t, err)
		var r io.Reader = f
		if compression == "gzip" {
			r, err = gzip.NewReader(f)
			must(t, err)
		}
		text, err := io.ReadAll(r)
		must(t, err)
		must(t, f.Close())
		for line := range strings.Lines(string(text)) {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

func cmpNumbers(a, b string) int {
	number := func(s string) (n int) {
		_, rest, _ := strings.Cut(s, "Z-")
		_, _ = fmt.Sscanf(rest, "%d", &n)
		return n
	}
	return number(a) - number(b)
}

// checkOrder holds that the records of a key stand in the order in which they were put.
func checkOrder(t *testing.T, lines []string) {
	t.Helper()
	before := map[string]int{}
	for _, line := range lines {
		var r struct {
			N   int
			Key string
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if last, seen := before[r.Key]; seen && r.N <= last {
			t.Errorf("record %d of key %s comes after %d", r.N, r.Key, last)
		}
		before[r.Key] = r.N
	}
}

func deadLetters(t *testing.T, name string) (data []string) {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	for line := range strings.Lines(string(text)) {
		var letter struct {
			Data, Stage, Error, Shard, Sequence string
		}
		if err := json.Unmarshal([]byte(line), &letter); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if letter.Stage == "" || letter.Error == "" || letter.Shard == "" || letter.Sequence == "" {
			t.Errorf("the dead letter %s lacks its position or its error", line)
		}
		data = append(data, letter.Data)
	}
	slices.Sort(data)
	return data
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
