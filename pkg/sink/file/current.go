package file

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// create makes the next file.
func (s *Sink) create() error {
	final, open := s.names.next(s.number+1, time.Now())
	f, err := os.OpenFile(open, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("making the next file: %w", err)
	}
	s.number++
	s.use(&current{name: open, final: final, f: f, newborn: true})
	return nil
}

// use makes c, at whose end f stands, the file to write to.
func (s *Sink) use(c *current) {
	c.buf = bufio.NewWriterSize(counter{c.f, &c.length}, bufferBytes)
	c.packed = s.config.packer(c.buf)
	if s.config.RollInterval > 0 {
		c.timer = time.AfterFunc(time.Until(s.names.born(c.final).Add(s.config.RollInterval)), s.ask)
	}
	s.f = c
}

func (c *current) write(p []byte) error {
	c.written = true
	_, err := c.packed.Write(p)
	return err
}

// settle makes what was written durable, and ends the gzip member or zstd frame in hand, so that the file is whole at its
// present length.
func (c *current) settle() error {
	if !c.written && !c.newborn {
		return nil
	}
	if c.written {
		if err := c.packed.end(); err != nil {
			return err
		}
	}
	if err := c.buf.Flush(); err != nil {
		return err
	}
	if err := c.f.Sync(); err != nil {
		return err
	}
	if c.newborn {
		if err := syncFolder(filepath.Dir(c.name)); err != nil {
			return err
		}
	}
	c.written, c.newborn = false, false
	return nil
}

func (c *current) close() error {
	if c.timer != nil {
		c.timer.Stop()
	}
	return c.f.Close()
}

// counter counts what is handed to the system. A short write counts as far as it went; the run ends at it anyway.
type counter struct {
	w io.Writer
	n *int64
}

func (c counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	*c.n += int64(n)
	return n, err
}
