// Package file is the file sink. Behind a checkpoint it is exactly once: what a crash left behind the last checkpoint is
// cut off before anything is written.
//
// Without rolling there is one file, which grows. With rolling there is a row of files, of which the last one is called
// ".open" while it is written; a file is finished at a barrier only, by taking that ending off, and never changes after.
// With a Container that is when the file is made, of the lines that ".open" holds.
package file

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Config says where to write. Rolling is on where RollSize, RollInterval or Container is set.
type Config struct {
	// Path is the file, or the pattern of their names: "{host}" in it is this machine's name. Its folders are made.
	Path string
	// RollSize is the bytes on disk from which a file is finished at the next barrier; 0 is no bound. Of a container it is
	// those of the lines that it is made of.
	RollSize int64
	// RollInterval is the age at which a file is finished, idle or not; 0 is no bound.
	RollInterval time.Duration
	// Compression packs what is written: what is in a container, not what it is made of.
	Compression Compression
	Container   Container
	// Rotated is told of a file that somebody has taken away, or emptied while nobody wrote to it, and how many bytes it was
	// given: a new one begins in its place. It is for files without rolling that are there to be taken; nil: that is an error.
	Rotated func(path string, bytes int64)
}

func (c *Config) rolls() bool { return c.RollSize > 0 || c.RollInterval > 0 || c.Container != Lines }

// Sink writes to files. It implements record.Sink, Restorer, Committer and Asker.
type Sink struct {
	config Config
	names  names
	asks   chan struct{} // 1: one barrier is as good as many

	number int // of the newest file, with rolling
	f      *current
	closed *current // finished by the last Prepare: Commit takes its ".open" off
}

// current is the file being written.
type current struct {
	name    string // as it is called now
	final   string // as it will be called; the same without rolling
	f       *os.File
	buf     *bufio.Writer
	packed  packer
	length  int64 // bytes handed to the system or in buf
	written bool  // since the last barrier
	newborn bool  // made since the last barrier: its folder has to be synced
	timer   *time.Timer
}

// bufferBytes is how much of small chunks is gathered for one write; a larger one is written as it is.
const bufferBytes = 256 << 10

// New returns a sink that has touched nothing yet.
func New(c Config) (*Sink, error) {
	if c.Path == "" {
		return nil, errors.New("the file sink needs a path")
	}
	if c.RollSize < 0 || c.RollInterval < 0 {
		return nil, errors.New("the size and the interval at which files roll can't be negative")
	}
	n, err := newNames(c)
	if err != nil {
		return nil, err
	}
	return &Sink{config: c, names: n, asks: make(chan struct{}, 1)}, nil
}

// Asks implements record.Asker.
func (s *Sink) Asks() <-chan struct{} { return s.asks }

func (s *Sink) ask() {
	select {
	case s.asks <- struct{}{}:
	default:
	}
}

// Write appends c to the current file, which is made where there is none.
func (s *Sink) Write(_ context.Context, c *record.Chunk) error {
	if len(c.Body) == 0 {
		return nil
	}
	if s.f == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	if err := s.f.write(c.Body); err != nil {
		return fmt.Errorf("writing %s: %w", s.f.name, err)
	}
	if s.config.RollSize > 0 && s.f.length >= s.config.RollSize {
		s.ask()
	}
	return nil
}

// token is the state of the files at a barrier.
type token struct {
	Row    string `json:"row"`            // what the configuration calls its files: another one starts anew
	Name   string `json:"name,omitempty"` // the file as it will be called when it is finished; none: nothing is open
	Open   string `json:"open,omitempty"` // as it was called at the barrier
	Length int64  `json:"length"`         // bytes
	Number int    `json:"number"`         // of the newest file
	Done   bool   `json:"done,omitempty"` // the barrier promised to finish it
	// Container is what the file is to become: a start with another one finishes it as was promised.
	Container Container `json:"container,omitempty"`
}

// Prepare makes everything written durable. A roll that is due, and a clean stop, finish the file.
func (s *Sink) Prepare(_ context.Context, b record.Barrier) (record.Token, error) {
	t := token{Row: s.names.row(), Number: s.number, Container: s.config.Container}
	if s.f != nil {
		err := s.f.settle()
		if errors.Is(err, errMoved) && s.config.Rotated != nil {
			err = s.rotate()
		}
		if err != nil {
			return nil, fmt.Errorf("making %s durable: %w", s.f.name, err)
		}
		t.Name, t.Open, t.Length = s.f.final, s.f.name, s.f.length
		t.Done = s.names.rolls && (b.Final || s.due())
		if t.Done {
			if err := s.f.close(); err != nil {
				return nil, fmt.Errorf("closing %s: %w", s.f.name, err)
			}
			s.closed, s.f = s.f, nil
		}
	}
	return json.Marshal(t)
}

// due reports whether the current file has reached its size or age.
func (s *Sink) due() bool {
	return s.config.RollSize > 0 && s.f.length >= s.config.RollSize ||
		s.config.RollInterval > 0 && !time.Now().Before(s.names.born(s.f.final).Add(s.config.RollInterval))
}

// Commit gives a file that the last Prepare finished its name. It makes a container first, for as long as that takes: one
// that ctx ends before is made by Restore.
func (s *Sink) Commit(ctx context.Context, _ record.Epoch) error {
	if s.closed == nil {
		return nil
	}
	if err := s.finish(ctx, s.config.Container, s.closed.name, s.closed.final); err != nil {
		return err
	}
	s.closed = nil
	return nil
}

// Close closes the current file as it is.
func (s *Sink) Close() error {
	if s.f == nil {
		return nil
	}
	f := s.f
	s.f = nil
	if f.timer != nil {
		f.timer.Stop()
	}
	return f.f.Close()
}
