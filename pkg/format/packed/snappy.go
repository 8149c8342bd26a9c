package packed

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"
)

// The begins of framed Snappy: the framing format's stream identifier, and snappy-java's magic.
const (
	snappyFramed = "\xff\x06\x00\x00sNaPpY"
	snappyJava   = "\x82SNAPPY\x00"
	javaHeader   = len(snappyJava) + 8 // two versions follow the magic
)

// chunkMax is what a chunk of the framing format may unpack to (framing_format.txt, 4.2).
const chunkMax = 64 << 10

func inSnappyFrames(payload []byte) bool {
	begin := payload[:min(len(payload), len(snappyFramed))]
	return string(begin) == snappyFramed || strings.HasPrefix(string(begin), snappyJava)
}

func unpackSnappy(dst, payload []byte, most int) ([]byte, error) {
	if !inSnappyFrames(payload) {
		return dst, errors.New("it does not begin as framed snappy does")
	}
	if payload[0] == snappyJava[0] {
		return unpackJava(dst, payload, most)
	}
	from := len(dst)
	for at := 0; at < len(payload); {
		if len(payload)-at < 4 {
			return dst, io.ErrUnexpectedEOF
		}
		kind, size := payload[at], int(binary.LittleEndian.Uint32(payload[at:])>>8)
		if at += 4; len(payload)-at < size {
			return dst, io.ErrUnexpectedEOF
		}
		var err error
		if dst, err = appendChunk(dst, kind, payload[at:at+size], most-(len(dst)-from)); err != nil {
			return dst, placed(err, at-4)
		}
		at += size
	}
	return dst, nil
}

// appendChunk appends what a chunk of the framing format unpacks to.
func appendChunk(dst []byte, kind byte, chunk []byte, room int) ([]byte, error) {
	const (
		compressed, raw = 0x00, 0x01
		skippable       = 0x80 // and above: padding, other programs' chunks, and the identifier again
	)
	if kind >= skippable {
		return dst, nil
	}
	if kind > raw || len(chunk) < 4 {
		return dst, errBroken
	}
	from := len(dst)
	block := chunk[4:]
	if kind == compressed {
		var err error
		if dst, err = appendBlock(dst, block, min(room, chunkMax)); err != nil {
			if errors.Is(err, errTooLarge) && room > chunkMax {
				return dst, errBroken
			}
			return dst, err
		}
	} else {
		if len(block) > room {
			return dst, errTooLarge
		}
		dst = append(dst, block...)
	}
	if binary.LittleEndian.Uint32(chunk) != maskedCRC(dst[from:]) {
		return dst, errChecksum
	}
	return dst, nil
}

// maskedCRC is the framing format's checksum (framing_format.txt, 3).
func maskedCRC(p []byte) uint32 {
	c := crc32.Checksum(p, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// unpackJava unpacks snappy-java's framing: blocks, each behind its length.
func unpackJava(dst, payload []byte, most int) ([]byte, error) {
	from := len(dst)
	if len(payload) < javaHeader {
		return dst, io.ErrUnexpectedEOF
	}
	for at := javaHeader; at < len(payload); {
		if len(payload)-at < 4 {
			return dst, io.ErrUnexpectedEOF
		}
		size := binary.BigEndian.Uint32(payload[at:])
		if at += 4; uint64(len(payload)-at) < uint64(size) {
			return dst, io.ErrUnexpectedEOF
		}
		var err error
		if dst, err = appendBlock(dst, payload[at:at+int(size)], most-(len(dst)-from)); err != nil {
			return dst, placed(err, at)
		}
		at += int(size)
	}
	return dst, nil
}

func unpackBlock(dst, payload []byte, most int) ([]byte, error) {
	dst, err := appendBlock(dst, payload, most)
	return dst, placed(err, 0)
}

// What is wrong with a part of framed snappy. placed says where it is.
var (
	errBroken   = errors.New("a broken block")
	errChecksum = errors.New("a wrong checksum")
)

// appendBlock appends what a bare block unpacks to, which it says at its begin: that is held to what its bytes can make.
func appendBlock(dst, block []byte, most int) ([]byte, error) {
	const ratio = 22 // 64 bytes from the three of a copy
	size, err := s2.DecodedLen(block)
	switch {
	case err != nil || size > ratio*len(block):
		return dst, errBroken
	case size > most:
		return dst, errTooLarge
	}
	from := len(dst)
	dst = slices.Grow(dst, size)
	if _, err := s2.Decode(dst[from:from+size:from+size], block); err != nil {
		return dst, errBroken
	}
	return dst[:from+size], nil
}
