package state

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/kstream/kstream/pkg/record"
)

// Place is where an entry lies: what a key of the state says, for tools that look into it.
type Place struct {
	Group  uint8
	Table  uint16
	Bucket record.Millis
	Key    []byte // the entry's own; the key's bytes
}

// ParseKey takes an entry's key apart.
func ParseKey(key []byte) (Place, error) {
	if len(key) < prefixLen || binary.BigEndian.Uint16(key[1:]) == indexTable {
		return Place{}, errKey
	}
	return Place{
		Group:  key[0],
		Table:  binary.BigEndian.Uint16(key[1:]),
		Bucket: record.Millis(binary.BigEndian.Uint64(key[3:]) ^ 1<<63),
		Key:    key[prefixLen:],
	}, nil
}

// All returns the bounds of all keys of all tasks: what a Reader is scanned with, and what is deleted, for all of it.
func All() (from, to []byte) { return nil, bytes.Repeat([]byte{0xff}, indexLen+1) }

// Held is what a bucket of a table holds, over all key groups.
type Held struct {
	Table  uint16
	Bucket record.Millis
	Keys   int64
}

// Inspect returns what r holds, by table and bucket, in order. It reads the index and no entry.
func Inspect(r Reader) ([]Held, error) {
	type at struct {
		table  uint16
		bucket record.Millis
	}
	keys := map[at]int64{}
	for group := range record.Groups {
		err := eachIndexed(r, uint8(group), func(x indexed) { keys[at{x.table, x.bucket}] += x.count })
		if err != nil {
			return nil, err
		}
	}
	held := make([]Held, 0, len(keys))
	for p, n := range keys {
		held = append(held, Held{p.table, p.bucket, n})
	}
	slices.SortFunc(held, func(a, b Held) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Bucket, b.Bucket))
	})
	return held, nil
}
