// Package packed unpacks compressed payloads. What a payload is packed with is told by its first bytes, so that nobody has
// to say it; what it may unpack to has a limit, which holds before the memory is spent.
package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kind is what a payload is packed with.
type Kind uint8

// The kinds of packing.
const (
	Plain Kind = iota // not packed
	Gzip              // RFC 1952, of one or several members
	Zstd              // RFC 8878, of one or several frames
	// Snappy is Snappy in frames: its own framing format, or that of snappy-java.
	Snappy
	// SnappyBlock is a bare Snappy block. It has no magic: Of and Unpack never take a payload for one.
	SnappyBlock
	LZ4  // LZ4 frames
	Zlib // RFC 1950
)

var names = [...]string{"plain", "gzip", "zstd", "snappy", "snappy block", "lz4", "zlib"}

// String returns the name that people know it by.
func (k Kind) String() string { return names[k] }

// DefaultMaxBytes is what a payload may unpack to unless something else is said: sixteen records of Kinesis' usual
// largest size.
const DefaultMaxBytes = 16 << 20

// TooLargeError says that a payload would unpack to more than it may.
type TooLargeError struct {
	Kind Kind
	Max  int // bytes
}

// Error returns the packing and the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the payload is %v and unpacks to more than the %d bytes that it may", e.Kind, e.Max)
}

// Unpacker unpacks payloads. It is a plain value that any number of goroutines may use at once.
type Unpacker struct {
	// MaxBytes is what a payload may unpack to; 0 is DefaultMaxBytes.
	MaxBytes int
}

// Of tells what the payload is packed with by its first bytes. Snappy blocks look like nothing in particular; Zlib is a
// guess, for its two bytes begin other payloads too.
func Of(payload []byte) Kind {
	if len(payload) < 4 {
		return Plain
	}
	switch binary.LittleEndian.Uint32(payload) {
	case zstdMagic:
		return Zstd
	case lz4Magic:
		return LZ4
	}
	switch payload[0] {
	case 0x1f: // then the method, deflate, and flags of which three bits must be zero
		if payload[1] == 0x8b && payload[2] == 8 && payload[3] < 0x20 {
			return Gzip
		}
	case snappyFramed[0], snappyJava[0]:
		if inSnappyFrames(payload) {
			return Snappy
		}
	case 0x78: // deflate with the window of 32 KiB; the header is a multiple of 31 and asks for no dictionary
		if binary.BigEndian.Uint16(payload)%31 == 0 && payload[1]&0x20 == 0 {
			return Zlib
		}
	}
	return Plain
}

// Unpack unpacks the payload by its magic. out is dst with the unpacked bytes behind what it held, but for a Plain payload,
// which costs a look at its first bytes and is returned itself. It never keeps payload or dst.
//
// An error is the payload's, a *TooLargeError where it unpacks to more than MaxBytes; out is dst then. A payload that
// merely begins as zlib does, and does not inflate, is Plain.
func (u Unpacker) Unpack(dst, payload []byte) (out []byte, kind Kind, err error) {
	switch kind = Of(payload); kind {
	case Plain:
		return payload, Plain, nil
	case Zlib:
		if out, err = u.As(kind, dst, payload); err != nil && isChance(payload, err) {
			return payload, Plain, nil
		}
		return out, kind, err
	}
	out, err = u.As(kind, dst, payload)
	return out, kind, err
}

// As is Unpack for a payload whose packing is known: one that is packed otherwise is an error. Of a Plain payload it
// appends a copy.
func (u Unpacker) As(kind Kind, dst, payload []byte) (out []byte, err error) {
	most := u.MaxBytes
	if most <= 0 {
		most = DefaultMaxBytes
	}
	from := len(dst)
	switch kind {
	case Plain:
		dst = append(dst, payload...)
		return dst, nil
	case Gzip:
		out, err = inflateGzip(dst, payload, most)
	case Zlib:
		out, err = inflateZlib(dst, payload, most)
	case Zstd:
		out, err = unpackZstd(dst, payload, most)
	case LZ4:
		out, err = unpackLZ4(dst, payload, most)
	case Snappy:
		out, err = unpackSnappy(dst, payload, most)
	case SnappyBlock:
		out, err = unpackBlock(dst, payload, most)
	}
	switch {
	case err == nil && len(out)-from <= most:
		return out, nil
	case err == nil || errors.Is(err, errTooLarge):
		err = &TooLargeError{kind, most}
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("the payload is %v and ends early, after %d bytes: %w", kind, len(payload), err)
	default:
		err = fmt.Errorf("the payload is %v and broken: %w", kind, err)
	}
	return dst, err
}

// errTooLarge is what an unpacker answers that has met the limit.
var errTooLarge = errors.New("too large")
