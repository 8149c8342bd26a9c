package packed

import (
	"errors"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const zstdMagic = 0xfd2fb528

// zstds are decoders that never make room themselves: they have what unpackZstd has counted, and no more.
var zstds = sync.Pool{New: func() any {
	// The window costs nothing here, as the output itself is the history. 1<<31 is what zstd --ultra --long=31 makes.
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(1<<31))
	if err != nil {
		panic(err) // constant options
	}
	return d
}}

func unpackZstd(dst, payload []byte, most int) ([]byte, error) {
	size, err := zstdBound(payload, most)
	if err != nil {
		return dst, err
	}
	const over = 16 // what the decoder wants behind a block for its fast path
	from := len(dst)
	room := min(size, most) + over
	dst = slices.Grow(dst, room)
	d := zstds.Get().(*zstd.Decoder)
	defer zstds.Put(d)
	out, err := d.DecodeAll(payload, dst[:from:from+room])
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded) && size > most:
		return dst, errTooLarge
	case err != nil:
		return dst, early(err)
	}
	return out, nil
}

// zstdBound walks through the payload's frames and blocks, whose headers are not compressed, and returns what they unpack
// to at most: what a frame's header says is held to what its blocks can hold. It is errTooLarge where a frame says more
// than most itself.
func zstdBound(payload []byte, most int) (int, error) {
	total := 0
	for at := 0; at < len(payload); {
		var h zstd.Header
		if err := h.Decode(payload[at:]); err != nil {
			return 0, early(err)
		}
		if at += h.HeaderSize; h.Skippable {
			if uint64(len(payload)-at) < uint64(h.SkippableSize) {
				return 0, io.ErrUnexpectedEOF
			}
			at += int(h.SkippableSize)
			continue
		}
		blocks, end, err := zstdBlocks(payload, at)
		if err != nil {
			return 0, err
		}
		if at = end; h.HasCheckSum {
			at += 4
		}
		switch {
		case at > len(payload):
			return 0, io.ErrUnexpectedEOF
		case h.HasFCS && h.FrameContentSize > uint64(most):
			return 0, errTooLarge
		case h.HasFCS && h.FrameContentSize > uint64(blocks):
			return 0, errors.New("its frame says more bytes than its blocks can hold")
		case h.HasFCS:
			blocks = int(h.FrameContentSize)
		}
		total += min(blocks, math.MaxInt32)
	}
	return total, nil
}

// zstdBlocks returns what the blocks from payload[at] on can unpack to, and where the last one ends.
func zstdBlocks(payload []byte, at int) (bound, end int, err error) {
	const (
		raw, rle, reserved = 0, 1, 3
		largest            = 128 << 10 // RFC 8878, 3.1.1.2.4
	)
	for last := false; !last; {
		if len(payload)-at < 3 {
			return 0, 0, io.ErrUnexpectedEOF
		}
		head := int(payload[at]) | int(payload[at+1])<<8 | int(payload[at+2])<<16
		at += 3
		last = head&1 != 0
		kind, size := head>>1&3, head>>3
		if size > largest || kind == reserved {
			return 0, 0, corruptAt(at - 3)
		}
		stored := size
		switch kind {
		case raw:
			bound += size
		case rle:
			bound, stored = bound+size, 1
		default:
			bound += largest
		}
		if len(payload)-at < stored {
			return 0, 0, io.ErrUnexpectedEOF
		}
		at += stored
	}
	return bound, at, nil
}
