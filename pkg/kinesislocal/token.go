package kinesislocal

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"time"
)

// How long what a client is given to come back with is good for.
const (
	iteratorLife = 5 * time.Minute
	tokenLife    = 300 * time.Second
)

// Iterators and tokens are self-contained: the server remembers none. They begin as the service's do and end in a check.
const tokenVersion = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// iterator is a place in a shard that a client may read from.
type iterator struct {
	stream  string
	created millis // of the stream: one made anew under its name has other shards
	shard   int
	index   uint64 // of the record that comes next
	issued  millis
}

func (it iterator) String() string {
	b := binary.BigEndian.AppendUint64(nil, tokenVersion)
	b = append(b, 'i')
	b = binary.AppendVarint(b, int64(it.created))
	b = binary.AppendUvarint(b, uint64(it.shard))
	b = binary.AppendUvarint(b, it.index)
	b = binary.AppendVarint(b, int64(it.issued))
	return seal(append(b, it.stream...))
}

// parseIterator reads what String wrote; ok is false for anything else.
func parseIterator(text string) (it iterator, ok bool) {
	r, ok := unseal(text, 'i')
	if !ok {
		return it, false
	}
	it.created, it.shard = millis(r.varint()), int(r.uvarint())
	it.index, it.issued = r.uvarint(), millis(r.varint())
	it.stream = string(r.rest)
	return it, !r.bad && it.stream != ""
}

// cursor is the place in a listing of shards that a next page begins at.
type cursor struct {
	stream  string
	created millis
	filter  shardFilter
	after   int // the number of the last shard given
	issued  millis
}

func (c cursor) String() string {
	b := binary.BigEndian.AppendUint64(nil, tokenVersion)
	b = append(b, 'c', byte(c.filter.kind))
	b = binary.AppendVarint(b, int64(c.created))
	b = binary.AppendVarint(b, int64(c.filter.after))
	b = binary.AppendVarint(b, int64(c.filter.at))
	b = binary.AppendVarint(b, int64(c.after))
	b = binary.AppendVarint(b, int64(c.issued))
	return seal(append(b, c.stream...))
}

// parseCursor reads what String wrote; ok is false for anything else.
func parseCursor(text string) (c cursor, ok bool) {
	r, ok := unseal(text, 'c')
	if !ok || len(r.rest) == 0 {
		return c, false
	}
	c.filter.kind = filterKind(r.rest[0])
	r.rest = r.rest[1:]
	c.created, c.filter.after = millis(r.varint()), int(r.varint())
	c.filter.at, c.after, c.issued = millis(r.varint()), int(r.varint()), millis(r.varint())
	c.stream = string(r.rest)
	return c, !r.bad && c.stream != ""
}

func seal(b []byte) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)))
}

func unseal(text string, kind byte) (r fields, ok bool) {
	const head, check = 9, 4
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) < head+check {
		return r, false
	}
	body := b[:len(b)-check]
	if binary.BigEndian.Uint32(b[len(body):]) != crc32.Checksum(body, castagnoli) ||
		binary.BigEndian.Uint64(body) != tokenVersion || body[8] != kind {
		return r, false
	}
	return fields{rest: body[head:]}, true
}

// fields reads numbers off the front of rest; bad once one was not there.
type fields struct {
	rest []byte
	bad  bool
}

func (f *fields) varint() int64 {
	v, n := binary.Varint(f.rest)
	f.skip(n)
	return v
}

func (f *fields) uvarint() uint64 {
	v, n := binary.Uvarint(f.rest)
	f.skip(n)
	return v
}

func (f *fields) skip(n int) {
	if n <= 0 {
		f.bad, n = true, 0
	}
	f.rest = f.rest[n:]
}
