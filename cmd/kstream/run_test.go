package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

// A stop ends the wait for a sink that is not there yet: nothing was begun, so all is well.
func TestStopDuringTheStart(t *testing.T) {
	fill(t, embedded(t), 10)
	d := start(t, t.TempDir(), map[string]string{"KSTREAM_SINK": "kinesis", "KSTREAM_SINK_STREAM": "missing"})
	d.waitFor("not found")
	must(t, d.c.Process.Signal(syscall.SIGTERM))
	d.ends(exitDone)
}

// Who mistypes a stream is told at once, and not after the minute for which it is looked for.
func TestNearestStreamAtOnce(t *testing.T) {
	fill(t, embedded(t), 1)
	c := process(t, nil, "consume", "inn")
	d := &daemon{t: t, c: c}
	d.start()
	d.waitFor(`there is no stream "inn" in us-east-1; did you mean "in"?`)
	must(t, c.Process.Signal(syscall.SIGTERM))
	d.ends(exitDone)
}

// What has to be set is a fault of the configuration.
func TestNoRegion(t *testing.T) {
	fill(t, embedded(t), 1)
	t.Setenv("AWS_REGION", "")
	var out, errOut bytes.Buffer
	if status := execute([]string{"streams"}, nil, &out, &errOut); status != exitWrong || !strings.Contains(errOut.String(), "set AWS_REGION") {
		t.Errorf("status %d, want %d, and it says %q", status, exitWrong, errOut.String())
	}
}

// A table whose reader has seen enough is no failure; any other file that can't be written to is.
func TestReaderOfATableGone(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.EPIPE}, true},
		{&fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.ENOSPC}, false},
		{&fs.PathError{Op: "write", Path: "/data/fifo", Err: syscall.EPIPE}, false},
		{errors.New("broken pipe"), false},
	} {
		if got := readerGone(c.err); got != c.want {
			t.Errorf("readerGone(%v) = %v, want %v", c.err, got, c.want)
		}
	}
}
