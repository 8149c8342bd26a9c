package endtoend

import (
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fileRun returns the variables of a run that writes what "filter keep" lets through to files below dir.
func fileRun(dir, stream string) map[string]string {
	return map[string]string{
		"KSTREAM_STREAM": stream, "KSTREAM_OPERATORS": "filter keep",
		"KSTREAM_SINK": "file", "KSTREAM_FILE_PATH": filepath.Join(dir, "out", "kept.jsonl"), "KSTREAM_STATE_DIR": filepath.Join(dir, "state"),
		"KSTREAM_CHECKPOINT_INTERVAL": "100ms", "KSTREAM_POLL_INTERVAL": "50ms", "KSTREAM_HTTP_ADDR": "none",
	}
}

// bounded returns the variables for a run that ends at what is in the stream now.
func bounded(variables map[string]string) map[string]string {
	variables = maps.Clone(variables)
	variables["KSTREAM_UNTIL"] = "now"
	return variables
}

func TestStopAndGoOn(t *testing.T) {
	w := newWorld(t)
	dir, stream := t.TempDir(), w.stream(t)
	written := filepath.Join(dir, "out", "*")
	w.put(t, stream, events(0, 50))
	w.put(t, stream, []event{{"k1", `{"n":`}})
	p := w.start(t, fileRun(dir, stream), "", "run")
	p.until("the first records are written", func() bool { return len(linesOf(t, written)) == len(kept(50)) })
	if status := p.signal(syscall.SIGTERM); status != 0 {
		t.Fatalf("a stop ended with %d", status)
	}
	w.put(t, stream, events(50, 100))
	w.run(t, bounded(fileRun(dir, stream)), "", "run")
	sameSet(t, kept(100), linesOf(t, written))
	letters := linesOf(t, filepath.Join(dir, "state", "dead-letters.jsonl"))
	if len(letters) != 1 || !strings.Contains(letters[0], stream) {
		t.Errorf("one record is no JSON; the dead letters are %q", letters)
	}
}

// TestKilled kills the daemon as soon as it has written something, over a stream that is split meanwhile. In the files
// every record stands once.
func TestKilled(t *testing.T) {
	for _, c := range []struct{ name, roll string }{{"one file", ""}, {"rolling", "1kB"}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			dir, stream := t.TempDir(), w.stream(t)
			written := filepath.Join(dir, "out", "*")
			variables := fileRun(dir, stream)
			if c.roll != "" {
				variables["KSTREAM_FILE_ROLL_SIZE"] = c.roll
			}
			const rounds, each = 4, 30
			for round := range rounds {
				before := len(linesOf(t, written))
				p := w.start(t, variables, "", "run")
				w.put(t, stream, events(round*each, (round+1)*each))
				p.until("something is written", func() bool { return len(linesOf(t, written)) > before })
				if status := p.signal(syscall.SIGKILL); status != -1 {
					t.Fatalf("ended with %d before it could be killed", status)
				}
				if round == 1 {
					w.split(t, stream)
				}
			}
			w.run(t, bounded(variables), "", "run")
			sameSet(t, kept(rounds*each), linesOf(t, written))
		})
	}
}

func TestStreamToStream(t *testing.T) {
	w := newWorld(t)
	from, to := w.stream(t), w.stream(t)
	w.put(t, from, events(0, 60))
	w.run(t, map[string]string{
		"KSTREAM_STREAM": from, "KSTREAM_UNTIL": "now", "KSTREAM_OPERATORS": "filter keep", "KSTREAM_STATE_DIR": t.TempDir(),
		"KSTREAM_SINK": "kinesis", "KSTREAM_SINK_STREAM": to, "KSTREAM_SINK_ORDER": "strict", "KSTREAM_HTTP_ADDR": "none",
	}, "", "run")
	sameSet(t, kept(60), w.run(t, nil, "", "consume", to, "--from", "oldest", "-e"))
}
