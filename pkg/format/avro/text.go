package avro

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// dashes are where a UUID's groups of hexadecimal digits begin, in bytes.
var dashes = [...]int{0, 4, 6, 8, 10, 16}

func appendUUID(dst, id []byte) []byte {
	if len(id) != 16 {
		return dst
	}
	for i, from := range dashes[:len(dashes)-1] {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, id[from:dashes[i+1]])
	}
	return dst
}

// parseUUID appends the 16 bytes of a UUID in text.
func parseUUID(dst, text []byte) (_ []byte, ok bool) {
	if len(text) != 36 {
		return dst, false
	}
	for i, from := range dashes[:len(dashes)-1] {
		at := 2*from + i
		if i > 0 && text[at-1] != '-' {
			return dst, false
		}
		var err error
		if dst, err = hex.AppendDecode(dst, text[at:at+2*(dashes[i+1]-from)]); err != nil {
			return dst, false
		}
	}
	return dst, true
}

// appendDuration appends months, days and milliseconds, which are three numbers of 32 bits, as ISO 8601 has them: P1M2DT3.5S.
func appendDuration(dst, v []byte) []byte {
	months, days, millis := binary.LittleEndian.Uint32(v), binary.LittleEndian.Uint32(v[4:]), binary.LittleEndian.Uint32(v[8:])
	dst = append(dst, 'P')
	if months > 0 {
		dst = append(strconv.AppendUint(dst, uint64(months), 10), 'M')
	}
	if days > 0 {
		dst = append(strconv.AppendUint(dst, uint64(days), 10), 'D')
	}
	if millis == 0 && months|days > 0 {
		return dst
	}
	dst = strconv.AppendUint(append(dst, 'T'), uint64(millis/1000), 10)
	if rest := millis % 1000; rest > 0 {
		dst = append(dst, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
		dst = bytes.TrimRight(dst, "0")
	}
	return append(dst, 'S')
}
