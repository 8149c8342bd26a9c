package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// Restore takes the files back to t, or makes ready for the first start where t is nil.
func (s *Sink) Restore(ctx context.Context, t record.Token) error {
	if err := os.MkdirAll(s.names.dir, 0o755); err != nil {
		return fmt.Errorf("making the file's folder: %w", err)
	}
	var was token
	if t != nil {
		if err := json.Unmarshal(t, &was); err != nil {
			return fmt.Errorf("reading the file sink's part of the checkpoint: %w", err)
		}
	}
	if was.Row != s.names.row() || was.Container != s.config.Container {
		if err := s.leave(ctx, was); err != nil {
			return err
		}
		return s.begin()
	}
	s.number = was.Number
	if err := s.deleteNewer(was.Number); err != nil {
		return err
	}
	switch {
	case was.Name == "":
		return nil
	case was.Done:
		return s.keepPromise(ctx, was)
	}
	return s.reopen(was)
}

// leave finishes what another configuration had open, if it is still there.
func (s *Sink) leave(ctx context.Context, t token) error {
	if t.Name == "" {
		return nil
	}
	if t.Open == t.Name {
		if _, err := os.Stat(t.Open); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return s.keepPromise(ctx, t)
}

// keepPromise cuts a file to its token and gives it its final name. One that is not there any more has been finished,
// and may have been taken away.
func (s *Sink) keepPromise(ctx context.Context, t token) error {
	if made, err := os.Stat(t.Name + madeSuffix); t.Container != Lines && err == nil && made.Mode().IsRegular() {
		return publish(t.Open, t.Name)
	}
	_, err := os.Stat(t.Open)
	if t.Open != t.Name && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f, err := cut(t)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("finishing %s: %w", t.Name, err)
	}
	return s.finish(ctx, t.Container, t.Open, t.Name)
}

// cut opens the file of t, cuts it to its length, and stands at its end.
func cut(t token) (*os.File, error) {
	f, err := os.OpenFile(t.Open, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if t.Length == 0 {
			return os.OpenFile(t.Open, os.O_CREATE|os.O_WRONLY, 0o644)
		}
		return nil, fmt.Errorf("%s is missing, and the last checkpoint says that it had %d bytes: put it back, write to another path, or start over with another STATE_DIR", t.Open, t.Length)
	}
	if err != nil {
		return nil, fmt.Errorf("going on with the last file: %w", err)
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err == nil && end < t.Length {
		err = fmt.Errorf("it has %d bytes, and the last checkpoint says that it had %d: somebody has cut or replaced it; put it back, or start over with another STATE_DIR", end, t.Length)
	}
	if err == nil {
		err = f.Truncate(t.Length)
	}
	if err == nil {
		_, err = f.Seek(t.Length, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("going on with %s: %w", t.Open, err), f.Close())
	}
	return f, nil
}

// reopen goes on with the file of t.
func (s *Sink) reopen(t token) error {
	if s.rotatedAway(t) {
		s.config.Rotated(t.Open, t.Length)
		t.Length = 0
	}
	f, err := cut(t)
	if err != nil {
		return err
	}
	s.use(&current{name: t.Open, final: t.Name, f: f, length: t.Length, newborn: true})
	return nil
}

// begin makes ready for files that no checkpoint knows: what is there stays. The one file is opened, so that one that
// can't be written is said at once; a row goes on behind the numbers that are taken.
func (s *Sink) begin() error {
	if s.config.rolls() {
		found, err := s.names.existing()
		for _, number := range found {
			s.number = max(s.number, number)
		}
		return err
	}
	name := s.names.single()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("opening the file: %w", err)
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return errors.Join(fmt.Errorf("opening %s: %w", name, err), f.Close())
	}
	s.use(&current{name: name, final: name, f: f, length: end, newborn: true})
	return nil
}

// deleteNewer deletes what was begun after the checkpoint.
func (s *Sink) deleteNewer(number int) error {
	if !s.config.rolls() {
		return nil
	}
	found, err := s.names.existing()
	if err != nil {
		return err
	}
	for name, n := range found {
		if n > number && strings.HasSuffix(name, openSuffix) {
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("deleting a file begun after the last checkpoint: %w", err)
			}
		}
	}
	return nil
}
