package packed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// inflater is a decoder with what it reads from, kept for the next payload.
type inflater[R any] struct {
	in  bytes.Reader
	out R
}

var (
	gzips = sync.Pool{New: func() any { return new(inflater[gzip.Reader]) }}
	zlibs = sync.Pool{New: func() any { return new(inflater[io.ReadCloser]) }}
)

func inflateGzip(dst, payload []byte, most int) ([]byte, error) {
	z := gzips.Get().(*inflater[gzip.Reader])
	defer gzips.Put(z)
	z.in.Reset(payload)
	defer z.in.Reset(nil)
	if err := z.out.Reset(&z.in); err != nil {
		return dst, early(err)
	}
	// The last member's size stands at its end, modulo 2^32. It is only where growing begins.
	size := uint32(0)
	if n := len(payload); n >= 4 {
		size = binary.LittleEndian.Uint32(payload[n-4:])
	}
	return drain(dst, &z.out, inflatedHint(len(payload), uint64(size)), most)
}

func inflateZlib(dst, payload []byte, most int) ([]byte, error) {
	z := zlibs.Get().(*inflater[io.ReadCloser])
	defer zlibs.Put(z)
	z.in.Reset(payload)
	defer z.in.Reset(nil)
	if z.out == nil {
		r, err := zlib.NewReader(&z.in)
		if err != nil {
			return dst, early(err)
		}
		z.out = r
	} else if err := z.out.(zlib.Resetter).Reset(&z.in, nil); err != nil {
		return dst, early(err)
	}
	out, err := drain(dst, z.out, inflatedHint(len(payload), 4*uint64(len(payload))), most)
	if err == nil && z.in.Len() > 0 {
		err = errors.New("something stands behind it")
	}
	return out, err
}

// inflatedHint holds what a payload says of its size to what deflate can make of its n bytes.
func inflatedHint(n int, says uint64) int {
	const ratio = 1032 // 258 bytes from two bits
	return int(min(says, ratio*uint64(n)))
}

// isChance reports whether a payload that begins like zlib, and failed with err, is something else: all but one that
// inflated up to where it was cut off, long enough for that not to be chance.
func isChance(payload []byte, err error) bool {
	const enough = 64
	var large *TooLargeError
	return !errors.As(err, &large) && (!errors.Is(err, io.ErrUnexpectedEOF) || len(payload) < enough)
}

// early makes one error of the end of input within a header.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// drain appends what r gives to dst, and stops with errTooLarge as soon as it is more than most bytes. It grows dst by
// hint at first, and by what has come later.
func drain(dst []byte, r io.Reader, hint, most int) ([]byte, error) {
	const least = 512
	from := len(dst)
	grow := min(max(hint, least), most) + 1 // the one more byte shows the end, or that there is too much
	for {
		if len(dst) == cap(dst) {
			dst = slices.Grow(dst, min(grow, most+1-(len(dst)-from)))
			grow = 2 * grow
		}
		room := min(cap(dst), from+most+1)
		n, err := r.Read(dst[len(dst):room])
		dst = dst[:len(dst)+n]
		switch {
		case len(dst)-from > most:
			return dst, errTooLarge
		case errors.Is(err, io.ErrUnexpectedEOF):
			return dst, err
		case errors.Is(err, io.EOF):
			return dst, nil
		case err != nil:
			return dst, plainError(err)
		}
	}
}

// plainError keeps a corrupt stream's place, which flate's error type would only print with its package's name.
func plainError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return &corruptError{int64(corrupt)}
	}
	return err
}
