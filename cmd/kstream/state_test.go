package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// savedState returns a folder with a checkpoint that holds what drop has to tell apart.
func savedState(t *testing.T) (dir string, saved *checkpoint.Checkpoint) {
	t.Helper()
	dir = t.TempDir()
	saved = &checkpoint.Checkpoint{
		Epoch: 7, From: record.Position{Where: record.Oldest}, Until: &checkpoint.Until{Setting: "now", Time: 5},
		Partitions: map[record.PartitionID]record.State{
			"a": {Partition: record.Partition{ID: "a"}, Begun: true, Position: record.Position{Where: record.After, Sequence: "12"}, Event: 99},
		},
		Watermarks: map[string]record.Millis{"1": 98}, Counts: map[string]int64{"0": 3},
		Outputs: map[string]record.Token{"sink": record.Token("{}")}, Chain: []string{"dedupe id, within 1h0m0s"},
	}
	disk := openState(t, dir)
	defer func() { must(t, disk.Close()) }()
	_, err := disk.Load(t.Context())
	must(t, err)
	must(t, disk.Save(t.Context(), saved))
	return dir, saved
}

func openState(t *testing.T, dir string) *checkpoint.Disk {
	t.Helper()
	disk, err := checkpoint.OpenDisk(checkpoint.DiskConfig{FS: vfs.Default, Dir: dir, Fatal: func(msg string) { t.Error(msg) }})
	must(t, err)
	return disk
}

// What a run holds is not looked into, let alone dropped, and nobody waits for it.
func TestStateOfARunningFolder(t *testing.T) {
	dir, _ := savedState(t)
	held, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("it is locked already") })
	must(t, err)
	for _, args := range [][]string{{"ls"}, {"get", "a"}, {"drop", "--yes"}} {
		var out, errOut bytes.Buffer
		status := execute(append(append([]string{"state"}, args...), "--state-dir", dir), strings.NewReader(""), &out, &errOut)
		if want := fmt.Sprintf("in use by process %d on ", os.Getpid()); status != exitFailed || !strings.Contains(errOut.String(), want) {
			t.Errorf("%s: status %d, %q; want 1 and %q", args[0], status, &errOut, want)
		}
	}
	must(t, held.Close())
}

// drop keeps what is not the keyed stages', and looking changes nothing.
func TestStateDropKeepsPositions(t *testing.T) {
	dir, want := savedState(t)
	var out, errOut bytes.Buffer
	run := func(args ...string) {
		t.Helper()
		if status := execute(append(args, "--state-dir", dir), strings.NewReader(""), &out, &errOut); status != exitDone {
			t.Fatalf("%v: status %d, %s", args, status, &errOut)
		}
	}
	load := func() *checkpoint.Checkpoint {
		t.Helper()
		disk := openState(t, dir)
		defer func() { must(t, disk.Close()) }()
		c, err := disk.Load(t.Context())
		must(t, err)
		return c
	}
	files := func() []string {
		names, err := filepath.Glob(filepath.Join(dir, "db", "*"))
		must(t, err)
		return names
	}
	before := files()
	run("state", "ls")
	if diff := cmp.Diff(before, files()); diff != "" {
		t.Errorf("ls changed the database:\n%s", diff)
	}
	run("state", "drop", "--yes")
	s := want.Partitions["a"]
	s.Event = record.StartOfTime
	want.Partitions["a"] = s
	want.Chain, want.Watermarks, want.Dropped = nil, nil, true
	if diff := cmp.Diff(want, load()); diff != "" {
		t.Errorf("want (-) and what is left (+):\n%s", diff)
	}
}

func TestStateOfADamagedDatabase(t *testing.T) {
	dir, _ := savedState(t)
	manifests, err := filepath.Glob(filepath.Join(dir, "db", "MANIFEST-*"))
	must(t, err)
	for _, name := range manifests {
		must(t, os.Truncate(name, 3))
	}
	var out, errOut bytes.Buffer
	status := execute([]string{"state", "ls", "--state-dir", dir}, strings.NewReader(""), &out, &errOut)
	if status != exitFailed || !strings.Contains(errOut.String(), "the database is damaged") {
		t.Errorf("status %d, %q; want 1 and that it is damaged", status, &errOut)
	}
}
