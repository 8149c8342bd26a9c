// Package bytescan finds the first byte that needs a look in text that has few of them: 32 bytes at a time where the processor
// has AVX2, eight elsewhere. It keeps nothing, and allocates nothing.
package bytescan

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// short is what is looked at in words before there are blocks: most strings end in it.
const short = 16

// Unquoted returns how many bytes p begins with that are no quote, no backslash and not below a space: what a JSON string may
// have as it is.
func Unquoted(p []byte) (n int) {
	if hasBlocks && len(p) >= short+32 {
		if n = unquotedWords(p[:short]); n < short {
			return n
		}
		n += unquotedBlocks(p[n:])
	}
	return n + unquotedWords(p[n:])
}

func unquotedWords(p []byte) (n int) {
	for ; n+8 <= len(p); n += 8 {
		if special := specials(binary.LittleEndian.Uint64(p[n:])); special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	for ; n < len(p); n++ {
		if c := p[n]; c == '"' || c == '\\' || c < ' ' {
			break
		}
	}
	return n
}

// specials has the top bit of each byte set that is a quote, a backslash or below a space, up to the first such byte;
// the bits above that may be wrong, and are not looked at.
func specials(w uint64) uint64 {
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & tops
}

// Printable returns how many bytes p begins with that are printable ASCII, 0x7f among them.
func Printable(p []byte) int {
	n := 0
	if hasBlocks && len(p) >= 32 {
		n = printableBlocks(p)
	}
	for ; n+8 <= len(p); n += 8 {
		// A borrow may set the top bit of bytes behind the first that is not printable, of none before it.
		w := binary.LittleEndian.Uint64(p[n:])
		if other := (w | (w - ones*' ')) & tops; other != 0 {
			return n + bits.TrailingZeros64(other)/8
		}
	}
	for ; n < len(p); n++ {
		if c := p[n]; c < ' ' || c >= 0x80 {
			break
		}
	}
	return n
}
