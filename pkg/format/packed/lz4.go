package packed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"github.com/pierrec/lz4/v4"
)

const lz4Magic = 0x184d2204

// lz4Reader is a decoder with what it reads from, kept for the next payload.
type lz4Reader struct {
	in  bytes.Reader
	out *lz4.Reader
}

var lz4s = sync.Pool{New: func() any { return &lz4Reader{out: lz4.NewReader(nil)} }}

func unpackLZ4(dst, payload []byte, most int) ([]byte, error) {
	size, err := lz4Hint(payload, most)
	if err != nil {
		return dst, err
	}
	z := lz4s.Get().(*lz4Reader)
	z.in.Reset(payload)
	z.out.Reset(&z.in)
	out, err := drain(dst, z.out, size, most)
	left := z.in.Len()
	z.in.Reset(nil)
	z.out.Reset(nil) // gives its block back
	lz4s.Put(z)
	switch {
	case err == nil:
		return out, nil
	case errors.Is(err, errTooLarge):
		return dst, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return dst, io.ErrUnexpectedEOF
	}
	return dst, placed(errors.New("a broken block or header"), len(payload)-left)
}

// lz4Hint returns where growing begins: the content's size where the frame says it, held to what its blocks can make.
func lz4Hint(payload []byte, most int) (int, error) {
	const (
		hasSize = 1 << 3 // in the flags
		ratio   = 255    // of a match's length byte
	)
	if len(payload) < 7 { // magic, flags, block size, checksum
		return 0, io.ErrUnexpectedEOF
	}
	if payload[4]&hasSize == 0 || len(payload) < 14 {
		return min(4*len(payload), most), nil
	}
	size := binary.LittleEndian.Uint64(payload[6:])
	if size > uint64(most) {
		return 0, errTooLarge
	}
	return int(min(size, uint64(ratio*len(payload)))), nil
}
