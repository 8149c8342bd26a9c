package checkpoint_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/checkpoint/storetest"
	"github.com/kstream/kstream/pkg/record"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Open {
		m := new(checkpoint.Memory)
		return func(*testing.T) checkpoint.Store { return m }
	})
}

func TestDisk(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open {
		dir := t.TempDir()
		return func(t *testing.T) checkpoint.Store { return open(t, vfs.Default, dir) }
	})
}

// A machine that loses its power keeps what Save has returned for, and nothing half-written.
func TestDiskSurvivesPowerLoss(t *testing.T) {
	fs := vfs.NewCrashableMem()
	s := open(t, fs, "state")
	if _, err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := &checkpoint.Checkpoint{Epoch: 7, Outputs: map[string]record.Token{"sink": record.Token("t")}}
	if err := s.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	after := fs.CrashClone(vfs.CrashCloneCfg{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, after, "state")
	defer s.Close()
	got, err := s.Load(t.Context())
	if err != nil || got == nil || got.Epoch != 7 || string(got.Outputs["sink"]) != "t" {
		t.Fatalf("got %+v, %v after the crash, want epoch 7", got, err)
	}
}

func TestDamagedDatabaseIsNotNone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, vfs.Default, dir)
	if _, err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), &checkpoint.Checkpoint{Epoch: 1}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	manifests, _ := filepath.Glob(filepath.Join(dir, "db", "MANIFEST-*"))
	if len(manifests) == 0 {
		t.Fatal("no manifest to damage")
	}
	if err := os.Truncate(manifests[0], 3); err != nil {
		t.Fatal(err)
	}
	_, err := checkpoint.OpenDisk(checkpoint.DiskConfig{FS: vfs.Default, Dir: dir, Fatal: func(m string) { t.Fatal(m) }})
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Fatalf("got %v, want an error that names the folder", err)
	}
}

func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	held, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("waited for a free lock") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var holder string
	_, err = checkpoint.Lock(ctx, dir, func(h string) { holder = h; stop() })
	if !errors.Is(err, context.Canceled) || !strings.Contains(holder, "process ") {
		t.Fatalf("got %v, holder %q; want to wait for the holder until the context ends", err, holder)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	held, err = checkpoint.Lock(t.Context(), dir, func(string) { t.Error("waited for a lock that was given up") })
	if err != nil {
		t.Fatal(err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
}

// A folder that is removed under a run fails its next save: that one would have gone with it.
func TestFolderIsRemoved(t *testing.T) {
	for name, anew := range map[string]bool{"removed": false, "made anew": true} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			held, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("waited for a free lock") })
			if err != nil {
				t.Fatal(err)
			}
			s, err := checkpoint.OpenDisk(checkpoint.DiskConfig{FS: vfs.Default, Dir: dir, Held: held, Fatal: func(msg string) { t.Error(msg) }})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Save(t.Context(), &checkpoint.Checkpoint{Epoch: 1}); err != nil {
				t.Error(err)
			}
			if err := os.Rename(dir, dir+".gone"); err != nil {
				t.Fatal(err)
			}
			if anew {
				second, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("waited for the lock of another folder") })
				if err != nil {
					t.Fatal(err)
				}
				defer second.Close()
			}
			err = s.Save(t.Context(), &checkpoint.Checkpoint{Epoch: 2})
			if err == nil || !strings.Contains(err.Error(), dir+" was removed or replaced") {
				t.Errorf("saving into it: %v", err)
			}
			if err := errors.Join(s.Close(), held.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}

func open(t *testing.T, fs vfs.FS, dir string) *checkpoint.Disk {
	t.Helper()
	s, err := checkpoint.OpenDisk(checkpoint.DiskConfig{FS: fs, Dir: dir, Fatal: func(msg string) { t.Error(msg) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
