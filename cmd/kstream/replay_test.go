package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// stopper stops a command as soon as it writes.
type stopper struct {
	bytes.Buffer
	stop func()
}

func (s *stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(p)
}

// lettersOf writes n letters of one shard to a file.
func lettersOf(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"stream":"s","shard":"a","sequence":"%d","subsequence":0,"partition_key":"k","arrival":"2024-05-01T10:00:00.000Z","data":{"n":%d},"stage":"1:set","error":"x"}`+"\n", i+1, i)
	}
	path := filepath.Join(t.TempDir(), "letters.jsonl")
	must(t, os.WriteFile(path, []byte(b.String()), 0o600))
	return path
}

// A replay that is stopped says how far it was, and that nothing remembers it: whoever deletes the letters by its exit status
// loses none.
func TestReplayIsStopped(t *testing.T) {
	path := lettersOf(t, 50)
	synctest.Test(t, func(t *testing.T) {
		stop, cancel := context.WithCancel(t.Context())
		out := &stopper{stop: cancel}
		term := &terminal{in: strings.NewReader(""), out: out, err: io.Discard, stop: stop, abandoned: new(atomic.Int32)}
		r, err := prepareReplay(term, map[string]string{"operators": "throttle 10/s"}, []string{path}, "")
		must(t, err)
		err = r.do(t.Context(), term)
		written := strings.Count(out.String(), "\n")
		want := fmt.Sprintf("stopped: %d of 50 dead letters have been through the chain; the next replay begins with the first", written)
		if err == nil || err.Error() != want || written == 0 || written == 50 {
			t.Errorf("%d were written, and the error is %v; want %s", written, err, want)
		}
		if statusOf(err) != exitFailed {
			t.Errorf("exit %d", statusOf(err))
		}
	})
}

func TestReplayIsStoppedBeforeItBegins(t *testing.T) {
	stop, cancel := context.WithCancel(t.Context())
	cancel()
	term := &terminal{in: strings.NewReader(""), out: io.Discard, err: io.Discard, stop: stop, abandoned: new(atomic.Int32)}
	r, err := prepareReplay(term, nil, []string{lettersOf(t, 3)}, "")
	must(t, err)
	if err := r.do(t.Context(), term); err == nil || !strings.Contains(err.Error(), "none has been replayed") {
		t.Errorf("got %v", err)
	}
}

// Errors that quote their records are no reason to run out of memory, and each letter is counted.
func TestFailuresAreBounded(t *testing.T) {
	c := new(failures)
	for i := range 3 * mostReasons {
		c.add("1:set", fmt.Sprintf("%d is no good", i))
	}
	c.add("2:filter", "often")
	c.add("2:filter", "often")
	if len(c.reasons) > mostReasons+2 || c.total != 3*mostReasons+2 {
		t.Errorf("%d reasons, %d letters", len(c.reasons), c.total)
	}
	var out bytes.Buffer
	must(t, c.table(&out, "LETTERS"))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 22 || !strings.Contains(lines[1], otherErrors) || !strings.Contains(lines[21], "more errors") {
		t.Errorf("got\n%s", &out)
	}
}
