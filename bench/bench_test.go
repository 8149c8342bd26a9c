package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// startSelf lets the test binary be started as bench.
func startSelf(t *testing.T) {
	t.Helper()
	t.Setenv(asCommand, "1")
	t.Setenv("GORACE", "atexit_sleep_ms=0") // else each of them ends a second late
}

func buildKstream(t *testing.T) string {
	t.Helper()
	kstream := filepath.Join(t.TempDir(), "kstream")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", kstream, "../cmd/kstream").CombinedOutput(); err != nil {
		t.Fatalf("building kstream: %v\n%s", err, out)
	}
	return kstream
}

// TestWhole measures over a small stream, with a kstream that is built for it.
func TestWhole(t *testing.T) {
	kstream := buildKstream(t)
	startSelf(t)
	t.Setenv("KSTREAM_SINK", "stdout") // the developer's own settings are not the contenders'
	var out, errOut bytes.Buffer
	if status := execute([]string{"-bytes", "3000000", "-rounds", "1", "-kstream", kstream}, strings.NewReader(""), &out, &errOut); status != 0 {
		t.Fatalf("ended with %d: %s", status, &errOut)
	}
	for _, c := range contenders {
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(c.name) + ` +(\| +[0-9.,–]* ){11}\|$`)
		if !row.Match(out.Bytes()) {
			t.Errorf("there is no row of %q", c.name)
		}
	}
	if t.Failed() {
		t.Logf("the table:\n%s", &out)
	}
}

// TestWrongOutput lets a program stand in for kstream that writes nothing: there must be no table.
func TestWrongOutput(t *testing.T) {
	startSelf(t)
	var out, errOut bytes.Buffer
	status := execute([]string{"-bytes", "5000", "-rounds", "1", "-kstream", "/bin/true"}, strings.NewReader(""), &out, &errOut)
	if want := "left 0 files, and not one"; status != 1 || out.Len() > 0 || !strings.Contains(errOut.String(), want) {
		t.Errorf("ended with %d and printed %q, %q; want 1, nothing, and %q", status, &out, &errOut, want)
	}
}

func TestWrongArguments(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"run"}, 2, `no command "run"`},
		{[]string{"-rounds", "0"}, 2, "at least 1"},
		{[]string{"-bytes", "1"}, 2, "at least 1000"},
		{[]string{"sdk", "twice"}, 2, `what is "twice"`},
		{[]string{"-colour"}, 2, "not defined"},
		{[]string{"-h"}, 0, "-shards"},
		{[]string{"-kstream", "/nowhere/kstream"}, 1, "make build"},
		{[]string{"digest", "-file", "/nowhere/x"}, 1, "no such file"},
	} {
		var out, errOut bytes.Buffer
		got := execute(c.args, strings.NewReader(""), &out, &errOut)
		if got != c.status || !strings.Contains(errOut.String(), c.want) {
			t.Errorf("%q ended with %d: %s; want %d and %q", c.args, got, &errOut, c.status, c.want)
		}
	}
}
