package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kstream/kstream/pkg/format/parquet"
)

// Container is a format whose files are made as a whole: the sink writes lines, and makes one of them when a file is
// finished. The zero value is none.
type Container string

// The kinds of Container.
const (
	Lines   Container = ""
	Parquet Container = "parquet"
)

// A container is made under the one name, and is whole under the other. From there on the lines that it is made of are not
// needed, and go first: as long as they are there a reader can't have taken the finished file away, so that a start which
// finds them after a crash never makes it a second time.
const (
	makingSuffix = ".making"
	madeSuffix   = ".made"
)

// finish gives a file that nothing is written to any more its final name, for good.
func (s *Sink) finish(ctx context.Context, c Container, open, final string) error {
	switch {
	case open == final:
		return nil
	case c == Lines:
		return rename(open, final)
	case c != Parquet:
		return fmt.Errorf("finishing %s: this version makes no %q", final, c)
	}
	if err := s.makeParquet(ctx, open, final); err != nil {
		return fmt.Errorf("making %s: %w", final, err)
	}
	return publish(open, final)
}

// makeParquet makes the container, whole and durable, beside the lines that it is made of.
func (s *Sink) makeParquet(ctx context.Context, open, final string) error {
	in, err := os.Open(open)
	if err != nil {
		return err
	}
	out, err := os.Create(final + makingSuffix)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	err = parquet.Convert(untilStopped{ctx, in}, out, parquet.Options{Compression: parquet.Compression(s.config.Compression)})
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close(), in.Close()); err != nil {
		return err
	}
	return rename(final+makingSuffix, final+madeSuffix)
}

// publish gives a container that is whole its final name.
func publish(open, final string) error {
	if err := os.Remove(open); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing what %s is made of: %w", final, err)
	}
	if err := syncFolder(filepath.Dir(final)); err != nil {
		return err
	}
	return rename(final+madeSuffix, final)
}

// untilStopped reads a file until ctx ends.
type untilStopped struct {
	ctx context.Context //nolint:containedctx // it is that of the one call which reads
	io.ReadSeeker
}

func (u untilStopped) Read(p []byte) (int, error) {
	if err := context.Cause(u.ctx); err != nil {
		return 0, err
	}
	return u.ReadSeeker.Read(p)
}

// rename gives a file another name in its folder, durably.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("finishing %s: %w", to, err)
	}
	return syncFolder(filepath.Dir(to))
}

// syncFolder makes names that were made or changed in dir durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
