package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// daemon is a `kstream run` of its own, over the stream "in".
type daemon struct {
	t      *testing.T
	c      *exec.Cmd
	stderr io.Reader
	said   bytes.Buffer
	dir    string
}

// start starts what prepare returns.
func start(t *testing.T, dir string, variables map[string]string) *daemon {
	t.Helper()
	d := prepare(t, dir, variables)
	d.start()
	return d
}

func (d *daemon) start() {
	d.t.Helper()
	pipe, err := d.c.StderrPipe()
	must(d.t, err)
	d.stderr = io.TeeReader(pipe, &d.said)
	must(d.t, d.c.Start())
}

// prepare returns run with the file sink and a state folder in dir, besides these variables.
func prepare(t *testing.T, dir string, variables map[string]string) *daemon {
	t.Helper()
	all := map[string]string{
		"KSTREAM_STREAM": "in", "KSTREAM_SINK": "file", "KSTREAM_FILE_PATH": filepath.Join(dir, "out.jsonl"),
		"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_HTTP_ADDR": "none", "KSTREAM_POLL_INTERVAL": "5ms",
		"KSTREAM_CHECKPOINT_INTERVAL": "1h", // the last one is the only one
	}
	for name, value := range variables {
		all[name] = value
	}
	return &daemon{t: t, c: process(t, all, "run"), dir: dir}
}

// waitFor reads what the daemon logs until a line has text in it, and returns the line.
func (d *daemon) waitFor(text string) string {
	d.t.Helper()
	for lines := bufio.NewReader(d.stderr); ; {
		line, err := lines.ReadString('\n')
		if strings.Contains(line, text) {
			return line
		}
		if err != nil {
			d.t.Fatalf("it ended without saying %q:\n%s", text, d.said.String())
		}
	}
}

// ends waits for the daemon's end and checks its exit status.
func (d *daemon) ends(status int) {
	d.t.Helper()
	_, err := io.Copy(io.Discard, d.stderr)
	must(d.t, err)
	_ = d.c.Wait() // the status says more
	if got := d.c.ProcessState.ExitCode(); got != status {
		d.t.Errorf("it exited with %d, want %d:\n%s", got, status, d.said.String())
	}
}

// output returns what stands in the file.
func (d *daemon) output() string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, "out.jsonl"))
	must(d.t, err)
	return string(text)
}

// fill makes the stream "in" with n records, and returns what a chainless run writes of them.
func fill(t *testing.T, server *kinesislocal.Server, n int) (want string) {
	t.Helper()
	must(t, server.CreateStream("in", 1))
	for i := range n {
		data := fmt.Sprintf(`{"n":%d}`, i)
		_, _, err := server.Put("in", "k", []byte(data))
		must(t, err)
		want += data + "\n"
	}
	return want
}

// at calls do, once, at the k-th call for records.
func at(t *testing.T, server *kinesislocal.Server, k int, do func()) {
	t.Helper()
	_, err := server.Inject(kinesislocal.Fault{Operation: "GetRecords", After: k, Times: 1, Do: func(kinesislocal.Call) { do() }})
	must(t, err)
}
