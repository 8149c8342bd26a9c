package format

import (
	"encoding/binary"
	"math/bits"
)

// skipString reads eight bytes at a time: strings are most of a document.
func skipString(data []byte, i int) (int, error) {
	for i++; ; {
		for i+16 <= len(data) {
			a, b := binary.LittleEndian.Uint64(data[i:]), binary.LittleEndian.Uint64(data[i+8:])
			if specials(a)|specials(b) != 0 {
				break
			}
			i += 16
		}
		for i+8 <= len(data) {
			special := specials(binary.LittleEndian.Uint64(data[i:]))
			if special != 0 {
				i += bits.TrailingZeros64(special) / 8
				break
			}
			i += 8
		}
		if i >= len(data) {
			return i, fault(i, truncated)
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			n, err := skipEscape(data, i)
			if err != nil {
				return i, err
			}
			i = n
		case c < ' ':
			return i, fault(i, "a bare control character in a string")
		default:
			i++
		}
	}
}

// specials has the top bit of each byte set that is a quote, a backslash or below a space, up to the first such byte;
// the bits above that may be wrong, and are not looked at.
func specials(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & tops
}

func skipEscape(data []byte, i int) (int, error) {
	if i+1 >= len(data) {
		return i, fault(len(data), truncated)
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(data) {
				return i, fault(k, truncated)
			}
			if hexDigit(data[k]) < 0 {
				return i, fault(i, "a broken \\u escape")
			}
		}
		return i + 6, nil
	}
	return i, fault(i, "an unknown escape in a string")
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
