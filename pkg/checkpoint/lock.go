package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockPoll is how often a taken lock is tried again: a new container starts within a second of the old one's end.
const lockPoll = time.Second / 2

// Held is the lock of a state folder, until it is closed or the process ends.
type Held struct {
	dir string
	f   *os.File
}

// Close gives the lock up.
func (h *Held) Close() error { return h.f.Close() }

// Check fails where the folder's lock is another file than the one that is held: with the folder that somebody has removed, or
// replaced, goes what was saved, and a second process could have the lock of a new one. It may be called from any goroutine.
func (h *Held) Check() error {
	held, err := h.f.Stat()
	if err != nil {
		return fmt.Errorf("looking at the lock of the state folder %s: %w", h.dir, err)
	}
	named, err := os.Stat(h.f.Name())
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(held, named) {
		return fmt.Errorf("the state folder %s was removed or replaced while it was in use, and what it held is gone", h.dir)
	}
	if err != nil {
		return fmt.Errorf("looking at the lock of the state folder %s: %w", h.dir, err)
	}
	return nil
}

// Lock takes the kernel's lock on the state folder dir, which is made where it is missing. A folder that another process has is waited for until ctx ends; waiting is called once, with what the holder said of
// itself. The lock goes with the process, however it ends; the file's text is for people and decides nothing.
func Lock(ctx context.Context, dir string, waiting func(holder string)) (*Held, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the state folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("locking the state folder: %w", err)
	}
	said := false
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(fmt.Errorf("locking the state folder %s: %w", dir, err), f.Close())
		}
		if !said {
			said = true
			waiting(Holder(dir))
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(lockPoll):
		}
	}
	host, _ := os.Hostname()
	text := fmt.Sprintf("process %d on %s, since %s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	if err := errors.Join(f.Truncate(0), writeAt(f, text)); err != nil {
		return nil, errors.Join(fmt.Errorf("locking the state folder: %w", err), f.Close())
	}
	h := &Held{dir: dir, f: f}
	if err := h.Check(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return h, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

// Holder returns what the process that has or last had the lock of dir said of itself.
func Holder(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "LOCK"))
	if err != nil || len(text) == 0 {
		return "a process that did not say who it is"
	}
	return strings.TrimSpace(string(text))
}
