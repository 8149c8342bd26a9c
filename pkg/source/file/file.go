// Package file is the source that reads files, or standard input, line by line: for replays, and to try a chain out. Each
// file is a partition, which ends with it; a line is a record, less its end-of-line.
package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// Config says what to read: Paths, or Input where it is not nil.
type Config struct {
	// Paths are files, or patterns as filepath.Glob knows them. Names that end in .gz or .zst are unpacked.
	Paths []string
	// Input is read to its end. It can't be read again: no checkpoint holds for it.
	Input io.Reader
	// Log is told of files that have gone; nil: nobody is.
	Log *zap.Logger
}

// Source reads files. It implements record.Source.
type Source struct {
	config Config
	fresh  []record.Partition
	listed bool
}

// stream is what the partitions' stream is called.
const stream = "file"

// stdin names the one partition of Config.Input.
const stdin = "stdin"

// New returns a source that has touched nothing yet.
func New(c Config) (*Source, error) {
	if (len(c.Paths) == 0) == (c.Input == nil) {
		return nil, errors.New("the file source needs either paths or an input")
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	return &Source{config: c}, nil
}

// Now returns the machine's time: files have no service.
func (s *Source) Now(context.Context) (record.Millis, error) { return record.MillisOf(time.Now()), nil }

// Restore finds the files that there are. One that a checkpoint knows and that is gone before it was read to its end is
// said; a pattern that fits nothing, or a file that can't be opened, is an error.
func (s *Source) Restore(_ context.Context, from record.Position, known []record.State) ([]record.State, error) {
	if from.Where == record.At {
		return nil, errors.New("files have no shards: FROM can't be a place in one")
	}
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	var kept []record.State
	seen := map[record.PartitionID]bool{}
	for _, state := range known {
		switch {
		case slices.Contains(names, state.Partition.Shard) && state.Partition.Shard != stdin:
			kept = append(kept, state)
			seen[state.Partition.ID] = true
		case state.Position.Where != record.Ended && state.Partition.Shard != stdin:
			s.config.Log.Error("a file is gone before it was read to its end", zap.String("file", state.Partition.Shard), zap.Stringer("at", state.Position))
		}
	}
	for _, name := range names {
		if p := partition(name); !seen[p.ID] {
			s.fresh = append(s.fresh, p)
		}
	}
	return kept, nil
}

func partition(name string) record.Partition {
	return record.Partition{ID: record.PartitionID(stream + ":" + name), Stream: stream, Shard: name}
}

// names returns the files to read, each once, in the order in which they are given.
func (s *Source) names() (names []string, err error) {
	if s.config.Input != nil {
		return []string{stdin}, nil
	}
	for _, path := range s.config.Paths {
		found, err := filepath.Glob(path)
		if err != nil {
			return nil, fmt.Errorf("reading the pattern %q: %w", path, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("there is no file %s", path)
		}
		for _, name := range found {
			if name, err = filepath.Abs(name); err != nil {
				return nil, fmt.Errorf("finding %s: %w", path, err)
			}
			if info, err := os.Stat(name); err != nil {
				return nil, fmt.Errorf("finding %s: %w", path, err)
			} else if info.IsDir() {
				return nil, fmt.Errorf("%s is a folder: %s names the files in it", name, filepath.Join(name, "*"))
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// Partitions returns the files that no checkpoint knows, and then that there will be no more.
func (s *Source) Partitions(context.Context) ([]record.Partition, error) {
	if s.listed {
		return nil, io.EOF
	}
	s.listed = true
	return s.fresh, nil
}

// Open opens a file and passes what lies before the position.
func (s *Source) Open(ctx context.Context, state record.State) (record.Reader, error) {
	if s.config.Input != nil {
		return newReader(state, input{s.config.Input}, 0)
	}
	f, modified, err := open(state.Partition.Shard)
	if err != nil {
		return nil, err
	}
	r, err := newReader(state, f, modified)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, ctx.Err()
}
