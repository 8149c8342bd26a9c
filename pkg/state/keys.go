package state

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

const (
	indexTable = 0xffff // the table id under which the index stands
	prefixLen  = 1 + 2 + 8
	indexLen   = 1 + 2 + 2 + 8
)

// appendPrefix appends what the keys of a bucket's entries of one group have in common.
func appendPrefix(dst []byte, group uint8, table uint16, at record.Millis) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, group), table)
	return binary.BigEndian.AppendUint64(dst, ordered(at))
}

// appendPrefixEnd appends the first key behind those with the same prefix: the prefix counted up by one.
func appendPrefixEnd(dst []byte, group uint8, table uint16, at record.Millis) []byte {
	if at != record.EndOfTime {
		return appendPrefix(dst, group, table, at+1)
	}
	return binary.BigEndian.AppendUint16(append(dst, group), table+1) // indexTable at most, which has no entries
}

func appendIndexKey(dst []byte, group uint8, table uint16, at record.Millis) []byte {
	return binary.BigEndian.AppendUint64(appendIndexOf(dst, group, table), ordered(at))
}

func appendIndexOf(dst []byte, group uint8, table uint16) []byte {
	dst = append(dst, group, indexTable>>8, indexTable&0xff)
	return binary.BigEndian.AppendUint16(dst, table)
}

// ordered maps times to numbers that sort as the times do, those before 1970 included.
func ordered(at record.Millis) uint64 { return uint64(at) ^ 1<<63 }

var errKey = errors.New("this is no key of the state")

// indexed is one record of the index.
type indexed struct {
	group  uint8
	table  uint16
	bucket record.Millis
	count  int64
}

func parseIndex(key, value []byte) (indexed, error) {
	if len(key) != indexLen || binary.BigEndian.Uint16(key[1:]) != indexTable {
		return indexed{}, errKey
	}
	count, n := binary.Uvarint(value)
	if n != len(value) || n <= 0 || count == 0 || count > 1<<40 {
		return indexed{}, fmt.Errorf("%d bytes are no number of keys", len(value))
	}
	return indexed{
		group:  key[0],
		table:  binary.BigEndian.Uint16(key[3:]),
		bucket: record.Millis(binary.BigEndian.Uint64(key[5:]) ^ 1<<63),
		count:  int64(count),
	}, nil
}

// eachIndexed calls f for the index of one key group, in order of table and bucket.
func eachIndexed(r Reader, group uint8, f func(indexed)) error {
	from := appendIndexOf(nil, group, 0)
	to := append(appendIndexOf(nil, group, 0xffff), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	it, err := r.Scan(from, to)
	if err != nil {
		return fmt.Errorf("reading the index of key group %d: %w", group, err)
	}
	for it.Next() {
		x, bad := parseIndex(it.Key(), it.Value())
		if bad != nil {
			err = fmt.Errorf("the index is damaged: %w", bad)
			break
		}
		f(x)
	}
	if err := errors.Join(err, it.Close()); err != nil {
		return fmt.Errorf("reading the index of key group %d: %w", group, err)
	}
	return nil
}
