package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kstream/kstream/pkg/checkpoint"
)

// smallDisk mounts a disk of 64 KiB in dir, or skips the test.
func smallDisk(t *testing.T, dir string) string {
	t.Helper()
	disk := filepath.Join(dir, "disk")
	must(t, os.Mkdir(disk, 0o755))
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("a small disk is made by mounting one: ", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(disk, 0)) })
	return disk
}

// grow makes room on it.
func grow(t *testing.T, disk string) {
	t.Helper()
	must(t, syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=16m"))
}

// A disk that is full ends the run, says so, and loses nothing: with room it goes on behind the last checkpoint.
func TestFullDisk(t *testing.T) {
	server := embedded(t)
	want := fill(t, server, 8_000)
	dir := t.TempDir()
	disk := smallDisk(t, dir)
	variables := map[string]string{"KSTREAM_UNTIL": "now", "KSTREAM_FILE_PATH": filepath.Join(disk, "out.jsonl")}
	full := start(t, dir, variables)
	full.ends(exitFailed)
	if said := full.said.String(); !strings.Contains(said, "no space left on device") || !strings.Contains(said, "out.jsonl") {
		t.Errorf("it does not say what is full:\n%s", said)
	}
	grow(t, disk)
	start(t, dir, variables).ends(exitDone)
	got, err := os.ReadFile(filepath.Join(disk, "out.jsonl"))
	must(t, err)
	if string(got) != want {
		t.Errorf("with room it wrote %d bytes, want the %d of all records once", len(got), len(want))
	}
}

// The same with the disk of the state folder: full before there is a database, and full when one is opened again, where
// Pebble by itself would try for ever.
func TestFullStateDisk(t *testing.T) {
	server := embedded(t)
	want := fill(t, server, 100)
	dir := t.TempDir()
	disk := smallDisk(t, dir)
	variables := map[string]string{"KSTREAM_UNTIL": "now", "KSTREAM_STATE_DIR": filepath.Join(disk, "state")}
	fails := func(when string) {
		t.Helper()
		full := start(t, dir, variables)
		full.ends(exitFailed)
		if said := full.said.String(); !strings.Contains(said, "no space left on device") || !strings.Contains(said, "state") {
			t.Errorf("%s: it does not say what is full:\n%s", when, said)
		}
	}
	filler := filepath.Join(disk, "filler")
	must(t, os.WriteFile(filler, make([]byte, 56<<10), 0o600))
	fails("full from the start")
	grow(t, disk)
	start(t, dir, variables).ends(exitDone)
	if err := os.WriteFile(filler, make([]byte, 32<<20), 0o600); err == nil {
		t.Fatal("the disk holds more than it should")
	}
	fails("full when it is opened again")
	must(t, os.Remove(filler))
	d := start(t, dir, variables)
	d.ends(exitDone)
	if got := d.output(); got != want {
		t.Errorf("with room it wrote %d bytes, want the %d of all records once", len(got), len(want))
	}
}

// A state folder that another process has is waited for, healthy and not ready, and the holder is named.
func TestLockedStateFolder(t *testing.T) {
	server := embedded(t)
	want := fill(t, server, 10)
	dir := t.TempDir()
	held, err := checkpoint.Lock(t.Context(), filepath.Join(dir, "state"), func(string) { t.Error("it is locked already") })
	must(t, err)
	addr := freeAddress(t)
	d := start(t, dir, map[string]string{"KSTREAM_HTTP_ADDR": addr, "KSTREAM_UNTIL": "now"})
	if line := d.waitFor("the state folder is in use"); !strings.Contains(line, fmt.Sprintf("process %d on ", os.Getpid())) {
		t.Errorf("it does not name the holder: %s", line)
	}
	for path, status := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200} {
		if got := fetch(t, "http://"+addr+path); got != status {
			t.Errorf("%s answers %d while it waits, want %d", path, got, status)
		}
	}
	must(t, held.Close())
	d.ends(exitDone)
	if got := d.output(); got != want {
		t.Errorf("it wrote %q, want %q", got, want)
	}
}

// A status page's address that is taken is done without where it is the default, and an error where the user set it.
func TestTakenAddress(t *testing.T) {
	server := embedded(t)
	fill(t, server, 10)
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err == nil { // else something else has it, which is as good
		defer l.Close()
	}
	fine := start(t, t.TempDir(), map[string]string{"KSTREAM_HTTP_ADDR": "", "KSTREAM_UNTIL": "now"})
	fine.waitFor("the status page is not served")
	fine.ends(exitDone)
	wrong := start(t, t.TempDir(), map[string]string{"KSTREAM_HTTP_ADDR": "127.0.0.1:8080", "KSTREAM_UNTIL": "now"})
	wrong.waitFor("KSTREAM_HTTP_ADDR")
	wrong.ends(exitFailed)
}

// freeAddress returns an address on loopback that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

func fetch(t *testing.T, url string) (status int) {
	t.Helper()
	resp, err := http.Get(url)
	must(t, err)
	must(t, resp.Body.Close())
	return resp.StatusCode
}
