package avro

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"

	"github.com/kstream/kstream/pkg/format/packed"
)

// codec is how a file's blocks are packed.
type codec uint8

const (
	stored codec = iota
	deflated
	snappied
	zstandard
)

func codecOf(name []byte) (codec, error) {
	switch string(name) {
	case "", "null":
		return stored, nil
	case "deflate":
		return deflated, nil
	case "snappy":
		return snappied, nil
	case "zstandard":
		return zstandard, nil
	}
	return 0, errors.New("its codec is none of null, deflate, snappy and zstandard")
}

// unpack returns what a block holds, which may be most bytes.
func (c codec) unpack(block []byte, most int) (data []byte, err error) {
	// An Unpacker takes no limit for the usual one, and a block that unpacks to nothing is fine at any.
	u := packed.Unpacker{MaxBytes: max(1, most)}
	switch c {
	case deflated:
		data, err = inflate(block, most)
	case snappied:
		data, err = unsnap(u, block)
	case zstandard:
		data, err = u.As(packed.Zstd, nil, block)
	default:
		data = block
	}
	if err == nil && len(data) > most {
		err = errTooLarge
	}
	return data, err
}

var (
	errTooLarge = errors.New("the file unpacks to more bytes than it may")
	errSnappy   = errors.New("the block's checksum is wrong")
	errDeflate  = errors.New("the block is damaged, or not packed by deflate")
)

// unsnap unpacks a block in Snappy's bare form, which the checksum of what it holds stands behind.
func unsnap(u packed.Unpacker, block []byte) ([]byte, error) {
	n := len(block) - crc32.Size
	if n < 0 {
		return nil, errSnappy
	}
	data, err := u.As(packed.SnappyBlock, nil, block[:n])
	if err == nil && crc32.ChecksumIEEE(data) != binary.BigEndian.Uint32(block[n:]) {
		err = errSnappy
	}
	return data, err
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func inflate(block []byte, most int) ([]byte, error) {
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(block), nil); err != nil {
		return nil, errDeflate
	}
	var data bytes.Buffer
	n, err := data.ReadFrom(io.LimitReader(r, int64(most)+1))
	switch {
	case n > int64(most):
		return nil, errTooLarge
	case err != nil:
		return nil, errDeflate
	}
	return data.Bytes(), nil
}
