package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A scratch folder is known by its name and by a file in it, which no state folder has; the process that it belongs to has
// the file's lock.
const (
	scratchPrefix = "kstream-scratch-"
	scratchMark   = "SCRATCH"
)

// Scratch makes a folder below parent, or below the folder for temporary files where parent is empty, for a store that goes
// with the process, and returns what removes it. A process that is killed removes nothing: so folders of processes that are gone
// are removed here. Those that can't be are left.
func Scratch(parent string) (dir string, remove func() error, err error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent)
	if dir, err = os.MkdirTemp(parent, scratchPrefix); err != nil {
		return "", nil, fmt.Errorf("making a scratch folder: %w", err)
	}
	f, err := mark(dir)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("marking the scratch folder: %w", err), os.RemoveAll(dir))
	}
	return dir, func() error { return errors.Join(os.RemoveAll(dir), f.Close()) }, nil
}

// mark makes the file that says whose dir is. It has its lock before it has its name: nobody meets it unlocked.
func mark(dir string) (*os.File, error) {
	name := filepath.Join(dir, scratchMark)
	f, err := os.Create(name + ".new")
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// sweep removes the scratch folders below parent that belong to nobody.
func sweep(parent string) {
	marks, _ := filepath.Glob(filepath.Join(parent, scratchPrefix+"*", scratchMark))
	for _, name := range marks {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(name)) // what stays is no worse than before
		}
		_ = f.Close()
	}
}
