package file

import (
	"bufio"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression says how files are packed. The zero value is not at all.
type Compression string

// The kinds of Compression.
const (
	None Compression = ""
	Gzip Compression = "gzip"
	Zstd Compression = "zstd"
)

// ParseCompression reads none, gzip or zstd.
func ParseCompression(s string) (Compression, error) {
	switch s {
	case "", "none":
		return None, nil
	case string(Gzip), string(Zstd):
		return Compression(s), nil
	}
	return None, fmt.Errorf("%q is no compression: none, gzip or zstd", s)
}

// suffix is what a file's name ends in.
func (c *Config) suffix() string {
	if c.Container != Lines {
		return "." + string(c.Container)
	}
	switch c.Compression {
	case Gzip:
		return ".gz"
	case Zstd:
		return ".zst"
	}
	return ""
}

// packer compresses. end ends a member or frame, so that what was written so far can be read on its own, and later ones
// follow it: a file that is cut at such an end is whole.
type packer interface {
	io.Writer
	end() error
}

// packer packs what goes to w. The lines that a container is made of go as they are.
func (c *Config) packer(w *bufio.Writer) packer {
	if c.Container != Lines {
		return plain{w}
	}
	switch c.Compression {
	case Gzip:
		return &members{out: w, w: gzip.NewWriter(w)}
	case Zstd:
		// One goroutine: the error of NewWriter is that of bad options, of which there are none.
		e, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		return &members{out: w, w: e}
	}
	return plain{w}
}

type plain struct{ *bufio.Writer }

// Write writes a chunk for which there is no room behind what is gathered, and not a part of it: large ones are never
// copied.
func (w plain) Write(p []byte) (int, error) {
	if len(p) > w.Available() {
		if err := w.Flush(); err != nil {
			return 0, err
		}
	}
	return w.Writer.Write(p)
}

func (plain) end() error { return nil }

// members packs a file as members or frames, one an epoch in which something was written.
type members struct {
	out io.Writer
	w   interface {
		io.WriteCloser
		Reset(io.Writer)
	}
}

func (m *members) Write(p []byte) (int, error) { return m.w.Write(p) }

func (m *members) end() error {
	if err := m.w.Close(); err != nil {
		return err
	}
	m.w.Reset(m.out)
	return nil
}
