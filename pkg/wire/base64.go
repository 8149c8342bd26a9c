package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
)

// Base64 by tables: a character's six bits stand where they go in the three bytes of its group of four, so that a group
// is four loads and three ors. A character that is none sets bits above them.
var sextets = tabulate()

const notSextet = 0xff << 24

func tabulate() (t [4][256]uint32) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range t {
		for c := range t[i] {
			t[i][c] = notSextet
		}
		for bits, c := range []byte(alphabet) {
			t[i][c] = uint32(bits) << (18 - 6*i)
		}
	}
	return t
}

// decodeBase64 decodes text in place and returns the part of it that has the bytes. On an error nothing of it is right.
// It takes what the standard library does, but for ends of line, which no JSON string has.
func decodeBase64(text []byte) ([]byte, error) {
	if hasBlocks {
		return decodeRest(text, decodeBlocks(text))
	}
	return decodeRest(text, 0)
}

// decodeRest goes on behind the first from characters, a multiple of four that has been decoded.
func decodeRest(text []byte, from int) ([]byte, error) {
	to := from / 4 * 3
	for len(text)-from >= 8 {
		in := text[from : from+8 : from+8]
		first := sextets[0][in[0]] | sextets[1][in[1]] | sextets[2][in[2]] | sextets[3][in[3]]
		second := sextets[0][in[4]] | sextets[1][in[5]] | sextets[2][in[6]] | sextets[3][in[7]]
		if (first|second)&notSextet != 0 {
			break // the padding, or what is wrong
		}
		// Eight bytes are written where six count: to is never ahead of from, so that the two were read before.
		binary.BigEndian.PutUint64(text[to:], uint64(first)<<40|uint64(second)<<16)
		from, to = from+8, to+6
	}
	rest := text[from:]
	if i := bytes.IndexAny(rest, "\r\n"); i >= 0 {
		return nil, base64.CorruptInputError(from + i)
	}
	n, err := base64.StdEncoding.Decode(text[to:], rest)
	return text[: to+n : to+n], err
}
