package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// errMoved is that the file is not the one of its name any more.
var errMoved = errors.New("somebody has moved or removed it while it was written: put it back, or start over with another STATE_DIR")

// rotatedAway reports whether the file of t may be, and was, taken away or emptied while nobody wrote.
func (s *Sink) rotatedAway(t token) bool {
	if s.config.Rotated == nil || t.Length == 0 {
		return false
	}
	info, err := os.Stat(t.Open)
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
}

// rotate begins a new file in the place of one that was moved while it was written, and in which all is durable that it was
// given. What one that was removed was given since the last checkpoint has gone with it: that is an error, and is done again
// at the next start.
func (s *Sink) rotate() error {
	old := s.f
	if err := old.inLength(); err != nil {
		return err
	}
	held, err := old.f.Stat()
	if err != nil {
		return err
	}
	if stat, ok := held.Sys().(*syscall.Stat_t); ok && stat.Nlink == 0 {
		return errors.New("somebody has removed it while it was written: what it was given since the last checkpoint comes again at the next start")
	}
	if err := s.begin(); err != nil {
		return err
	}
	if err := old.close(); err != nil {
		return fmt.Errorf("closing the one that was moved: %w", err)
	}
	s.config.Rotated(old.name, old.length)
	return s.f.settle()
}
