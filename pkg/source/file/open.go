package file

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/kstream/kstream/pkg/record"
)

// Unpack opens a file to read, and unpacks it if its name ends in .gz or .zst. An error of Read that a cut file gives is never
// io.EOF.
func Unpack(name string) (io.ReadCloser, error) {
	f, _, err := open(name)
	return f, err
}

// open opens a file, and unpacks it if its name says so. It also returns when the file was last changed, which stands for
// the time at which its records arrived: the same at every reading.
func open(name string) (io.ReadCloser, record.Millis, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, fmt.Errorf("opening a file to read: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("opening a file to read: %w", err), f.Close())
	}
	r, err := unpacked(f, name)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("unpacking %s: %w", name, err), f.Close())
	}
	return r, record.MillisOf(info.ModTime()), nil
}

func unpacked(f *os.File, name string) (io.ReadCloser, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		z, err := gzip.NewReader(f)
		if errors.Is(err, io.EOF) {
			return f, nil // an empty file holds nothing, packed or not
		}
		return packed{z, f}, err
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxWindow))
		if err != nil {
			return nil, err
		}
		return packed{z.IOReadCloser(), f}, nil
	}
	return f, nil
}

// maxWindow bounds what a hostile zstd file may have us keep.
const maxWindow = 256 << 20

// packed is a file with its decompressor.
type packed struct {
	io.ReadCloser
	file *os.File
}

// Read marks errors that come of a file that was cut: a reader must not take them for its end.
func (p packed) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the file is cut: %w", err)
	}
	return n, err
}

func (p packed) Close() error { return errors.Join(p.ReadCloser.Close(), p.file.Close()) }

// input is a stream that is not ours to close.
type input struct{ io.Reader }

func (input) Close() error { return nil }
